"""Calendar questions, in Paris: which day an instant falls on, when a day begins and ends. Pure.

Models and labour law stand on it; what time it is now is `kernel.clock`'s business.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(instant: datetime) -> date:
    """Return the calendar day of an instant, in Paris."""
    return instant.astimezone(PARIS).date()


def paris_instant(day: date, at: time) -> datetime:
    """Return the instant in UTC of a wall time in Paris.

    An hour that the spring change skips is read as the hour after it; one that the autumn change repeats is
    read as its first passage (PEP 495, fold 0).
    """
    return datetime.combine(day, at, tzinfo=PARIS).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the half-open period [midnight, next midnight) of a day in Paris: 23, 24 or 25 hours."""
    return paris_instant(day, time.min), paris_instant(day + timedelta(days=1), time.min)
