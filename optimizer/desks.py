"""The problem as the search wants it at hand: one desk a worker, with plain lists indexed by visit.

Nothing is decided here. The price of a day is that of `optimizer.costs`, written for speed; a test holds the
two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.constraints import allowance, suits
from optimizer.constraints.allowance import Allowance
from optimizer.constraints.timed_day import TimedDay
from optimizer.constraints.windows import window
from optimizer.modes import Mode
from optimizer.problem import Prices, Problem, WorkerDay

UNITS = 18_000
"""Of a cent, what tolls count: then a second at cents an hour, a metre at cents a kilometre are whole."""

_NEVER = (1, 0)
_HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the search looks up about one worker. Lists by visit; `ways` and `tolls` by visit and next visit.

    A visit that the worker may not do has `earliest` after `latest`. `tolls` are the price of the journeys,
    in `UNITS` of a cent, for comparing insertions; `price` alone is exact.
    """

    allowed: Allowance
    prices: Prices
    contract: int | None
    kilometre: int
    earliest: list[int]
    latest: list[int]
    wished: list[int]
    wish_matters: list[bool]
    seconds: list[int]
    ordinary: frozenset[int]
    """The visits that are not at a fragile person's."""
    stranger: list[int]
    ways: list[list[int]]
    metres: list[list[int]]
    tolls: list[list[int]]
    out_metres: list[int]
    back_metres: list[int]
    out_seconds: list[int]
    back_seconds: list[int]
    out_tolls: list[int]
    back_tolls: list[int]

    def may(self, visit: int) -> bool:
        """Tell whether the worker may do the visit at all."""
        return self.earliest[visit] <= self.latest[visit]

    def price(self, visits: Sequence[int], day: TimedDay) -> int:
        """Return the price of a timed day in cents, each component rounded down as in `costs.round_costs`."""
        prices, first, last = self.prices, visits[0], visits[-1]
        worked = day.worked
        at_visits = sum([self.seconds[visit] for visit in visits])
        waiting = max(0, max(day.ends) - day.starts[0] - worked)
        metres = self.out_metres[first] + self.back_metres[last]
        metres += sum([self.metres[a][b] for a, b in pairwise(visits)])
        moved = sum(
            [
                abs(start - self.wished[visit])
                for start, visit in zip(day.starts, visits, strict=True)
                if self.wish_matters[visit]
            ]
        )
        beyond = 0 if self.contract is None else max(0, worked - self.contract)
        commute = self.out_seconds[first] + self.back_seconds[last]
        return (
            (worked - at_visits) * prices.travel_hour // _HOUR
            + commute * prices.commute_hour // _HOUR
            + metres * self.kilometre // 1_000
            + waiting * prices.waiting_hour // _HOUR
            + beyond * prices.beyond_contract_hour // _HOUR
            + moved * prices.moved_hour // _HOUR
            + sum([self.stranger[visit] for visit in visits])
        )


def lay_desks(problem: Problem) -> list[Desk]:
    """Return the desk of each worker, in the problem's order."""
    places = np.array([visit.place for visit in problem.visits], dtype=np.intp)
    between = {mode: _between(problem, mode, places) for mode in problem.travel}
    return [_lay(problem, worker, places, between[worker.mode]) for worker in problem.workers]


def _between(
    problem: Problem, mode: Mode, places: NDArray[np.intp]
) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Return ways, metres and tolls between visits: lists that the workers of one mode share."""
    journeys, prices = problem.travel[mode], problem.prices
    seconds = journeys.seconds[np.ix_(places, places)].astype(np.int64)
    metres = journeys.metres[np.ix_(places, places)].astype(np.int64)
    tolls = _per_second(prices.travel_hour) * seconds + _per_metre(_kilometre(prices, mode)) * metres
    return seconds.tolist(), metres.tolist(), tolls.tolist()


def _lay(
    problem: Problem,
    worker: WorkerDay,
    places: NDArray[np.intp],
    between: tuple[list[list[int]], list[list[int]], list[list[int]]],
) -> Desk:
    ways, metres, tolls = between
    prices, visits, journeys = problem.prices, problem.visits, problem.travel[worker.mode]
    allowed = allowance(problem, worker)
    windows = [
        (
            window(worker, visit, allowed=allowed, day_seconds=problem.day_seconds)
            if suits(worker, visit)
            else None
        )
        or _NEVER
        for visit in visits
    ]
    kilometre = _kilometre(prices, worker.mode)
    out_seconds, back_seconds = journeys.seconds[worker.place, places], journeys.seconds[places, worker.place]
    out_metres, back_metres = journeys.metres[worker.place, places], journeys.metres[places, worker.place]
    second, metre = _per_second(prices.commute_hour), _per_metre(kilometre)
    return Desk(
        allowed=allowed,
        prices=prices,
        contract=worker.contract,
        kilometre=kilometre,
        earliest=[start for start, _ in windows],
        latest=[end for _, end in windows],
        wished=[
            start if visit.wished is None else visit.wished
            for (start, _), visit in zip(windows, visits, strict=True)
        ],
        wish_matters=[visit.wished is not None for visit in visits],
        seconds=[visit.seconds for visit in visits],
        ordinary=frozenset(number for number, visit in enumerate(visits) if not visit.fragile),
        stranger=[
            prices.stranger if visit.known is not None and worker.id not in visit.known else 0
            for visit in visits
        ],
        ways=_as_fixed_visits_leave_it(problem, worker, ways),
        metres=metres,
        tolls=tolls,
        out_seconds=out_seconds.tolist(),
        back_seconds=back_seconds.tolist(),
        out_metres=out_metres.tolist(),
        back_metres=back_metres.tolist(),
        out_tolls=(second * out_seconds.astype(np.int64) + metre * out_metres.astype(np.int64)).tolist(),
        back_tolls=(second * back_seconds.astype(np.int64) + metre * back_metres.astype(np.int64)).tolist(),
    )


def _as_fixed_visits_leave_it(problem: Problem, worker: WorkerDay, ways: list[list[int]]) -> list[list[int]]:
    """Return the ways, shortened between two fixed visits in a row that stand closer than the roads allow.

    Somebody decided so, or it has happened: the rest of the worker's day is planned around it all the same.
    """
    fixed = sorted(
        (visit.earliest, number) for number, visit in enumerate(problem.visits) if visit.fixed_to == worker.id
    )
    ways = list(ways)
    for (start, number), (following, other) in pairwise(fixed):
        gap = following - start - problem.visits[number].seconds
        if ways[number][other] > gap:
            ways[number] = [gap if index == other else way for index, way in enumerate(ways[number])]
    return ways


def _kilometre(prices: Prices, mode: Mode) -> int:
    return prices.kilometre_by_car if mode is Mode.CAR else 0


def _per_second(cents_per_hour: int) -> int:
    return cents_per_hour * UNITS // _HOUR


def _per_metre(cents_per_kilometre: int) -> int:
    return cents_per_kilometre * UNITS // 1_000
