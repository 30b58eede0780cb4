"""The one clock. Nothing else asks what time it is.

Every source (telephone, tag, phone, box) claims *real* time, and the core converts the claim by `Clock.at`,
which is the identity outside the demonstration. In a demonstration a row of the database gives the origin
and the speed, so that a morning can be played in six minutes and every program agrees on the hour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

from homecare.kernel.calendar import PARIS, day_bounds, paris_day, paris_instant

__all__ = [
    "PARIS",
    "Clock",
    "Pace",
    "day_bounds",
    "paris_day",
    "paris_instant",
    "read_pace",
    "system_now",
    "write_pace",
]


@dataclass(frozen=True, slots=True)
class Pace:
    """How shown time runs: at `origin_real` it was `origin_shown`; since then it runs `speed` times."""

    origin_real: datetime
    origin_shown: datetime
    speed: float

    def at(self, real: datetime) -> datetime:
        """Return the shown instant of a real one."""
        return self.origin_shown + (real - self.origin_real) * self.speed

    def real(self, shown: datetime) -> datetime:
        """Return the real instant at which `shown` is, or was, shown."""
        return self.origin_real + (shown - self.origin_shown) / self.speed


def system_now() -> datetime:
    """Return the machine's own time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """The agency's time: the machine's own, or the demonstration's when a pace has been set."""

    def __init__(self, real_now: Callable[[], datetime] = system_now, pace: Pace | None = None) -> None:
        """Take the source of real time and, in a demonstration, its pace."""
        self._real_now = real_now
        self._pace = pace

    @property
    def pace(self) -> Pace | None:
        """The demonstration's pace, None outside one."""
        return self._pace

    def set_pace(self, pace: Pace | None) -> None:
        """Follow another pace from now on."""
        self._pace = pace

    def real_now(self) -> datetime:
        """Return the machine's present instant: what sources claim in, before `at`."""
        return self._real_now()

    def now(self) -> datetime:
        """Return the agency's present instant, aware, in UTC."""
        return self.at(self._real_now())

    def at(self, real: datetime) -> datetime:
        """Return the agency's instant of a real one: the same outside a demonstration."""
        return real if self._pace is None else self._pace.at(real)

    def real_seconds_until(self, instant: datetime) -> float:
        """Return how many real seconds remain before the agency's clock shows `instant` (negative: past)."""
        real = instant if self._pace is None else self._pace.real(instant)
        return (real - self._real_now()).total_seconds()


PACE_SQL: LiteralString = "SELECT origin_real, origin_shown, speed FROM demo_clock"


def read_pace(conn: psycopg.Connection) -> Pace | None:
    """Read the demonstration's pace. None when no demonstration was started in this database."""
    row = conn.execute(PACE_SQL).fetchone()
    return None if row is None else Pace(row[0], row[1], float(row[2]))


def write_pace(conn: psycopg.Connection, pace: Pace) -> None:
    """Set the demonstration's pace, tell every program. The database refuses it outside a demonstration."""
    conn.execute(
        """INSERT INTO demo_clock (only_row, origin_real, origin_shown, speed)
           VALUES (true, %s, %s, %s)
           ON CONFLICT (only_row) DO UPDATE
           SET origin_real = excluded.origin_real, origin_shown = excluded.origin_shown,
               speed = excluded.speed""",
        (pace.origin_real, pace.origin_shown, pace.speed),
    )
    conn.execute("SELECT pg_notify('clock', '')")
