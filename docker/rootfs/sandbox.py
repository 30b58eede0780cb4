"""Command lines that run a program in a sandbox whose processes die together, whatever kills the supervisor.

A server sees the root filesystem read-only and its own state folder; a program of ours sees the machine as it
is. Both are the first process of a PID namespace, so that the kernel ends every child with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A group of its own, or the terminal's Ctrl-C would reach the servers before we stop them in order.
_OWN_GROUP = ("setsid",)
_DIE_TOGETHER = ("--die-with-parent", "--unshare-pid", "--as-pid-1")

INFO_FD = 3
"""The file descriptor on which bwrap says, as JSON, the host's PID of what it started."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A folder of the machine, as the sandbox sees it."""

    source: Path
    target: str
    writable: bool = False

    def options(self) -> tuple[str, str, str]:
        return ("--bind" if self.writable else "--ro-bind", str(self.source), self.target)


def in_rootfs(
    root: Path, argv: Sequence[str], *, user: str, binds: Sequence[Bind], told: bool = True
) -> list[str]:
    """Command that runs `argv` inside the root filesystem as `user`; `told`: bwrap reports on `INFO_FD`.

    Files that it makes belong, outside, to whoever calls: a user namespace maps that one identity to `user`.
    """
    uid, gid = _identity(root, user)
    return [
        *_OWN_GROUP,
        "bwrap",
        *_DIE_TOGETHER,
        *(("--info-fd", str(INFO_FD)) if told else ()),
        *("--unshare-user", "--uid", uid, "--gid", gid, "--unshare-ipc"),
        *("--ro-bind", str(root), "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", "/tmp", "--tmpfs", "/run", "--tmpfs", "/var/tmp", "--tmpfs", "/srv"),  # noqa: S108
        *(word for bind in binds for word in bind.options()),
        *("--setenv", "HOME", "/srv", "--chdir", "/srv", "--"),
        *argv,
    ]


def on_machine(argv: Sequence[str], *, told: bool = True) -> list[str]:
    """Command that runs `argv` on the machine itself, in a PID namespace only; `told`: as above."""
    return [
        *_OWN_GROUP,
        "bwrap",
        *_DIE_TOGETHER,
        *(("--info-fd", str(INFO_FD)) if told else ()),
        *("--dev-bind", "/", "/", "--proc", "/proc", "--"),
        *argv,
    ]


def _identity(root: Path, user: str) -> tuple[str, str]:
    for line in (root / "etc/passwd").read_text().splitlines():
        name, _, uid, gid, *_ = line.split(":")
        if name == user:
            return uid, gid
    raise LookupError(f"the root filesystem has no user {user}")
