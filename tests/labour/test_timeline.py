"""The timeline measures: shifts, work, short waits, and refuses what is not a timeline."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from homecare.labour.check import check
from homecare.labour.timeline import Interval, Timeline, WorkedVisit
from homecare.law.loading import parameters_on
from homecare.law.model import Agreement

MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)


def visit(start: float, end: float, *, travel: int = 0) -> WorkedVisit:
    """A visit from hour to hour of 10 March, with minutes of travel after it."""
    return WorkedVisit(
        MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end), timedelta(minutes=travel)
    )


def period(start: float, end: float) -> Interval:
    return Interval(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end))


def test_an_empty_timeline_has_no_breach() -> None:
    assert check(Timeline(()), parameters_on(Agreement.IDCC_3127, MIDNIGHT.date())) == []


def test_travel_stands_at_the_start_of_its_gap() -> None:
    timeline = Timeline((visit(8, 9, travel=15), visit(10, 11)))
    assert timeline.work(timedelta(0)) == (period(8, 9.25), period(10, 11))


def test_a_short_wait_joins_two_visits_into_one_period_of_work() -> None:
    timeline = Timeline((visit(8, 9, travel=45), visit(10, 11)))
    assert timeline.work(timedelta(minutes=15)) == (period(8, 11),)


def test_travel_longer_than_its_gap_is_not_counted_twice() -> None:
    timeline = Timeline((visit(8, 9, travel=90), visit(10, 11)))
    assert timeline.work(timedelta(0)) == (period(8, 11),)


def test_visits_that_overlap_are_not_counted_twice() -> None:
    timeline = Timeline((visit(8, 12), visit(9, 10), visit(11, 13)))
    assert timeline.work(timedelta(0)) == (period(8, 13),)
    assert timeline.shifts[0].span == timedelta(hours=5)


def test_an_evening_past_midnight_is_one_shift() -> None:
    assert len(Timeline((visit(20, 23), visit(24, 25))).shifts) == 1


def test_the_next_morning_is_another_shift() -> None:
    assert len(Timeline((visit(20, 23), visit(31, 32))).shifts) == 2


def test_two_halves_of_one_day_are_one_shift() -> None:
    assert len(Timeline((visit(6, 8), visit(18, 20))).shifts) == 1


def test_visits_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order of start"):
        Timeline((visit(10, 11), visit(8, 9)))


def test_a_visit_that_does_not_last_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Timeline((visit(10, 10),))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        WorkedVisit(datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 9))  # noqa: DTZ001 - the very fault


def test_a_breach_says_how_far_beyond_and_by_which_article() -> None:
    day = MIDNIGHT.date()
    [breach] = check(Timeline((visit(7, 10), visit(18, 21))), parameters_on(Agreement.IDCC_2941, day))
    assert (breach.measured, breach.limit, breach.margin) == (Decimal(840), Decimal(720), Decimal(-120))
    assert breach.article == "IDCC 2941, art. V.7"
    assert (breach.start, breach.end) == (MIDNIGHT + timedelta(hours=7), MIDNIGHT + timedelta(hours=21))
