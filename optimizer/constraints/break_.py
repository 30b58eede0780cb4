"""A break as soon as the work since the last one reaches six hours (L3121-16)."""

from optimizer.constraints.allowance import Allowance
from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import Limits


def allows(allowed: Allowance, day: TimedDay) -> bool:
    """Tell whether no stint between two breaks is too long. A shorter stop resets nothing."""
    limits = allowed.limits
    if limits.work_before_break is None:
        return True
    worked, last_end = 0, day.starts[0]
    for start, end in day.periods:
        if start - last_end >= limits.break_:
            worked = 0
        worked += end - start
        last_end = end
        if worked > limits.work_before_break:
            return False
    return True


def may_be_due(limits: Limits, work: int) -> bool:
    """Tell whether a day of so much work can lack a break at all."""
    return limits.work_before_break is not None and work > limits.work_before_break
