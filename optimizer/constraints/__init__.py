"""The hard rules of a round, one file each. Pure; written apart from `homecare.labour`, which judges anew.

*Before* a round is timed: who may do a visit at all (`skills`, `incompatibilities`), between which starts
(`windows`, within what `rest` and `daily_hours` leave of the day). *After*: whether the timed day keeps
within what its worker is allowed (`amplitude`, `daily_hours`, `break_`, `rest`). Where a text lets people go
further by exception, these rules do not: exceptions are for people to grant.
"""

from collections.abc import Callable

from optimizer.constraints import amplitude, break_, daily_hours, incompatibilities, rest, skills
from optimizer.constraints.allowance import Allowance
from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import Problem, VisitJob, WorkerDay

SUITABLE: tuple[Callable[[WorkerDay, VisitJob], bool], ...] = (skills.suits, incompatibilities.suits)
ALLOWED: tuple[Callable[[Allowance, TimedDay], bool], ...] = (
    amplitude.allows,
    daily_hours.allows,
    break_.allows,
    rest.allows,
)


def suits(worker: WorkerDay, visit: VisitJob) -> bool:
    """Tell whether the worker may do the visit at all. A fixed visit is its worker's, whatever it asks."""
    if visit.fixed_to is not None:
        return visit.fixed_to == worker.id
    return all(rule(worker, visit) for rule in SUITABLE)


def allowance(problem: Problem, worker: WorkerDay) -> Allowance:
    """Return what is left to the worker on the problem's day."""
    begin, end = rest.bounds(worker)
    return Allowance(
        limits=worker.limits,
        work=daily_hours.most_work(problem, worker),
        begin=begin,
        end=min(end, daily_hours.latest_end(problem, worker)),
    )


def allows(allowed: Allowance, day: TimedDay) -> bool:
    """Tell whether the worker's day keeps within every limit."""
    return all(rule(allowed, day) for rule in ALLOWED)
