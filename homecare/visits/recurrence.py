"""From a recurrence to the instants of its visits. Pure calendar, correct across both clock changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homecare.kernel.clock import paris_instant
from homecare.visits.model import Recurrence


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One visit to make. The start may move within [earliest_at, latest_at]."""

    on: date
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime


def occurrences(recurrence: Recurrence, since: date, until: date) -> Iterator[Occurrence]:
    """Yield the occurrences on the days [since, until), in order.

    The wall time is kept across a clock change, the length is kept in real minutes: a night visit lasts as
    long as agreed, even when the hour is changed in the middle of it.
    """
    first = max(since, recurrence.since)
    last = until if recurrence.until is None else min(until, recurrence.until)
    slack = timedelta(minutes=recurrence.flexible_minutes)
    for offset in range(max((last - first).days, 0)):
        day = first + timedelta(days=offset)
        if day.isoweekday() not in recurrence.weekdays:
            continue
        starts_at = paris_instant(day, recurrence.starts)
        yield Occurrence(
            on=day,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=recurrence.minutes),
            earliest_at=starts_at - slack,
            latest_at=starts_at + slack,
        )
