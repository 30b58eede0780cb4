"""One system a state folder: the lock that a running `up` holds."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyUpError(Exception):
    """Another `up` runs on the state folder."""


@contextmanager
def hold_state(state: Path) -> Iterator[None]:
    """Hold the state folder; the kernel lets go of it however we end. Raises AlreadyUpError if it is held."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            raise AlreadyUpError(f"{state} is in use by process {holder}; `make stop` ends it") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_held(state: Path) -> bool:
    """Whether an `up` runs on the state folder."""
    if not state.exists():
        return False
    try:
        with hold_state(state):
            return False
    except AlreadyUpError:
        return True
