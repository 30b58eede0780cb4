"""What the start of a demonstration spends its time on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Phases:
    """Seconds by phase, told while they run and as a table afterwards."""

    def __init__(self, say: Callable[[str], None], *, started: float | None) -> None:
        """`started`: when it all began (epoch seconds), if before this program: set-up is then a phase."""
        self._say = say
        self._began = time.time() if started is None else started
        self._spent: list[tuple[str, float]] = []
        if started is not None:
            self._spent.append(("préparation (make)", time.time() - started))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        self._say(f"— {name}…")
        began = time.monotonic()
        yield
        self._spent.append((name, time.monotonic() - began))

    def table(self) -> str:
        """Return the phases that are over, and the seconds since the beginning."""
        lines = [f"{seconds:8.1f} s  {name}" for name, seconds in self._spent]
        return "\n".join([*lines, f"{time.time() - self._began:8.1f} s  en tout, premier pointage compris"])
