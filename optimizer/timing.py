"""Times a round: for a worker's visits in a given order, the starts, or that there are none within the rules.

Each start is as near to its wish as the order allows; when that breaks a rule the day is drawn together, then
room is made for a break. Pure and deterministic; answers are kept, because the search asks for the same
rounds again and again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimizer.constraints import allows, break_
from optimizer.constraints.timed_day import TimedDay, time_day
from optimizer.desks import Desk, lay_desks
from optimizer.problem import Problem

_KEPT = 400_000


@dataclass(frozen=True, slots=True)
class Round:
    """A worker's visits in order (indices into the problem), their starts, and the day's cost in cents."""

    worker: int
    visits: tuple[int, ...]
    starts: tuple[int, ...]
    cents: int


class Timer:
    """Times rounds of one problem."""

    def __init__(self, problem: Problem) -> None:
        """Look once at who may do what, when, and how far apart."""
        self.desks = lay_desks(problem)
        self._kept: dict[tuple[int, tuple[int, ...]], Round | None] = {}

    def time(self, worker: int, visits: tuple[int, ...]) -> Round | None:
        """Return the round, None when no start was found that keeps every rule."""
        key = (worker, visits)
        try:
            return self._kept[key]
        except KeyError:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = self._time(worker, visits)
            return found

    def as_it_stands(self, worker: int, fixed: tuple[int, ...]) -> Round:
        """Return the round of visits that are all fixed, whatever it breaks."""
        desk = self.desks[worker]
        starts = [desk.earliest[visit] for visit in fixed]
        day = _day(desk, fixed, starts, [desk.ways[a][b] for a, b in pairwise(fixed)])
        return Round(worker, fixed, day.starts, desk.price(fixed, day))

    def _time(self, worker: int, visits: tuple[int, ...]) -> Round | None:
        if not visits:
            return Round(worker, (), (), 0)
        desk = self.desks[worker]
        ways = [desk.ways[a][b] for a, b in pairwise(visits)]
        work = sum([desk.seconds[visit] for visit in visits]) + sum(ways)
        if work > desk.allowed.work:
            return None
        found = _first_lawful(desk, worker, visits, ways, gaps=ways)
        limits = desk.allowed.limits
        if found is not None or not break_.may_be_due(limits, work):
            return found
        with_a_break = (
            _first_lawful(desk, worker, visits, ways, gaps=_lengthen(ways, position, limits.break_))
            for position in range(len(ways))
        )
        return min((one for one in with_a_break if one is not None), key=lambda one: one.cents, default=None)


def _first_lawful(
    desk: Desk, worker: int, visits: tuple[int, ...], ways: Sequence[int], *, gaps: Sequence[int]
) -> Round | None:
    """Return the round whose visits are at least `gaps` apart, as wished, else drawn together, else None."""
    for starts in _timings(desk, visits, gaps):
        day = _day(desk, visits, starts, ways)
        if allows(desk.allowed, day):
            return Round(worker, visits, day.starts, desk.price(visits, day))
    return None


def _day(desk: Desk, visits: Sequence[int], starts: Sequence[int], ways: Sequence[int]) -> TimedDay:
    return time_day(
        starts,
        [start + desk.seconds[visit] for start, visit in zip(starts, visits, strict=True)],
        ways,
        paid_wait=desk.allowed.limits.paid_wait,
        fragile=desk.ordinary.isdisjoint(visits),
    )


def _timings(desk: Desk, visits: tuple[int, ...], gaps: Sequence[int]) -> Iterator[list[int]]:
    """Yield the starts nearest to the wishes, then those that end soonest and begin latest; or nothing."""
    latest = _latest_starts(desk, visits, gaps)
    if latest is None:
        return
    near = _starts_near_wishes(desk, visits, gaps, latest)
    if near is None:
        return
    yield near
    yield _starts_drawn_together(desk, visits, gaps)


def _latest_starts(desk: Desk, visits: tuple[int, ...], gaps: Sequence[int]) -> list[int] | None:
    seconds, earliest, closes = desk.seconds, desk.earliest, desk.latest
    due = closes[visits[-1]]
    latest = [due]
    for position in range(len(gaps) - 1, -1, -1):
        visit = visits[position]
        due -= gaps[position] + seconds[visit]
        due = min(due, closes[visit])
        if due < earliest[visit]:
            return None
        latest.append(due)
    latest.reverse()
    return latest


def _starts_near_wishes(
    desk: Desk, visits: tuple[int, ...], gaps: Sequence[int], latest: list[int]
) -> list[int] | None:
    """A wait that would be paid is not made for a wish: the worker goes on at once, if the window allows."""
    seconds, earliest, wished = desk.seconds, desk.earliest, desk.wished
    first = visits[0]
    start = max(earliest[first], min(wished[first], latest[0]))
    starts = [start]
    paid_wait = desk.allowed.limits.paid_wait
    for position, gap in enumerate(gaps, start=1):
        arrival = start + seconds[visits[position - 1]] + gap
        visit = visits[position]
        start = wished[visit]
        if start - arrival <= paid_wait:
            start = arrival
        start = max(start, earliest[visit])
        if start > latest[position]:
            start = latest[position]
            if start < arrival:
                return None
        starts.append(start)
    return starts


def _starts_drawn_together(desk: Desk, visits: tuple[int, ...], gaps: Sequence[int]) -> list[int]:
    """The earliest end, then everything as late as that end allows: the shortest span there is."""
    start = desk.earliest[visits[0]]
    for position, gap in enumerate(gaps):
        start = max(start + desk.seconds[visits[position]] + gap, desk.earliest[visits[position + 1]])
    starts = [start]
    for position in range(len(gaps) - 1, -1, -1):
        visit = visits[position]
        start = min(start - gaps[position] - desk.seconds[visit], desk.latest[visit])
        starts.append(start)
    starts.reverse()
    return starts


def _lengthen(ways: Sequence[int], position: int, seconds: int) -> list[int]:
    return [way + seconds if number == position else way for number, way in enumerate(ways)]
