"""Runs SIPp: the machine's own when there is one, else that of the servers' root filesystem."""

import functools
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class NoSippError(Exception):
    """Neither the machine nor the root filesystem has SIPp."""


def run_sipp(folder: Path, options: Sequence[str], *, seconds: float) -> None:
    """Run SIPp in `folder` until it ends or `seconds` are over. What came of it is in its message trace."""
    command = [*sipp_command(folder), *options]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return


def sipp_command(folder: Path) -> list[str]:
    """Return the words that start SIPp in `folder`, which it sees as its working folder."""
    own = shutil.which("sipp")
    if own is not None:
        return [own]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSippError("neither sipp nor bwrap is installed")
    return [
        *(bwrap, "--die-with-parent", "--unshare-user", "--unshare-pid", "--ro-bind", str(_root()), "/"),
        *("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--bind", str(folder), "/srv"),  # noqa: S108
        *("--chdir", "/srv", "--", "sipp"),
    ]


@functools.cache
def _root() -> Path:
    """Ask the builder of the root filesystem, as anybody would from a terminal."""
    asked = [sys.executable, "-m", "docker.rootfs", "where"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    root = Path(found.stdout.strip()) / "root"
    if found.returncode != 0 or not (root / "usr/bin/sipp").exists():
        raise NoSippError("no root filesystem: python -m docker.rootfs build")
    return root
