"""Effective work of the day (L3121-18) and what is left of the week (L3121-20)."""

from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import WorkerDay


def allows(worker: WorkerDay, day: TimedDay) -> bool:
    """Tell whether the day's work keeps within the day's and the week's limits."""
    limits = worker.limits
    worked = sum(end - start for start, end in day.work_periods(limits.paid_wait))
    if limits.work_day is not None and worked > limits.work_day:
        return False
    return limits.work_week is None or worked + worker.worked_this_week <= limits.work_week
