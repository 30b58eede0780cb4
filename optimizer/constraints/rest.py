"""Eleven hours between two days (L3131-1)."""

from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import WorkerDay


def allows(worker: WorkerDay, day: TimedDay) -> bool:
    """Tell whether the rest before the first start and after the last end is long enough."""
    rest = worker.limits.rest
    if rest is None:
        return True
    first, last = day.starts[0], max(day.ends)
    return all(
        first - beside.end >= rest if beside.end <= first else beside.start - last >= rest
        for beside in worker.around
    )
