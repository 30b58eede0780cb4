"""What Ctrl-C does: it asks a day that is played to end, and breaks off what is still being prepared."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """`over` is set by the first Ctrl-C or SIGTERM; whoever plays looks at it."""

    def __init__(self) -> None:
        """Take both signals over, from the main thread."""
        self.over = threading.Event()
        self._breaks_off = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """Let a signal raise KeyboardInterrupt inside: transactions are rolled back, nothing is half made."""
        try:
            self._breaks_off = True
            if self.over.is_set():
                raise KeyboardInterrupt
            yield
        finally:
            self._breaks_off = False

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.over.set()
        if self._breaks_off:
            self._breaks_off = False  # a second one does not break off the clearing up
            raise KeyboardInterrupt
