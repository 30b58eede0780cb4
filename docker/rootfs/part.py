"""What the supervisor keeps alive: one process, how to tell that it is ready, how to stop it."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class NotReadyError(Exception):
    """The process does not answer yet."""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """One server or program.

    `check` runs in a thread, again and again, and raises NotReadyError until the process answers; it may
    complete what a start needs, such as a database's bootstrap. Times are in seconds.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    where: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[], None] = _nothing
    ready_within: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 15.0
