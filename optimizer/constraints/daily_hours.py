"""Effective work of the day (L3121-18) and what is left of the week (L3121-20).

All the work of a round is counted on the day and in the week in which it begins, which is never less than
the law counts there. What runs past midnight must leave room for the day, or the week, after.
"""

from datetime import timedelta

from homecare.kernel.calendar import day_bounds
from homecare.labour.timeline import Interval, Timeline, WorkedVisit
from optimizer.constraints.allowance import FAR, Allowance
from optimizer.constraints.timed_day import TimedDay
from optimizer.problem import Problem, WorkerDay

_WEEK = 7


def allows(allowed: Allowance, day: TimedDay) -> bool:
    """Tell whether the day's work keeps within what is left of the day's and the week's."""
    return day.worked <= allowed.work


def most_work(problem: Problem, worker: WorkerDay) -> int:
    """Return the work that the day may hold, in seconds; negative when there is too much already."""
    monday = -problem.day.weekday()
    around = _work_around(problem, worker)
    return min(
        _left(worker.limits.work_day, _worked(problem, around, 0, 1)),
        _left(worker.limits.work_week, _worked(problem, around, monday, monday + _WEEK)),
    )


def latest_end(problem: Problem, worker: WorkerDay) -> int:
    """Return when the day must have ended for the next one, and the next week, to keep within their hours."""
    around = _work_around(problem, worker)
    room = _left(worker.limits.work_day, _worked(problem, around, 1, 2))
    if problem.day.weekday() == _WEEK - 1:
        room = min(room, _left(worker.limits.work_week, _worked(problem, around, 1, 1 + _WEEK)))
    return problem.day_seconds + max(room, 0)


def _left(limit: int | None, worked: int) -> int:
    return FAR if limit is None else limit - worked


def _worked(problem: Problem, around: tuple[Interval, ...], first: int, last: int) -> int:
    """Return the work of the days [`first`, `last`), counted from the problem's own, in seconds."""
    start = day_bounds(problem.day + timedelta(days=first))[0]
    end = day_bounds(problem.day + timedelta(days=last))[0]
    return sum(interval.overlap(start, end) // timedelta(seconds=1) for interval in around)


def _work_around(problem: Problem, worker: WorkerDay) -> tuple[Interval, ...]:
    visits = [
        WorkedVisit(
            problem.instant(beside.start),
            problem.instant(beside.end),
            timedelta(seconds=beside.travel_after),
            beside.fragile,
        )
        for beside in sorted(worker.around, key=lambda beside: (beside.start, beside.end))
    ]
    return Timeline(tuple(visits)).work(timedelta(seconds=worker.limits.paid_wait))
