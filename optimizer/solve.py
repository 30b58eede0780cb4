"""Solves one day of one area: search, and now and then the best choice among all rounds met.

Nothing here looks at the clock: `stop` does, and `Plan.rounds` tells how far the search had got by then.
Given `rounds`, the same problem, seed and start give the same plan on the same version.
"""

from collections.abc import Callable
from dataclasses import dataclass

from optimizer.choose import choose
from optimizer.problem import Plan, Problem, Stop
from optimizer.search import CYCLE, Search
from optimizer.timing import Timer


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: rounds done, cents of the best plan, visits it leaves open."""

    rounds: int
    cents: int
    open: int


def solve(
    problem: Problem,
    *,
    seed: int,
    stop: Callable[[], bool],
    start: Plan | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    rounds: int | None = None,
) -> Plan:
    """Return the best plan found when `stop` says so, or after exactly `rounds` rounds of the search.

    `start` is a plan to begin with (the published one); what breaks a rule in it is given anew. `progress` is
    called at the start and each time the best plan gets better.
    """
    if not problem.visits or not problem.workers:
        return Plan()
    search = Search(problem, Timer(problem), seed=seed, start=_orders(problem, start or Plan()))
    done = 0
    progress(Progress(done, search.cents, len(search.open)))
    while done < rounds if rounds is not None else not stop():
        better = search.step()
        done += 1
        if done % CYCLE == 0:
            before = search.cents
            search.adopt(choose(problem, search.pool.values(), search.rounds, seed=seed))
            better = better or search.cents < before
        if better:
            progress(Progress(done, search.cents, len(search.open)))
    search.adopt(choose(problem, search.pool.values(), search.rounds, seed=seed))
    progress(Progress(done, search.cents, len(search.open)))
    return Plan(
        stops=tuple(
            Stop(problem.workers[one.worker].id, start_at, problem.visits[visit].id)
            for one in search.rounds
            for visit, start_at in zip(one.visits, one.starts, strict=True)
        ),
        rounds=done,
    )


def _orders(problem: Problem, plan: Plan) -> list[tuple[int, ...]]:
    numbers = {visit.id: number for number, visit in enumerate(problem.visits)}
    routes = plan.routes()
    return [
        tuple(numbers[stop.visit] for stop in routes.get(worker.id, ()) if stop.visit in numbers)
        for worker in problem.workers
    ]
