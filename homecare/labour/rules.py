"""One function per article: `(timeline, parameters) -> list[Breach]`. None knows another, none does I/O."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from homecare.kernel.calendar import day_bounds, paris_day
from homecare.labour.breach import Breach, Rule, Severity
from homecare.labour.timeline import ZERO, Interval, Timeline
from homecare.law.model import Parameters, Value

type Check = Callable[[Timeline, Parameters], list[Breach]]


def daily_work(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """Effective work from 0:00 to 24:00 (L3121-18).

    IDCC 3127 lets some days of the year go further: those are warnings while any is left.
    """
    limit = parameters["daily_work_max"]
    exceptions = _Exceptions(
        parameters.find("daily_work_exceptional_max"),
        parameters.find("daily_work_exceptional_days"),
        used=timeline.long_days_used,
    )
    return [
        Breach(Rule.DAILY_WORK_MAX, start, end, _minutes(worked), limit, exceptions.severity(worked))
        for start, end, worked in _work_by(timeline, parameters, day_bounds)
        if worked > limit.duration
    ]


def weekly_work(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """Effective work of each civil week, Monday to Sunday (L3121-20, L3121-35)."""
    limit = parameters["weekly_work_max"]
    return [
        Breach(Rule.WEEKLY_WORK_MAX, start, end, _minutes(worked), limit, Severity.BLOCKING)
        for start, end, worked in _work_by(timeline, parameters, _week_of)
        if worked > limit.duration
    ]


def break_due(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """A break as soon as the work of the shift reaches six hours (L3121-16).

    Work is accumulated since the start of the shift or the last break; a shorter stop resets nothing.
    """
    limit, least = parameters["break_after"], parameters["break_min"]
    paid_wait = parameters["short_wait_paid_max"].duration
    return [
        Breach(Rule.BREAK_DUE, start, end, _minutes(worked), limit, Severity.BLOCKING)
        for shift in timeline.shifts
        for start, end, worked in _stints(shift.work(paid_wait), least.duration)
        if worked > limit.duration
    ]


def shift_span(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """From the first start to the last end of a shift, not cut at midnight (reserve of 3 April 2014).

    IDCC 3127 allows more at fragile persons'; IDCC 2941 allows more on some days of the month, as warnings.
    """
    ordinary, fragile = parameters["span_max"], parameters.find("span_fragile_max")
    exceptions = _Exceptions(
        parameters.find("span_exceptional_max"),
        parameters.find("span_exceptional_days"),
        used=timeline.long_spans_used,
    )
    limits = [(shift, fragile if fragile and shift.fragile else ordinary) for shift in timeline.shifts]
    return [
        Breach(
            Rule.SHIFT_SPAN_MAX,
            shift.start,
            shift.end,
            _minutes(shift.span),
            limit,
            exceptions.severity(shift.span),
        )
        for shift, limit in limits
        if shift.span > limit.duration
    ]


def daily_rest(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """Eleven hours between two shifts (L3131-1)."""
    limit = parameters["daily_rest_min"]
    return [
        Breach(Rule.DAILY_REST_MIN, shift.end, following.start, _minutes(rest), limit, Severity.BLOCKING)
        for shift, following in pairwise(timeline.shifts)
        if (rest := max(ZERO, following.start - shift.end)) < limit.duration
    ]


class _Exceptions:
    """The days on which an agreement lets a limit be passed, up to `most`: counted down, then refused."""

    def __init__(self, most: Value | None, days: Value | None, *, used: int) -> None:
        self._most = ZERO if most is None else most.duration
        self._left = 0 if days is None else int(days.amount) - used

    def severity(self, measured: timedelta) -> Severity:
        """Take one of the days left, if that is enough: a warning. Else the excess is blocking."""
        if measured > self._most or self._left <= 0:
            return Severity.BLOCKING
        self._left -= 1
        return Severity.WARNING


def _minutes(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(seconds=1)) / 60


def _week_of(day: date) -> tuple[datetime, datetime]:
    monday = day - timedelta(days=day.weekday())
    return day_bounds(monday)[0], day_bounds(monday + timedelta(days=6))[1]


def _work_by(
    timeline: Timeline, parameters: Parameters, period_of: Callable[[date], tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield each period that holds work, in order, with its effective work."""
    work = timeline.work(parameters["short_wait_paid_max"].duration)
    for start, end in sorted({period_of(day) for interval in work for day in _days(interval)}):
        yield start, end, sum((interval.overlap(start, end) for interval in work), ZERO)


def _days(interval: Interval) -> Iterator[date]:
    day, last = paris_day(interval.start), paris_day(interval.end - timedelta.resolution)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _stints(
    work: tuple[Interval, ...], break_min: timedelta
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield the work between two breaks: when it began, when it ended, how much there was."""
    start, end, worked = work[0].start, work[0].end, ZERO
    for interval in work:
        if interval.start - end >= break_min:
            yield start, end, worked
            start, worked = interval.start, ZERO
        end, worked = interval.end, worked + interval.length
    yield start, end, worked


RULES: tuple[Check, ...] = (daily_work, weekly_work, break_due, shift_span, daily_rest)
"""Every rule, in the order in which a person reads them."""
