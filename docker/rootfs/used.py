"""Which root filesystems of the cache are in use, and the end of those that nobody uses any more.

Each package list has its own: without this, every change of the list would leave half a gigabyte behind.
Who uses one holds a lock on its folder; its last use is the folder's time. Standard library alone, as for
building.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from docker.rootfs.build import build_rootfs

KEPT_UNUSED = timedelta(days=30)


@contextmanager
def use_rootfs() -> Iterator[Path]:
    """Build the root filesystem unless it is there, and keep it from being removed. Yields its folder.

    The kernel lets go of it however we end.
    """
    rootfs, folder = _take()
    try:
        os.utime(rootfs)
        yield rootfs
        os.utime(rootfs)  # a system may run for months
    finally:
        os.close(folder)


def _take() -> tuple[Path, int]:
    while True:
        rootfs = build_rootfs()
        try:
            folder = os.open(rootfs, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue  # just removed
        fcntl.flock(folder, fcntl.LOCK_SH)
        if rootfs.exists() and os.path.samestat(os.fstat(folder), rootfs.stat()):
            return rootfs, folder
        os.close(folder)  # it was removed while we waited for the lock


def remove_unused(own: Path, *, now: float) -> None:
    """Remove what was kept beside `own` for other package lists and was not used for `KEPT_UNUSED`.

    `now` in epoch seconds. Never one in use; what cannot be removed is left for the next time.
    """
    for path in own.parent.glob("rootfs-*"):
        is_own = path.name.partition(".")[0] == own.name
        if not is_own and now - path.lstat().st_mtime > KEPT_UNUSED.total_seconds():
            _remove(path)


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        doomed = path.with_suffix(".removing")
        path.rename(doomed)  # at once: nobody finds half of one
        shutil.rmtree(doomed, ignore_errors=True)
    except BlockingIOError:
        return  # in use
    finally:
        os.close(folder)
