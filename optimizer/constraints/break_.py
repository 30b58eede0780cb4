"""A break as soon as the work since the last one reaches six hours (L3121-16)."""

from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import WorkerDay


def allows(worker: WorkerDay, day: TimedDay) -> bool:
    """Tell whether no stint between two breaks is too long. A shorter stop resets nothing."""
    limits = worker.limits
    if limits.work_before_break is None:
        return True
    worked, last_end = 0, day.starts[0]
    for start, end in day.work_periods(limits.paid_wait):
        if start - last_end >= limits.break_:
            worked = 0
        worked += end - start
        last_end = end
        if worked > limits.work_before_break:
            return False
    return True
