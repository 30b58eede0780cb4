"""A small disk of its own for each core: a tmpfs that can be filled to the last byte."""

import errno
import os
import subprocess
from pathlib import Path

_SIZE = "48m"
_LAST_BLOCKS = (1 << 20, 4096)


class Disk:
    """A folder that is a file system of its own, where this user may mount one; else just a folder."""

    def __init__(self, folder: Path) -> None:
        """Nothing is mounted before `mount`."""
        self.folder = folder
        self.is_bounded = False
        self._ballast = folder / "ballast"

    def mount(self) -> None:
        """Make the folder, and mount it."""
        self.folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=0700", "tmpfs", str(self.folder)]
        self.is_bounded = os.geteuid() == 0 and _runs(command)

    def fill(self) -> str:
        """Write until nothing more fits; return what shows it."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for block in _LAST_BLOCKS:
                try:
                    while True:
                        ballast.write(bytes(block))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
        return f"ENOSPC after {self._ballast.stat().st_size >> 10} kB"

    def relieve(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)

    def remove(self) -> None:
        """Unmount it."""
        if self.is_bounded:
            _runs(["umount", "--lazy", str(self.folder)])


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603
    except FileNotFoundError:
        return False
