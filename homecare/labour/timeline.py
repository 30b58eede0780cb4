"""A worker's working timeline: visits, travel counted as work, and what is left of the gaps.

It measures and judges nothing. Instants are aware; periods are half-open; lengths are elapsed time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from homecare.kernel.calendar import paris_day

ZERO = timedelta(0)

SHIFT_GAP = timedelta(hours=4)
"""A visit of a later day opens a new shift when at least this long went by, so that an evening that runs
past midnight stays one shift. A convention of measurement: no text gives it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open period of time."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Elapsed time."""
        return self.end - self.start

    def overlap(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of this period lies in [start, end)."""
        return max(ZERO, min(self.end, end) - max(self.start, start))


@dataclass(frozen=True, slots=True)
class WorkedVisit:
    """One visit as planned or done. `travel_after` is the time on the way to the next visit, zero if none.

    Whatever zone they come in, the instants are kept in UTC: Python subtracts two instants of one zone by
    the clock on the wall, which is an hour wrong in the nights of a change.
    """

    start: datetime
    end: datetime
    travel_after: timedelta = ZERO
    fragile: bool = False

    def __post_init__(self) -> None:
        """Refuse instants without a zone and visits that do not last."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an instant without a zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("a visit ends after it starts")


@dataclass(frozen=True, slots=True)
class Shift:
    """Visits in a row, from the first start to the last end. Never cut at midnight."""

    visits: tuple[WorkedVisit, ...]

    @property
    def start(self) -> datetime:
        """When the first visit begins."""
        return self.visits[0].start

    @property
    def end(self) -> datetime:
        """When the last visit ends."""
        return max(visit.end for visit in self.visits)

    @property
    def span(self) -> timedelta:
        """The amplitude."""
        return self.end - self.start

    @property
    def fragile(self) -> bool:
        """Whether every visit is at a fragile or dependent person's."""
        return all(visit.fragile for visit in self.visits)

    def work(self, paid_wait: timedelta) -> tuple[Interval, ...]:
        """Return the periods of effective work, merged, in order.

        A wait no longer than `paid_wait` (travel deducted) is work too. Travel stands at the start of its gap
        and never reaches into the next visit.
        """
        merged: list[Interval] = []
        for period in self._work_periods(paid_wait):
            if merged and period.start <= merged[-1].end:
                last = merged.pop()
                merged.append(Interval(last.start, max(last.end, period.end)))
            else:
                merged.append(period)
        return tuple(merged)

    def _work_periods(self, paid_wait: timedelta) -> Iterator[Interval]:
        for visit, following in pairwise(self.visits):
            arrival = min(visit.end + visit.travel_after, max(following.start, visit.end))
            short = following.start - arrival <= paid_wait
            yield Interval(visit.start, max(arrival, following.start) if short else arrival)
        yield Interval(self.visits[-1].start, self.visits[-1].end)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything a worker does over a period, in order of start, and the counters that no visit shows.

    `long_days_used`: days of the year that already went beyond the ordinary daily maximum.
    `long_spans_used`: days of the month that already went beyond the ordinary span.
    """

    visits: tuple[WorkedVisit, ...]
    long_days_used: int = 0
    long_spans_used: int = 0

    def __post_init__(self) -> None:
        """Refuse visits out of order: the caller sorts them."""
        if any(following.start < visit.start for visit, following in pairwise(self.visits)):
            raise ValueError("visits come in order of start")

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The visits as shifts, in order."""
        shifts: list[list[WorkedVisit]] = []
        for visit in self.visits:
            if shifts and not _opens_a_shift(shifts[-1], visit):
                shifts[-1].append(visit)
            else:
                shifts.append([visit])
        return tuple(Shift(tuple(visits)) for visits in shifts)

    def work(self, paid_wait: timedelta) -> tuple[Interval, ...]:
        """Return the periods of effective work of all shifts, in order."""
        return tuple(period for shift in self.shifts for period in shift.work(paid_wait))


def _opens_a_shift(shift: list[WorkedVisit], visit: WorkedVisit) -> bool:
    last_end = max(earlier.end for earlier in shift)
    return paris_day(visit.start) > paris_day(shift[0].start) and visit.start - last_end >= SHIFT_GAP
