"""One day at a time: whoever plays holds a lock; the demonstration's own player gives way to one by hand."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK, _REQUEST = "day.lock", "day.yield"
_WITHIN_SECONDS = 30.0


class BusyError(Exception):
    """Somebody else is playing a day on this system; the message is for the person at the terminal."""


class Turn:
    """The right to play, as long as nobody by hand asks for it."""

    def __init__(self, state: Path, *, gives_way: bool) -> None:
        """`gives_way`: whether somebody who plays by hand may take over."""
        self._request = state / _REQUEST
        self._gives_way = gives_way

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the turn, and we give way."""
        return self._gives_way and self._request.exists()


@contextmanager
def take_turn(state: Path, *, gives_way: bool) -> Iterator[Turn]:
    """Hold the right to play on the system of this state folder. Raises `BusyError`."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / _LOCK).open("a+") as lock:
        _acquire(lock.fileno(), state / _REQUEST, patient=not gives_way)
        yield Turn(state, gives_way=gives_way)


def _acquire(lock: int, request: Path, *, patient: bool) -> None:
    until = time.monotonic() + (_WITHIN_SECONDS if patient else 0.0)
    try:
        while not _try(lock):
            if time.monotonic() >= until:
                raise BusyError("Une journée est déjà en train d’être jouée sur ce système.")
            request.touch()
            time.sleep(0.2)
    finally:
        request.unlink(missing_ok=True)


def _try(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
