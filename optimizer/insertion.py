"""Finds where one more visit costs least. Windows and tolls rule most places out before a round is timed."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from optimizer.desks import UNITS, Desk
from optimizer.timing import Round, Timer

BLINK = 0.02
"""Share of the places that are not looked at, so that the same ruin is not always rebuilt the same way."""

_ROUNDING = 8 * UNITS  # a round's price is rounded down in seven components


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the windows alone let a round's visits go: earliest end and latest start of each."""

    ends: list[int]
    latest: list[int]


def reach(desk: Desk, visits: Sequence[int]) -> Reach:
    """Return the reach of these visits in this order."""
    ends: list[int] = []
    free, last = -(10**9), -1
    for visit in visits:
        if last >= 0:
            free += desk.ways[last][visit]
        free = max(free, desk.earliest[visit]) + desk.seconds[visit]
        ends.append(free)
        last = visit
    latest: list[int] = []
    due, last = 10**9, -1
    for visit in reversed(visits):
        if last >= 0:
            due -= desk.ways[visit][last] + desk.seconds[visit]
        due = min(due, desk.latest[visit])
        latest.append(due)
        last = visit
    latest.reverse()
    return Reach(ends, latest)


def best_insertion(
    timer: Timer,
    rounds: Sequence[Round],
    reaches: Sequence[Reach],
    visit: int,
    *,
    able: Sequence[int],
    random: Random,
) -> Round | None:
    """Return the lengthened round that adds least, among the workers `able`; None when there is no place."""
    best: Round | None = None
    least = 10**18
    draw = random.random
    for worker in able:
        one, desk = rounds[worker], timer.desks[worker]
        before = one.cents
        for position in _possible_places(desk, one.visits, reaches[worker], visit, most=least):
            if draw() < BLINK:
                continue
            longer = timer.time(worker, (*one.visits[:position], visit, *one.visits[position:]))
            if longer is not None and longer.cents - before < least:
                best, least = longer, longer.cents - before
    return best


def _possible_places(
    desk: Desk, visits: tuple[int, ...], reached: Reach, visit: int, *, most: int
) -> list[int]:
    """Return the positions that the windows allow and the tolls do not show to add `most` cents or more."""
    length, ends, before = desk.seconds[visit], reached.ends, reached.latest
    earliest, latest = desk.earliest[visit], desk.latest[visit]
    ways, tolls = desk.ways, desk.tolls
    from_visit, tolls_from_visit = ways[visit], tolls[visit]
    # At best the visit fills a wait as long as itself, and the journeys that it adds fall into it too.
    relief = length * desk.prices.waiting_hour * 5 - desk.stranger[visit] * UNITS + _ROUNDING
    enough = most * UNITS + relief
    found = []
    count = len(visits)
    # Not before a visit that must begin sooner than this one ends, nor after one that ends too late for it.
    for position in range(bisect_left(before, earliest + length), bisect_right(ends, latest) + 1):
        start = earliest
        if position:
            former = visits[position - 1]
            arrival = ends[position - 1] + ways[former][visit]
            if arrival > latest:
                continue
            start = max(start, arrival)
            toll = tolls[former][visit]
        else:
            toll = desk.out_tolls[visit]
        if position < count:
            following = visits[position]
            if start + length + from_visit[following] > before[position]:
                continue
            toll += tolls_from_visit[following]
            toll -= tolls[visits[position - 1]][following] if position else desk.out_tolls[following]
        else:
            toll += desk.back_tolls[visit]
            if position:
                toll -= desk.back_tolls[visits[-1]]
        if toll < enough:
            found.append(position)
    return found
