"""The running core, used as workers, devices and coordinators use it: real calls, real broker, real HTTP."""

import http.client
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homecare.alerts.operations import set_rule
from homecare.visits.queries import find_visit
from homecare.workers.model import Language
from simulators.handset.call import place_call
from simulators.mqtt_box.box import Box
from telephony.prompts import Prompts
from telephony.speech import Phrase, Spoken
from telephony.wordings import read_wording
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency
from tests.realtime.browser import OpenBoard, StreamRefusedError, check_in, health, post_punch
from tests.realtime.conftest import Opens
from tests.supervised import wait_until
from tests.telephony.hearing import likeness

ONE_ENTRY = 0.8  # seconds from the answer to the first key


def call(
    agency: Agency, *, caller: str | None, keys: list[tuple[float, str]], save_to: Path | None = None
) -> float:
    """Call the agency's number and return the length of the call in seconds."""
    settings = agency.settings
    switch = (settings.sip_host, settings.sip_port)
    hang_up_after = None if keys else 0.5
    report = place_call(agency.called, caller, keys, hang_up_after, switch=switch, save_to=save_to)
    assert report["answered"], report
    return report["seconds"] or 0.0


def prompt(agency: Agency, sound: Spoken) -> Path:
    """Return the recording of what the core says."""
    folder = agency.settings.prompts_dir
    (name,) = Prompts(read_wording(Language.FRENCH), folder).render([sound])
    return folder / f"{name}.wav"


def test_a_call_from_the_home_marks_the_arrival_and_shows_on_the_open_board(
    agency: Agency, open_board: Opens
) -> None:
    visit = agency.plan_visit()
    board = open_board(agency.coordinator_session)
    seconds = call(agency, caller=agency.home.line, keys=[(ONE_ENTRY, agency.worker.code)])
    assert agency.punches() == [("phone", "arrival", None)]
    wait_until(lambda: board.saw("visit", visit), seconds=2)
    assert seconds < 20


def test_a_code_scanned_with_the_phone_marks_the_arrival_and_its_sentence_says_when(agency: Agency) -> None:
    visit = agency.plan_visit()
    reply = post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    assert (reply.status, reply.body["edge"], reply.body["visit"]) == (201, "arrival", visit)
    assert str(reply.body["message"]).startswith("Arrivée enregistrée à ")


def test_a_box_at_the_home_is_acknowledged_only_once_its_punch_is_stored(
    agency: Agency, tmp_path: Path
) -> None:
    visit = agency.plan_visit()
    device = f"box-{int(agency.called[-4:]):04d}"
    box = Box(
        device,
        organisation=str(agency.organisation),
        password=agency.core.device_password(device),
        memory=tmp_path / "memory",
    )
    box.start(agency.settings.mqtt_host, agency.settings.mqtt_port)
    try:
        box.punch(at=datetime.now(UTC), badge=agency.badge)
        assert box.wait_until_answered(timeout=10)
    finally:
        box.stop()
    with agency.connect() as conn:
        assert find_visit(conn, visit).arrived_at is not None


def test_the_same_check_in_sent_again_gets_the_same_answer_and_one_row(agency: Agency) -> None:
    agency.plan_visit()
    message = check_in(qr=agency.home.qr_token)
    first = post_punch(agency.settings, message, session=agency.worker_session, key="k" * 20)
    second = post_punch(agency.settings, message, session=agency.worker_session, key="k" * 20)
    assert (first.status, second.status) == (201, 200)
    assert second.body["punched_at"] == first.body["punched_at"]
    assert len(agency.punches()) == 1


def test_the_same_key_with_another_content_is_refused_as_a_conflict(agency: Agency) -> None:
    agency.plan_visit()
    key = "c" * 20
    post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session, key=key)
    later = check_in(qr=agency.home.qr_token, edge="departure")
    assert post_punch(agency.settings, later, session=agency.worker_session, key=key).status == 409


def test_nobody_punches_without_a_session_nor_with_a_coordinators(agency: Agency) -> None:
    message = check_in(qr=agency.home.qr_token)
    assert post_punch(agency.settings, message, session=None).status == 401
    assert post_punch(agency.settings, message, session="forged").status == 401
    assert post_punch(agency.settings, message, session=agency.coordinator_session).status == 403


@pytest.mark.parametrize("path", ["/punch", "/events"])
def test_a_head_is_refused_and_opens_no_stream(agency: Agency, path: str) -> None:
    settings = agency.settings
    with closing(
        http.client.HTTPConnection(settings.realtime_host, settings.realtime_port, timeout=10)
    ) as link:
        for method, status in (("HEAD", 405), ("GET", 405 if path == "/punch" else 401)):
            link.request(method, path)
            with link.getresponse() as answer:
                assert (answer.status, bool(answer.read())) == (status, method == "GET")


def test_a_form_of_another_site_cannot_punch(agency: Agency) -> None:
    message = check_in(qr=agency.home.qr_token)
    for headers in ({"Origin": "https://ailleurs.example"}, {"Content-Type": "text/plain"}):
        reply = post_punch(agency.settings, message, session=agency.worker_session, headers=headers)
        assert reply.status == 403
    assert agency.punches() == []


def test_the_code_of_another_organisation_is_refused_and_noted(agency: Agency, stranger: Agency) -> None:
    reply = post_punch(agency.settings, check_in(qr=stranger.home.qr_token), session=agency.worker_session)
    assert reply.status == 422
    assert agency.punches() == stranger.punches() == []
    with agency.connect() as conn:
        assert conn.execute("SELECT status FROM punch_refusals").fetchall() == [("foreign_code",)]


def test_a_visit_without_arrival_raises_one_alert_which_the_arrival_closes(
    agency: Agency, open_board: Opens
) -> None:
    board = open_board(agency.coordinator_session)
    with agency.connect() as conn:
        set_rule(conn, ACTOR, first_minutes=0, second_minutes=0, now=datetime.now(UTC))
    visit = agency.plan_visit(minutes_from_now=1 / 60)
    wait_until(lambda: board.saw("alert"), seconds=5)
    post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    with agency.connect() as conn:
        rows = conn.execute("SELECT visit_id, step, closing FROM alerts").fetchall()
    assert rows == [(visit, 2, "arrived")]


@feature("N10")
def test_a_call_while_the_database_is_away_is_kept_and_stored_once_when_it_is_back(agency: Agency) -> None:
    agency.plan_visit()
    call(agency, caller=None, keys=[(ONE_ENTRY, agency.home.home_code), (2.5, agency.worker.code)])
    agency.core.command("stop postgresql")
    try:
        call(agency, caller=agency.home.line, keys=[(ONE_ENTRY, agency.worker.code)])
        reply = post_punch(agency.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
        assert reply.status == 503
    finally:
        agency.core.command("start postgresql")
    wait_until(lambda: _punches(agency) == 2, seconds=20)


def test_a_core_that_starts_while_the_database_is_away_keeps_calls_and_stores_them_once_when_it_is_back(
    agency: Agency, tmp_path: Path
) -> None:
    visit = agency.plan_visit()
    call(agency, caller=None, keys=[])  # the core learns the called number
    agency.core.command("stop postgresql")
    try:
        agency.core.command("stop realtime")
        agency.core.command("start realtime")
        recording = tmp_path / "heard.wav"
        call(agency, caller=agency.home.line, keys=[(ONE_ENTRY, agency.worker.code)], save_to=recording)
        assert likeness(recording, prompt(agency, Phrase.KEPT)) > 0.9
        assert health(agency.settings)["settled"] is False
    finally:
        agency.core.command("start postgresql")
    wait_until(lambda: health(agency.settings)["settled"] is True, seconds=10)
    assert agency.punches() == [("phone", "arrival", None)]
    with agency.connect() as conn:
        assert conn.execute("SELECT count(*) FROM punches").fetchall() == [(1,)]
        assert find_visit(conn, visit).arrived_at is not None


def _punches(agency: Agency) -> int:
    try:
        return len(agency.punches())
    except Exception:  # noqa: BLE001 - the database is still starting
        return 0


def test_a_board_hears_nothing_of_another_agency(agency: Agency, stranger: Agency, open_board: Opens) -> None:
    board = open_board(agency.coordinator_session)
    stranger.plan_visit()
    post_punch(stranger.settings, check_in(qr=stranger.home.qr_token), session=stranger.worker_session)
    wait_until(lambda: board.saw("beat"), seconds=5)
    assert not board.saw("visit")


def test_the_stream_is_refused_to_whoever_may_not_see_the_board(agency: Agency) -> None:
    for session, status in (("forged", 401), (agency.worker_session, 403)):
        with pytest.raises(StreamRefusedError, match=str(status)):
            OpenBoard(agency.settings, session)


def test_a_check_in_of_yesterdays_walk_is_dated_by_the_phone(agency: Agency) -> None:
    at = datetime.now(UTC) - timedelta(hours=30)
    reply = post_punch(
        agency.settings,
        check_in(qr=agency.home.qr_token, at=at.isoformat(), edge="arrival"),
        session=agency.worker_session,
    )
    assert datetime.fromisoformat(str(reply.body["punched_at"])) == at


def test_the_health_says_what_stands_behind(agency: Agency) -> None:
    wait_until(lambda: health(agency.settings)["telephone"] is True, seconds=15)
    assert health(agency.settings) | {"live_calls": 0} == {
        "database": True,
        "settled": True,
        "set_aside": 0,
        "telephone": True,
        "live_calls": 0,
        "devices": True,
    }
