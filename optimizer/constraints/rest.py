"""Eleven hours between two days (L3131-1)."""

from optimizer.constraints.allowance import FAR, Allowance
from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import WorkerDay


def bounds(worker: WorkerDay) -> tuple[int, int]:
    """Return when the day may begin and must have ended, from what the worker does on the days around."""
    rest = worker.limits.rest
    if rest is None:
        return -FAR, FAR
    begin = max((beside.end + rest for beside in worker.around if beside.start < 0), default=-FAR)
    end = min((beside.start - rest for beside in worker.around if beside.start >= 0), default=FAR)
    return begin, end


def allows(allowed: Allowance, day: TimedDay) -> bool:
    """Tell whether the rest before the first start and after the last end is long enough."""
    return allowed.begin <= day.starts[0] and max(day.ends) <= allowed.end
