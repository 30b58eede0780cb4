"""A worker's day once its starts are known: what the rules of time look at."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimedDay:
    """Parallel tuples in order of start, seconds of the problem's day; never empty.

    `travel[i]` is the way from visit i to the next; the last one has none. `periods`: the effective work, in
    order (`work_periods`). `fragile`: every visit is at a fragile person's.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    travel: tuple[int, ...]
    periods: tuple[tuple[int, int], ...]
    fragile: bool

    @property
    def worked(self) -> int:
        """Seconds of effective work."""
        return sum([end - start for start, end in self.periods])


def time_day(
    starts: Sequence[int], ends: Sequence[int], travel: Sequence[int], *, paid_wait: int, fragile: bool
) -> TimedDay:
    """Return the day of these visits. A wait up to `paid_wait`, travel deducted, is work."""
    return TimedDay(
        tuple(starts), tuple(ends), tuple(travel), work_periods(starts, ends, travel, paid_wait), fragile
    )


def work_periods(
    starts: Sequence[int], ends: Sequence[int], travel: Sequence[int], paid_wait: int
) -> tuple[tuple[int, int], ...]:
    """Return the periods of effective work, in order: visit, travel after it, and a wait short enough.

    Travel stands at the start of its gap, as `homecare.labour.timeline` has it.
    """
    periods: list[tuple[int, int]] = []
    begin, until = starts[0], ends[0]
    for start, end, way in zip(starts[1:], ends[1:], travel, strict=True):
        arrival = until + way
        if start - arrival <= paid_wait:
            until = max(until, end)
        else:
            periods.append((begin, arrival))
            begin, until = start, end
    periods.append((begin, until))
    return tuple(periods)
