"""Punches of signed-in phones while the database is away: who is believed, and what is made of it later."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from homecare.access.model import Permission, SignedIn
from homecare.access.operations import open_session, sign_out
from homecare.kernel.ids import OrganisationId, UserId, WorkerId
from realtime.sessions import REMEMBERED, SeenSessions
from tests.realtime.agency import Agency
from tests.realtime.browser import check_in, health, post_punch
from tests.supervised import wait_until

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@contextmanager
def database_away(agency: Agency) -> Iterator[None]:
    """Stop the database for the block; afterwards it is back and everything that was kept was looked at."""
    agency.core.command("stop postgresql")
    try:
        yield
    finally:
        agency.core.command("start postgresql")
    wait_until(lambda: is_well(agency), seconds=15)


def is_well(agency: Agency) -> bool:
    state = health(agency.settings)
    return state["database"] is True and state["settled"] is True


def test_a_phone_whose_session_was_open_just_before_is_told_kept_and_its_punch_is_stored_once(
    agency: Agency,
) -> None:
    agency.plan_visit()
    post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    departure, key = check_in(qr=agency.home.qr_token, edge="departure"), "d" * 20
    with database_away(agency):
        for _ in range(2):
            reply = post_punch(agency.settings, departure, session=agency.worker_session, key=key)
            assert (reply.status, reply.body["status"]) == (202, "kept")
    assert agency.punches() == [("qr", "arrival", None), ("qr", "departure", None)]
    again = post_punch(agency.settings, departure, session=agency.worker_session, key=key)
    assert (again.status, again.body["edge"]) == (200, "departure")


def test_a_session_that_the_core_never_saw_leaves_the_punch_to_the_phone(agency: Agency) -> None:
    with database_away(agency):
        for session in (agency.worker_session, "forged"):
            reply = post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=session)
            assert reply.status == 503


def test_a_worker_who_had_signed_out_before_leaves_a_refusal_and_no_punch(agency: Agency) -> None:
    agency.plan_visit()
    post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    with agency.connect() as conn:
        sign_out(conn, agency.worker_session)
    with database_away(agency):
        message = check_in(qr=agency.home.qr_token, edge="departure")
        assert post_punch(agency.settings, message, session=agency.worker_session).status == 202
    assert agency.punches() == [("qr", "arrival", None)]
    with agency.connect() as conn:
        refusals = conn.execute("SELECT status, worker_id FROM punch_refusals").fetchall()
    assert refusals == [("unauthorised_phone", agency.worker.id)]


def test_a_punch_sent_again_under_another_session_fails_nobody_elses(agency: Agency) -> None:
    agency.plan_visit()
    first, second = agency.worker_session, another_session(agency)
    for session in (first, second):
        post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=session)
    again, key = check_in(qr=agency.home.qr_token, edge="departure"), "k" * 20

    def punch(number: int) -> int:
        if number % 2:
            return post_punch(agency.settings, again, session=second, key=key).status
        fresh = check_in(qr=agency.home.qr_token)
        return post_punch(agency.settings, fresh, session=first, key=f"{number:020}").status

    with database_away(agency):
        assert post_punch(agency.settings, again, session=first, key=key).status == 202
        with ThreadPoolExecutor(8) as hands:
            assert set(hands.map(punch, range(60))) == {202}
    assert len(agency.punches()) == 2 + 1 + 30


def another_session(agency: Agency) -> str:
    """Sign the agency's worker in on another telephone."""
    with agency.connect() as conn:
        row = conn.execute("SELECT user_id FROM workers WHERE id = %s", (agency.worker.id,)).fetchone()
        assert row is not None
        return open_session(conn, UserId(row[0]), now=datetime.now(UTC))


def worker(number: int, *permissions: Permission) -> SignedIn:
    return SignedIn(OrganisationId(1), UserId(number), "", frozenset(permissions), None, WorkerId(number))


def test_sessions_are_remembered_for_some_hours_and_forgotten_when_the_database_says_so() -> None:
    seen, person = SeenSessions(), worker(1, Permission.PUNCH)
    seen.note("token", person, now=NOW)
    assert seen.find("token", now=NOW + REMEMBERED) == person
    assert seen.find("token", now=NOW + REMEMBERED + timedelta(seconds=1)) is None
    seen.note("token", None, now=NOW)
    assert seen.find("token", now=NOW) is None


def test_the_memory_of_sessions_is_bounded_and_keeps_the_latest_of_those_who_may_punch() -> None:
    seen = SeenSessions(most=2)
    for number in (1, 2, 1, 3):
        seen.note(f"token {number}", worker(number, Permission.PUNCH), now=NOW)
    seen.note("token 4", worker(4, Permission.SEE_BOARD), now=NOW)
    known = [number for number in (1, 2, 3, 4) if seen.find(f"token {number}", now=NOW)]
    assert known == [1, 3]
