"""The second voice of the telephone, espeak-ng, as a command of the root filesystem."""

import shlex
from pathlib import Path


def espeak_command(root: Path) -> str:
    """Return the words that run espeak-ng, as one shell-quoted line: it reads a pipe and writes one.

    Programs run it from inside their own sandbox, where no `/proc` can be mounted again: it has none.
    """
    sandbox = ("bwrap", "--die-with-parent", "--unshare-user", "--unshare-net", "--ro-bind", str(root), "/")
    return shlex.join([*sandbox, "--dev", "/dev", "--tmpfs", "/tmp", "--", "espeak-ng"])  # noqa: S108
