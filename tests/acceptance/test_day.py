"""A slice of the sample agency's morning on the real servers, with the database away in the middle of it."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

import pytest

from simulators.day.agency import Agency
from simulators.day.cut import Cut
from simulators.day.report import Report
from simulators.day.running import Options, play_day
from simulators.seed.making import make_agency
from simulators.territory.addresses import Address
from simulators.territory.district import draw_district
from tests.features import feature
from tests.supervised import running_supervisor

MONDAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def addresses() -> Sequence[Address]:
    return draw_district(seed=1, addresses=1500).list_addresses()


@pytest.fixture(scope="module")
def agency(addresses: Sequence[Address]) -> Iterator[Agency]:
    with running_supervisor("--programs", "realtime,worker,web", "--demo") as system:
        now = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
        keepsakes = make_agency(system.settings, addresses, seed=1, now=now, say=lambda _: None)
        yield Agency(system.settings, keepsakes)


@pytest.fixture(scope="module")
def report(agency: Agency) -> Report:
    """From 07:15 to 09:30, sixty times faster; the database is away for five real seconds."""
    options = Options(
        speed=60,
        since=time(7, 15),
        until=time(9, 30),
        seed=3,
        day=MONDAY,
        cut=Cut("postgresql", time(7, 45), 5),
        planning_seconds=4,
    )
    return play_day(agency, options, say=lambda _: None, over=threading.Event())


@feature("N29", "N10")
def test_every_punch_of_every_channel_is_stored_once_although_the_database_was_away(report: Report) -> None:
    assert not report.failures
    assert set(report.channels) == {"app", "box", "nfc", "phone", "qr"}
    for count in report.channels.values():
        assert count.sent == count.stored == count.acknowledged
        assert count.lost == count.duplicates == 0
    assert sum(count.sent for count in report.channels.values()) > 50


@feature("N29")
def test_every_injected_lateness_raised_one_alert_and_no_other_visit_did(report: Report) -> None:
    assert report.alerts.injected > 0
    assert report.alerts.missed == report.alerts.spurious == 0


def test_the_live_board_was_told_of_the_punches_that_were_stored_at_once(report: Report) -> None:
    assert len(report.board_ms) > 20


def test_the_report_is_good_and_the_clock_goes_on_from_the_end(report: Report, agency: Agency) -> None:
    assert report.is_good
    assert agency.now().astimezone(UTC) >= datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


def test_a_day_that_was_played_is_not_chosen_again(report: Report, agency: Agency) -> None:
    assert agency.choose_day(MONDAY) == date(2026, 12, 1)
