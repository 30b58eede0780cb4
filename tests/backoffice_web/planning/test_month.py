"""A month as whole weeks."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backoffice_web.planning.month import lay_out_month, month_bounds
from homecare.visits.planning import DayCount

DAY = date(2026, 11, 24)


def test_a_month_is_shown_in_whole_weeks_from_a_monday() -> None:
    assert month_bounds(DAY) == (date(2026, 10, 26), date(2026, 12, 7))
    assert month_bounds(date(2027, 2, 14)) == (date(2027, 2, 1), date(2027, 3, 1))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_of_any_month_is_there_once(day: date) -> None:
    since, until = month_bounds(day)
    assert (since.weekday(), until.weekday()) == (0, 0)
    days = [one for week in lay_out_month(day, {}, today=day).weeks for one in week]
    assert [one.day for one in days] == [since + timedelta(days=n) for n in range((until - since).days)]
    own = [one.day for one in days if not one.is_outside]
    assert own[0].day == 1
    assert (own[-1] + timedelta(days=1)).day == 1
    assert [one.day for one in days if one.is_today] == [day]


def test_totals_are_the_month_s_own() -> None:
    counts = {
        one: DayCount(one, planned=4, open=1, missed=1, draft=2, minutes=240)
        for one in (date(2026, 10, 31), DAY, date(2026, 11, 30), date(2026, 12, 1))
    }
    month = lay_out_month(DAY, counts, today=DAY)
    assert (month.planned, month.open, month.missed, month.minutes) == (8, 2, 2, 480)
