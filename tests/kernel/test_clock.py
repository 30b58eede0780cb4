"""The one clock, and calendar questions in Paris."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel.calendar import day_bounds, paris_day, paris_instant
from homecare.kernel.clock import Clock, Pace, read_pace, write_pace
from tests.database import Database

REAL = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
SHOWN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
PACE = Pace(origin_real=REAL, origin_shown=SHOWN, speed=60)


def test_outside_a_demonstration_the_clock_is_the_machines() -> None:
    clock = Clock(lambda: REAL)
    assert clock.now() == REAL
    assert clock.at(REAL - timedelta(hours=1)) == REAL - timedelta(hours=1)
    assert clock.real_seconds_until(REAL + timedelta(seconds=9)) == 9


def test_in_a_demonstration_a_real_minute_is_an_hour_at_speed_60() -> None:
    clock = Clock(lambda: REAL + timedelta(minutes=1), PACE)
    assert clock.now() == SHOWN + timedelta(hours=1)
    assert clock.real_seconds_until(SHOWN + timedelta(hours=2)) == 60


@given(
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=1, max_value=120),
)
def test_real_and_shown_time_lead_to_each_other(instant: datetime, speed: int) -> None:
    pace = Pace(origin_real=REAL, origin_shown=SHOWN, speed=speed)
    assert abs(pace.real(pace.at(instant)) - instant) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)]
)
def test_a_day_in_paris_has_23_24_or_25_hours(day: date, hours: int) -> None:
    starts, ends = day_bounds(day)
    assert ends - starts == timedelta(hours=hours)
    assert paris_day(starts) == paris_day(ends - timedelta(seconds=1)) == day


def test_an_hour_that_the_spring_change_skips_is_read_as_the_hour_after() -> None:
    assert paris_instant(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_autumn_change_repeats_is_its_first_passage() -> None:
    assert paris_instant(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_every_program_reads_the_pace_that_a_demonstration_set(database: Database) -> None:
    database.become_demo()
    with database.connect() as conn:
        assert read_pace(conn) is None
        write_pace(conn, PACE)
    with database.connect() as conn:
        assert read_pace(conn) == PACE


def test_a_real_installation_refuses_a_pace(database: Database) -> None:
    with database.connect() as conn, pytest.raises(psycopg.errors.ForeignKeyViolation):
        write_pace(conn, PACE)
