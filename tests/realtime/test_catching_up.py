"""What a board is told that opens its stream a moment after its page was drawn."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.realtime.agency import Agency
from tests.realtime.browser import check_in, post_punch
from tests.realtime.conftest import Opens
from tests.supervised import wait_until


def test_what_happened_between_the_drawing_of_the_page_and_the_opening_of_its_stream_is_told(
    agency: Agency, open_board: Opens
) -> None:
    visit, drawn_at = agency.plan_visit(), datetime.now(UTC)
    first = open_board(agency.coordinator_session)
    post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    wait_until(lambda: first.saw("visit", visit), seconds=5)
    late = open_board(agency.coordinator_session, since=drawn_at.isoformat())
    wait_until(lambda: late.saw("visit", visit), seconds=5)
    assert not late.saw("refresh")


def test_a_page_drawn_long_ago_is_told_to_fetch_everything(agency: Agency, open_board: Opens) -> None:
    board = open_board(agency.coordinator_session, since=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    wait_until(lambda: board.saw("refresh"), seconds=5)


@pytest.mark.parametrize("since", ["yesterday", "2026-11-24T08:00:00", "\x00é", "0001-01-01T00:00:00+14:00"])
def test_an_instant_that_is_none_opens_the_stream_all_the_same(
    agency: Agency, open_board: Opens, since: str
) -> None:
    board = open_board(agency.coordinator_session, since=since)
    wait_until(lambda: board.saw("beat"), seconds=5)


def test_nothing_of_another_agency_is_told_afterwards(
    agency: Agency, stranger: Agency, open_board: Opens
) -> None:
    drawn_at = datetime.now(UTC)
    visit = stranger.plan_visit()
    theirs = open_board(stranger.coordinator_session)
    post_punch(stranger.settings, check_in(qr=stranger.home.qr_token), session=stranger.worker_session)
    wait_until(lambda: theirs.saw("visit", visit), seconds=5)
    board = open_board(agency.coordinator_session, since=drawn_at.isoformat())
    wait_until(lambda: board.saw("beat"), seconds=5)
    assert not board.saw("visit")
