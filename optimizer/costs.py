"""What a timed day costs, in whole cents, component by component.

The search has its own, faster writing
(`optimizer.desks`), held to this one by a test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import reduce
from itertools import pairwise

from optimizer.constraints.timed_day import TimedDay
from optimizer.modes import Mode
from optimizer.problem import Problem

_HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Cents by component."""

    travel: int = 0
    commute: int = 0
    kilometres: int = 0
    waiting: int = 0
    beyond_contract: int = 0
    moved: int = 0
    strangers: int = 0
    unassigned: int = 0

    @property
    def total(self) -> int:
        """All components together."""
        return sum(getattr(self, part.name) for part in fields(self))

    def __add__(self, other: "Costs") -> "Costs":
        """Add component by component."""
        return Costs(
            **{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)}
        )


def total(costs: Sequence[Costs]) -> Costs:
    """Add them all."""
    return reduce(Costs.__add__, costs, Costs())


def round_costs(problem: Problem, worker: int, visits: Sequence[int], day: TimedDay) -> Costs:
    """Return what the day of a worker costs. `worker` and `visits` are indices into the problem."""
    person, prices = problem.workers[worker], problem.prices
    jobs = [problem.visits[visit] for visit in visits]
    journeys = problem.travel[person.mode]
    places = [job.place for job in jobs]
    way, home = (person.place, places[0]), (places[-1], person.place)
    metres = sum(int(journeys.metres[leg]) for leg in (*pairwise(places), way, home))
    commute = int(journeys.seconds[way]) + int(journeys.seconds[home])
    worked = day.worked
    at_visits = sum(end - start for start, end in zip(day.starts, day.ends, strict=True))
    waiting = day.ends[-1] - day.starts[0] - worked
    moved = sum(
        0 if job.wished is None else abs(start - job.wished)
        for job, start in zip(jobs, day.starts, strict=True)
    )
    beyond = 0 if person.contract is None else max(0, worked - person.contract)
    return Costs(
        travel=(worked - at_visits) * prices.travel_hour // _HOUR,
        commute=commute * prices.commute_hour // _HOUR,
        kilometres=metres * prices.kilometre_by_car // 1_000 if person.mode is Mode.CAR else 0,
        waiting=max(0, waiting) * prices.waiting_hour // _HOUR,
        beyond_contract=beyond * prices.beyond_contract_hour // _HOUR,
        moved=moved * prices.moved_hour // _HOUR,
        strangers=sum(
            prices.stranger for job in jobs if job.known is not None and person.id not in job.known
        ),
    )
