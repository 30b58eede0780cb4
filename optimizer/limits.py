"""The law's figures as the solver wants them: whole seconds. Exceptions that are counted are never used."""

from homecare.law.model import Parameters
from optimizer.problem import Limits


def limits_of(parameters: Parameters) -> Limits:
    """Return the limits of one worker's day. Raises `ParameterMissingError` when no text gives one."""

    def seconds(name: str) -> int:
        return int(parameters[name].duration.total_seconds())

    fragile = parameters.find("span_fragile_max")
    return Limits(
        work_day=seconds("daily_work_max"),
        work_week=seconds("weekly_work_max"),
        span=seconds("span_max"),
        span_fragile=None if fragile is None else int(fragile.duration.total_seconds()),
        work_before_break=seconds("break_after"),
        break_=seconds("break_min"),
        rest=seconds("daily_rest_min"),
        paid_wait=seconds("short_wait_paid_max"),
    )
