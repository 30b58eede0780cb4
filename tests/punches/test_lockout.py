"""Guessing on the telephone is stopped, and nobody is shut out by it."""

from datetime import timedelta

from homecare.kernel import db
from homecare.kernel.ids import WorkerId
from homecare.punches.lockout import (
    ELSEWHERE,
    ONE_LINE,
    ONE_WORKER,
    is_guarded,
    may_use_older_codes,
    note_wrong_device_code,
    note_wrong_entry,
)
from tests.builders import MORNING

HOME, MOBILE = "+33155512345", "+33699887766"


def wrong(conn: db.Conn, times: int, line: str | None, *, is_home: bool = False) -> None:
    for _ in range(times):
        note_wrong_entry(conn, line, is_home=is_home, now=MORNING)


def test_a_line_with_too_many_wrong_entries_is_guarded_for_an_hour(conn: db.Conn) -> None:
    wrong(conn, ONE_LINE.wrong - 1, MOBILE)
    assert not is_guarded(conn, MOBILE, is_home=False, now=MORNING)
    wrong(conn, 1, MOBILE)
    assert is_guarded(conn, MOBILE, is_home=False, now=MORNING)
    assert not is_guarded(conn, MOBILE, is_home=False, now=MORNING + ONE_LINE.window)
    assert not is_guarded(conn, HOME, is_home=True, now=MORNING)
    assert not is_guarded(conn, None, is_home=False, now=MORNING)


def test_hidden_numbers_count_as_one_line(conn: db.Conn) -> None:
    wrong(conn, ONE_LINE.wrong, None)
    assert is_guarded(conn, None, is_home=False, now=MORNING)
    assert not is_guarded(conn, MOBILE, is_home=False, now=MORNING)


def test_guesses_from_ever_other_numbers_guard_all_lines_but_those_of_homes(conn: db.Conn) -> None:
    for number in range(ELSEWHERE.wrong):
        wrong(conn, 1, f"+336000000{number:02}")
    assert is_guarded(conn, "+33611111111", is_home=False, now=MORNING)
    assert is_guarded(conn, None, is_home=False, now=MORNING)
    assert not is_guarded(conn, HOME, is_home=True, now=MORNING)


def test_wrong_entries_at_homes_guard_their_own_line_alone(conn: db.Conn) -> None:
    for number in range(ELSEWHERE.wrong):
        wrong(conn, 1, f"+331555000{number:02}", is_home=True)
    assert not is_guarded(conn, MOBILE, is_home=False, now=MORNING)
    wrong(conn, ONE_LINE.wrong, HOME, is_home=True)
    assert is_guarded(conn, HOME, is_home=True, now=MORNING)


def test_device_codes_are_limited_by_worker_and_the_present_one_never(conn: db.Conn) -> None:
    for _ in range(ONE_WORKER.wrong):
        assert may_use_older_codes(conn, WorkerId(1), now=MORNING)
        note_wrong_device_code(conn, WorkerId(1), now=MORNING)
    assert not may_use_older_codes(conn, WorkerId(1), now=MORNING)
    assert may_use_older_codes(conn, WorkerId(2), now=MORNING)
    assert may_use_older_codes(conn, WorkerId(1), now=MORNING + ONE_WORKER.window)


def test_what_is_a_day_old_is_forgotten(conn: db.Conn) -> None:
    wrong(conn, 2, MOBILE)
    note_wrong_entry(conn, MOBILE, is_home=True, now=MORNING + timedelta(days=1, seconds=1))
    assert db.value(conn, int, "SELECT count(*) FROM wrong_entries") == 1
