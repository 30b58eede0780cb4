"""What to send to the core, and when: every waiting punch, again and again until the core acknowledges it.

Owned by one thread. It keeps no time of its own: `now` is in seconds of a clock that never jumps.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from mqtt_bridge.wire import Ack, AckStatus
from spool.errors import NoEntryError
from spool.spool import Entry, Spool

WINDOW = 100
TAKEN = frozenset({AckStatus.STORED, AckStatus.DUPLICATE})
FIRST_RESEND_SECONDS, LONGEST_RESEND_SECONDS = 2.0, 60.0


@dataclass(slots=True)
class _Flight:
    entry: Entry
    due_at: float
    sent: int = 0


class Courier:
    """Sends the oldest waiting punches, at most `window` unacknowledged ones at a time."""

    def __init__(
        self,
        spool: Spool,
        *,
        send: Callable[[bytes], None],
        spread: Callable[[], float],
        window: int = WINDOW,
    ) -> None:
        """`send` publishes a payload; `spread` draws the factor that keeps devices from speaking at once."""
        self._spool = spool
        self._send = send
        self._spread = spread
        self._window = window
        self._flights: dict[str, _Flight] = {}
        self._last_position = 0

    def send_due(self, *, now: float) -> float | None:
        """Send what is due. Return the seconds until something is due again, None when nothing waits."""
        self._take_off(now)
        for flight in self._flights.values():
            if flight.due_at <= now:
                self._send(flight.entry.body)
                flight.sent += 1
                flight.due_at = now + resend_after(flight.sent) * self._spread()
        if not self._flights:
            return None
        return max(0.0, min(flight.due_at for flight in self._flights.values()) - now)

    def start_over(self, *, now: float) -> None:
        """Make everything due: the connection is new, and what was sent on the old one may be lost."""
        for flight in self._flights.values():
            flight.due_at, flight.sent = now, 0

    def settle(self, acks: Sequence[Ack], *, now: datetime) -> None:
        """Take the core's final answers: these punches wait no longer; one not taken leaves its trace.

        An answer to what waits no longer (the answer to a resend) changes nothing.
        """
        for ack in acks:
            self._flights.pop(ack.ref or "", None)
        self._spool.ack(ack.ref for ack in acks if ack.ref and ack.status in TAKEN)
        for ack in acks:
            if ack.ref and ack.status not in TAKEN:
                with suppress(NoEntryError):
                    reason = f"{ack.status}: {ack.reason or '-'}"
                    self._spool.set_aside(ack.ref, reason=reason, now=now)

    def _take_off(self, now: float) -> None:
        room = self._window - len(self._flights)
        if room <= 0:
            return
        for entry in self._spool.peek(room, after=self._last_position):
            self._flights[entry.key] = _Flight(entry, due_at=now)
            self._last_position = entry.position


def resend_after(sent: int) -> float:
    """Return how many seconds after the `sent`-th sending a punch is sent again: 2, 4, 8… at most 60."""
    return float(min(LONGEST_RESEND_SECONDS, FIRST_RESEND_SECONDS * 2 ** min(sent - 1, 10)))
