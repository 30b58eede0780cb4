"""What was done, gesture by gesture, and what came back. Written by many threads, read at the end."""

import threading
from dataclasses import dataclass, field

from simulators.day.model import Gesture


@dataclass(frozen=True, slots=True)
class Sent:
    """One punch that was made. Instants are epoch seconds of this machine.

    `reference` is its identity in its channel as far as the outside knows it: a telephone call has none.
    `made_at`: the instant that has to be stored. `sent_at`: from here the live board is timed. `answer`:
    what the outside was told: `stored`, `duplicate`, `kept`, `conflict`, `refused`, or None when nothing
    was heard.
    """

    gesture: Gesture
    made_at: float
    sent_at: float
    answer: str | None
    reference: str | None = None


@dataclass(slots=True)
class Ledger:
    """All that was sent, and the gestures that could not be made at all, with the reason."""

    sent: list[Sent] = field(default_factory=list)
    failed: list[tuple[Gesture, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sent: Sent) -> None:
        """Remember a punch."""
        with self._lock:
            self.sent.append(sent)

    def note_failure(self, gesture: Gesture, reason: str) -> None:
        """Remember a gesture that nobody took."""
        with self._lock:
            self.failed.append((gesture, reason))

    @property
    def counts(self) -> tuple[int, int]:
        """How many were sent, and how many of them have an answer."""
        with self._lock:
            return len(self.sent), sum(one.answer is not None for one in self.sent)
