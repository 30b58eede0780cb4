"""Times a round: for workers' visits in a given order, the starts, or that there are none within the rules.

Each start is as near to its wish as the order allows. Pure and deterministic; answers are kept, because the
search asks for the same rounds again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimizer.constraints import allows, suits
from optimizer.constraints.timed_day import TimedDay
from optimizer.constraints.windows import window
from optimizer.costs import round_cost
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
        """Look once at who may do what, and when."""
        self._problem = problem
        self._travel = {mode: journeys.seconds.tolist() for mode, journeys in problem.travel.items()}
        self._windows = [
            [window(worker, visit) if suits(worker, visit) else None for visit in problem.visits]
            for worker in problem.workers
        ]
        self._kept: dict[tuple[int, tuple[int, ...]], Round | None] = {}

    def may(self, worker: int, visit: int) -> bool:
        """Tell whether the worker may do the visit at all."""
        return self._windows[worker][visit] is not None

    def time(self, worker: int, visits: tuple[int, ...]) -> Round | None:
        """Return the round, None when no start was found that keeps every rule."""
        key = (worker, visits)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._time(worker, visits)
        return self._kept[key]

    def _time(self, worker: int, visits: tuple[int, ...]) -> Round | None:
        if not visits:
            return Round(worker, (), (), 0)
        problem = self._problem
        travel = self._travel[problem.workers[worker].mode]
        jobs = [problem.visits[visit] for visit in visits]
        ways = [travel[a.place][b.place] for a, b in pairwise(jobs)]
        starts = self._starts(worker, visits, ways)
        if starts is None:
            return None
        day = TimedDay(
            starts=tuple(starts),
            ends=tuple(start + job.seconds for start, job in zip(starts, jobs, strict=True)),
            travel=tuple(ways),
            fragile=all(job.fragile for job in jobs),
        )
        if not allows(problem.workers[worker], day):
            return None
        return Round(worker, visits, day.starts, round_cost(problem, worker, visits, day))

    def _starts(self, worker: int, visits: Sequence[int], ways: Sequence[int]) -> list[int] | None:
        """Forwards: the earliest starts. Backwards: each as near to its wish as what follows leaves it."""
        windows = self._windows[worker]
        earliest: list[int] = []
        free = -(10**9)
        for position, visit in enumerate(visits):
            span = windows[visit]
            if span is None:
                return None
            start = max(span[0], free)
            if start > span[1]:
                return None
            earliest.append(start)
            if position < len(ways):
                free = start + self._problem.visits[visit].seconds + ways[position]
        starts = earliest
        latest = 10**9
        for position in range(len(visits) - 1, -1, -1):
            job, span = self._problem.visits[visits[position]], windows[visits[position]]
            if span is None:
                return None
            wished = starts[position] if job.wished is None else job.wished
            starts[position] = min(max(wished, starts[position]), span[1], latest)
            if position:
                latest = starts[position] - ways[position - 1]
                latest -= self._problem.visits[visits[position - 1]].seconds
        return starts
