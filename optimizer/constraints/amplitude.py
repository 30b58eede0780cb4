"""From the first start to the last end of the day (shift span)."""

from optimizer.constraints.allowance import Allowance
from optimizer.constraints.timed_day import TimedDay


def allows(allowed: Allowance, day: TimedDay) -> bool:
    """Tell whether the span keeps within what the agreement gives, more at fragile persons'."""
    limits = allowed.limits
    limit = limits.span_fragile if day.fragile and limits.span_fragile is not None else limits.span
    return limit is None or max(day.ends) - day.starts[0] <= limit
