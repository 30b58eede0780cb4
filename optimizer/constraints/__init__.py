"""The hard rules of a round, one file each. Pure; `homecare.labour` judges the result anew.

*Before* a round is timed: who may do a visit at all (`skills`, `incompatibilities`, `windows`). *After*:
whether the timed day keeps within the limits of its worker (`daily_hours`, `break_`, `amplitude`, `rest`).
"""

from collections.abc import Callable

from optimizer.constraints import amplitude, break_, daily_hours, incompatibilities, rest, skills, windows
from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import VisitJob, WorkerDay

SUITABLE: tuple[Callable[[WorkerDay, VisitJob], bool], ...] = (
    skills.suits,
    incompatibilities.suits,
    windows.suits,
)
ALLOWED: tuple[Callable[[WorkerDay, TimedDay], bool], ...] = (
    daily_hours.allows,
    break_.allows,
    amplitude.allows,
    rest.allows,
)


def suits(worker: WorkerDay, visit: VisitJob) -> bool:
    """Tell whether the worker may do the visit at all."""
    return all(rule(worker, visit) for rule in SUITABLE)


def allows(worker: WorkerDay, day: TimedDay) -> bool:
    """Tell whether the worker's day keeps within every limit."""
    return all(rule(worker, day) for rule in ALLOWED)
