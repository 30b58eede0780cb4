"""From a planning type to visits, across both clock changes."""

from datetime import UTC, date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel.clock import PARIS
from homecare.kernel.ids import ClientId, HomeId, RecurrenceId, ServiceId
from homecare.visits.model import Recurrence
from homecare.visits.recurrence import occurrences


def weekly(
    *,
    weekdays: list[int],
    starts: time = time(8),
    minutes: int = 60,
    flexible_minutes: int = 0,
    since: date = date(2026, 1, 1),
    until: date | None = None,
) -> Recurrence:
    return Recurrence(
        id=RecurrenceId(1),
        client_id=ClientId(1),
        home_id=HomeId(1),
        service_id=ServiceId(1),
        service="Aide",
        weekdays=weekdays,
        starts=starts,
        minutes=minutes,
        flexible_minutes=flexible_minutes,
        since=since,
        until=until,
    )


def test_it_makes_a_visit_on_each_of_its_weekdays() -> None:
    made = list(occurrences(weekly(weekdays=[1, 4]), date(2026, 11, 23), date(2026, 11, 30)))
    assert [one.on for one in made] == [date(2026, 11, 23), date(2026, 11, 26)]


def test_eight_o_clock_stays_eight_o_clock_across_the_clock_change() -> None:
    made = list(occurrences(weekly(weekdays=[1, 6]), date(2026, 10, 24), date(2026, 10, 27)))
    assert [one.starts_at.astimezone(PARIS).hour for one in made] == [8, 8]
    assert [one.starts_at.astimezone(UTC).hour for one in made] == [6, 7]


def test_a_night_visit_lasts_as_agreed_although_the_hour_changes_within() -> None:
    night = weekly(weekdays=[6], starts=time(22), minutes=8 * 60)
    (one,) = occurrences(night, date(2026, 10, 24), date(2026, 10, 25))
    assert one.ends_at - one.starts_at == timedelta(hours=8)
    assert one.ends_at.astimezone(PARIS).hour == 5


def test_it_keeps_within_its_own_period() -> None:
    short = weekly(weekdays=[1, 2, 3, 4, 5, 6, 7], since=date(2026, 11, 25), until=date(2026, 11, 27))
    made = list(occurrences(short, date(2026, 11, 1), date(2026, 12, 1)))
    assert [one.on.day for one in made] == [25, 26]


def test_the_start_may_move_by_the_agreed_minutes_only() -> None:
    (one,) = occurrences(weekly(weekdays=[2], flexible_minutes=30), date(2026, 11, 24), date(2026, 11, 25))
    assert one.latest_at - one.starts_at == one.starts_at - one.earliest_at == timedelta(minutes=30)


@given(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)),
    st.integers(0, 60),
    st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True),
)
def test_whatever_the_period_it_makes_each_day_once_and_in_order(
    since: date, days: int, weekdays: list[int]
) -> None:
    made = list(occurrences(weekly(weekdays=weekdays), since, since + timedelta(days=days)))
    assert [one.on for one in made] == sorted({one.on for one in made})
    assert len(made) == sum(
        (since + timedelta(days=offset)).isoweekday() in weekdays for offset in range(days)
    )
    assert all(one.starts_at.astimezone(PARIS).date() == one.on for one in made)
    assert made == sorted(made, key=lambda one: one.starts_at)
