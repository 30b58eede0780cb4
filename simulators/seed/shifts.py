"""When workers may be planned: days of the week, mornings, evenings, or both with a cut between. Pure."""

from datetime import time

from simulators.seed.sketch import Hours

_MORNING = ((time(7), time(15)),)
_EVENING = ((time(11, 45), time(20, 45)),)
_CUT = ((time(7, 15), time(13, 45)), (time(16), time(20, 15)))
# In every ten: four mornings, four cut days, two evenings; mixed, so that a small sector has all of them.
_SHIFTS = (_MORNING, _CUT, _EVENING, _CUT, _MORNING, _CUT, _MORNING, _EVENING, _MORNING, _CUT)
_WEEK, _END_OF_WEEK, _WEEKEND_FIRST = (1, 2, 3, 4, 5), (3, 4, 5, 6, 7), (1, 2, 3, 6, 7)
_DAYS = (_WEEK, _WEEK, _END_OF_WEEK, _WEEK, _WEEK, _WEEKEND_FIRST, _WEEK)


def hours_of(rank: int) -> tuple[Hours, ...]:
    """Return the hours of the worker of that rank in a sector: five days a week, some of them at weekends."""
    shift = _SHIFTS[rank % len(_SHIFTS)]
    return tuple(
        Hours(weekday, starts, ends) for weekday in _DAYS[rank % len(_DAYS)] for starts, ends in shift
    )
