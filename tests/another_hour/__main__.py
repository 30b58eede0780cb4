"""The command line: see the package."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from docker.rootfs.build import build_rootfs
from homecare.kernel.calendar import PARIS

SOURCE = Path(__file__).with_name("shift.c")
LIBRARY = "ponctuel-shift.so"
SERVERS_FOLDER = "usr/local/lib"
"""Where the servers, which see their own root filesystem alone, find the library."""


def main(hour: str, arguments: list[str]) -> int:
    """Run pytest with the arguments as if it were this hour in Paris; return how it ended."""
    rootfs = build_rootfs()
    shift = datetime.fromisoformat(hour).replace(tzinfo=PARIS) - datetime.now(UTC)
    # Beside the cache: its files are linked, not copied, which takes a second instead of a minute.
    with tempfile.TemporaryDirectory(prefix="another-hour-", dir=rootfs.parent.parent) as own:
        copy = Path(own) / rootfs.parent.name / rootfs.name
        shutil.copytree(rootfs, copy, symlinks=True, copy_function=os.link)
        library = Path(own) / LIBRARY
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True)  # noqa: S603 - our own program
        shutil.copy(library, copy / "root" / SERVERS_FOLDER)
        environment = os.environ | {
            "XDG_CACHE_HOME": own,
            "LD_LIBRARY_PATH": f"{own}:/{SERVERS_FOLDER}",
            "LD_PRELOAD": LIBRARY,
            "SHIFT_SECONDS": str(int(shift.total_seconds())),
        }
        tests = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(tests, env=environment, check=False).returncode  # noqa: S603 - as above


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
