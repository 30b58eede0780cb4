"""Rows of the telephone: real calls, judged by what the caller hears and by what the database holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from homecare.access.model import Role
from homecare.clients.operations import add_line
from homecare.kernel.ids import VisitId
from homecare.punches.task_codes import add_task_code, change_task_mode
from homecare.punches.tasks import TaskMode
from simulators.handset.duty import duty_phone
from telephony.speech import Digits, Phrase, Words, time_of
from tests.acceptance.phone import Phone
from tests.backoffice_web.browsing import signed_in
from tests.builders import ACTOR, make_client, make_service, make_visit
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    return Phone(agency, tmp_path / "heard.wav")


def visit_begun(agency: Agency, *tasks: str) -> VisitId:
    """A visit whose worker arrived forty minutes ago."""
    begun = agency.now() - timedelta(minutes=40)
    with agency.connect() as conn:
        service = make_service(conn, tasks=tasks)
        visit = make_visit(conn, agency.home, agency.worker.id, starts_at=begun, service=service)
        conn.execute("UPDATE visits SET arrived_at = starts_at WHERE id = %s", (visit,))
    return visit


# ---- G2, P7


@feature("G2", "P7")
def test_one_entry_from_the_homes_telephone_and_the_stored_time_and_name_are_heard(
    phone: Phone,
) -> None:
    visit = phone.agency.plan_visit()
    report = phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code))
    ((stored, edge, of),) = phone.rows("SELECT punched_at, edge, visit_id FROM punch_matches")
    ((first_name,),) = phone.rows("SELECT first_name FROM workers")
    assert (edge, of) == ("arrival", visit)
    assert report["ended_by"] == "them"
    assert report["seconds"] is not None
    assert report["seconds"] < 20
    assert phone.heard(Phrase.ARRIVAL_AT)
    assert phone.heard(time_of(stored))
    assert phone.heard(Words(first_name))
    assert phone.fit(time_of(stored)) > phone.fit(time_of(stored + timedelta(minutes=1)))


@feature("P13")
def test_a_couple_is_punched_in_and_out_with_one_entry_each(phone: Phone) -> None:
    agency, call = phone.agency, (0.8, phone.agency.worker.code)
    with agency.connect() as conn:
        husband = make_client(conn, agency.area)
        add_line(conn, husband.home, agency.home.line)
        for home in (agency.home, husband):
            make_visit(conn, home, agency.worker.id, starts_at=agency.now())
    phone.call(agency.home.line, call)
    assert phone.heard(Phrase.ARRIVAL_AT)
    with agency.connect() as conn:
        conn.execute("UPDATE visits SET arrived_at = arrived_at - interval '40 minutes'")
    phone.call(agency.home.line, call)
    assert phone.heard(Phrase.DEPARTURE_AT)
    assert phone.rows("SELECT edge FROM punch_matches ORDER BY punch_id") == [("arrival",), ("departure",)]
    punched = phone.rows("SELECT punched_at FROM punches ORDER BY id")
    assert phone.rows("SELECT left_at FROM visits") == [punched[1]] * 2
    assert phone.rows("SELECT arrived_at + interval '40 minutes' FROM visits") == [punched[0]] * 2


@feature("G2")
@pytest.mark.parametrize("caller", [None, "+33699887766"])
def test_a_hidden_or_unknown_number_goes_by_the_home_code_and_is_flagged(
    phone: Phone, caller: str | None
) -> None:
    visit = phone.agency.plan_visit()
    phone.call(caller, (0.8, phone.agency.home.home_code), (1.5, phone.agency.worker.code))
    assert phone.rows("SELECT visit_id FROM punch_matches") == [(visit,)]
    ((proof, claim),) = phone.rows("SELECT proof, claim FROM punches")
    assert proof == "C"
    assert claim["details"]["caller"] == caller


@feature("G2")
def test_thirty_calls_at_once_are_thirty_punches(phone: Phone) -> None:
    phone.agency.plan_visit()
    keys = (1.0, phone.agency.worker.code)
    with ThreadPoolExecutor(30) as hands:
        reports = list(hands.map(lambda _: phone.call(phone.agency.home.line, keys, save_to=None), range(30)))
    assert [report["ended_by"] for report in reports] == ["them"] * 30
    assert max(report["seconds"] or 99 for report in reports) < 20
    assert phone.rows("SELECT count(*) FROM punches") == [(30,)]


@feature("G2", "N10")
def test_no_punch_is_lost_with_the_database_down(phone: Phone) -> None:
    visit = phone.agency.plan_visit()
    phone.call(phone.agency.home.line, hang_up_after=0.5)  # the core has seen the called number once
    phone.agency.core.command("stop postgresql")
    try:
        report = phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code))
        assert phone.heard(Phrase.KEPT)
    finally:
        phone.agency.core.command("start postgresql")
    wait_until(lambda: _stored(phone), seconds=20)
    ((stored, of),) = phone.rows("SELECT punched_at, visit_id FROM punch_matches")
    assert of == visit
    assert abs(stored.timestamp() - (report["answered_at"] or 0)) < 2


def _stored(phone: Phone) -> bool:
    try:
        return phone.rows("SELECT count(*) FROM punch_matches") == [(1,)]
    except Exception:  # noqa: BLE001 - the database is still starting
        return False


# ---- P2, P3, P6


@feature("P2")
def test_task_codes_are_keyed_the_refused_ones_starred_and_all_read_back(phone: Phone) -> None:
    visit = visit_begun(phone.agency, "Aération")
    with phone.agency.connect() as conn:
        change_task_mode(conn, ACTOR, TaskMode.KEYED, now=phone.agency.now())
        for code, label in (("12", "Toilette"), ("345", "Repas"), ("67", "Courses"), ("89", "Linge")):
            add_task_code(conn, ACTOR, code, label, now=phone.agency.now())
    keyed = (4.5, "12#345#67*#50#000")
    phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code), keyed, (6.0, ""))
    answers = phone.rows("SELECT visit_id, code, task, answer FROM task_answers ORDER BY code")
    assert answers == [
        (visit, "12", "Toilette", "done"),
        (visit, "345", "Repas", "done"),
        (visit, "67", "Courses", "refused"),
    ]
    assert phone.heard(Digits("12"))
    assert phone.heard(Digits("345"))
    assert phone.heard(Phrase.TASK_REFUSED)
    assert phone.heard(Digits("67"))
    assert phone.heard(Phrase.TASKS_NOTED)
    assert not phone.heard(Words("Aération"))
    assert not phone.heard(Digits("89"))


@feature("P3")
def test_the_visits_own_tasks_are_read_and_answered_by_one_key_each(phone: Phone) -> None:
    visit = visit_begun(phone.agency, "Toilette", "Repas")
    phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code), (4.5, "1"), (2.0, "*"))
    assert phone.heard(Words("Toilette"))
    assert phone.heard(Words("Repas"))
    answers = phone.rows("SELECT visit_id, task, answer FROM task_answers ORDER BY task")
    assert answers == [(visit, "Repas", "refused"), (visit, "Toilette", "done")]


@feature("P3")
def test_a_visit_without_tasks_is_left_without_a_question(phone: Phone) -> None:
    visit_begun(phone.agency)
    phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code))
    assert phone.heard(Phrase.DEPARTURE_AT)
    assert not phone.heard(Phrase.TASK_KEYS)


@feature("P6")
def test_one_key_records_a_voice_note_tied_to_the_visit_and_raises_a_task(
    running_agency: Agency, playwright: Playwright, tmp_path: Path
) -> None:
    phone = Phone(running_agency, tmp_path / "heard.wav")
    visit = visit_begun(phone.agency)
    phone.call(
        phone.agency.home.line,
        (0.8, phone.agency.worker.code),
        (1.0, "3"),
        tones="rfc2833",
        hang_up_after=6.0,
    )
    wait_until(lambda: phone.rows("SELECT FROM call_tasks"))
    ((kind, of),) = phone.rows("SELECT kind, visit_id FROM call_tasks")
    assert (kind, of) == ("concern", visit)
    wait_until(lambda: phone.rows("SELECT FROM voice_notes"), seconds=15)
    wait_until(lambda: not list(phone.agency.settings.kept_calls_dir.glob("note-*")))
    with signed_in(playwright, phone.agency, Role.COORDINATOR) as page:
        page.goto("/pointages?vue=appels")
        page.get_by_role("button", name="Écouter le message").click()
        heard = page.locator("audio")
        expect(heard).to_be_focused()
        wait_until(lambda: heard.evaluate("one => one.duration") > 0.5)


# ---- P4, P5


@feature("P4")
def test_the_schedule_is_heard_from_any_telephone_today_then_tomorrow(
    running_agency: Agency, tmp_path: Path
) -> None:
    phone = Phone(running_agency, tmp_path / "heard.wav")
    soon = running_agency.now() + timedelta(minutes=3)
    next_day = soon + timedelta(hours=22)
    with phone.agency.connect() as conn:
        for start in (soon, next_day):
            make_visit(conn, phone.agency.home, phone.agency.worker.id, starts_at=start)
    phone.call(None, (0.8, "*"), (5.5, phone.agency.worker.code), (4.5, "1"))
    ((street,),) = phone.rows("SELECT street FROM homes")
    assert phone.heard(Phrase.TODAY)
    assert phone.heard(time_of(soon))
    assert phone.heard(Words(street))
    assert phone.heard(Phrase.TOMORROW)
    assert phone.heard(time_of(next_day))
    assert phone.rows("SELECT count(*) FROM punches") == [(0,)]


def trunk_port(agency: Agency) -> int:
    lines = (agency.core.state / "env").read_text().splitlines()
    return next(int(line.partition("=")[2]) for line in lines if line.startswith("PONCTUEL_TRUNK_PORT="))


@feature("P5")
def test_a_key_transfers_to_the_duty_number_and_both_talk(phone: Phone) -> None:
    with duty_phone(trunk_port(phone.agency), talk_seconds=1.5) as duty:
        phone.call(phone.agency.home.line, (0.8, "0#"), (3.0, ""), tones="rfc2833")
        assert duty.heard_seconds > 1
    assert phone.rows("SELECT FROM call_tasks") == []


@feature("P5")
def test_the_number_set_on_the_page_of_areas_is_the_one_that_the_next_call_rings(
    running_agency: Agency, playwright: Playwright, tmp_path: Path
) -> None:
    phone = Phone(running_agency, tmp_path / "heard.wav")
    home, port = phone.agency.home.line, trunk_port(phone.agency)
    with phone.agency.connect() as conn:
        conn.execute("UPDATE areas SET duty_number = NULL")
    phone.call(home, (0.8, "0#"))
    assert phone.rows("SELECT kind FROM call_tasks") == [("call_back",)]
    with signed_in(playwright, phone.agency, Role.ADMINISTRATOR) as page:
        page.goto("/reglages")
        page.get_by_role("link", name="Secteurs et astreinte").click()
        expect(page.get_by_text("0 ou 9 laisse une demande d’appel")).to_be_visible()
        page.locator(".payer-rows a").click()
        page.get_by_label("Numéro d’astreinte").fill("06 39 98 00 12")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("0 ou 9 appelle le 06 39 98 00 12").first).to_be_visible()
    with duty_phone(port, number="+33639980012", talk_seconds=1.5) as duty:
        phone.call(home, (0.8, "0#"), (3.0, ""), tones="rfc2833")
        assert duty.heard_seconds > 1
    assert phone.rows("SELECT count(*) FROM call_tasks") == [(1,)]


@feature("P5")
@pytest.mark.parametrize("step", ["at the code", "after the punch"])
def test_a_duty_number_that_does_not_answer_leaves_a_call_back_task(phone: Phone, step: str) -> None:
    phone.agency.plan_visit()
    code = phone.agency.worker.code
    keys = [(0.8, "0#")] if step == "at the code" else [(0.8, code), (1.0, "0")]
    with duty_phone(trunk_port(phone.agency), busy=True):
        phone.call(phone.agency.home.line, *keys)
    ((kind, home, worker),) = phone.rows("SELECT kind, home_id, worker_id FROM call_tasks")
    assert (kind, home) == ("call_back", phone.agency.home.home)
    assert worker == (None if step == "at the code" else phone.agency.worker.id)
    assert phone.heard(Phrase.CALL_BACK)


# ---- wrong entries


def test_three_wrong_codes_are_noted_as_such(phone: Phone) -> None:
    wrong = "000000" if phone.agency.worker.code != "000000" else "111111"
    phone.call(phone.agency.home.line, (0.8, wrong), (2.0, wrong), (2.0, wrong))
    assert phone.heard(Phrase.THREE_ERRORS)
    assert phone.rows("SELECT status, home_id FROM punch_refusals") == [("bad_pin", phone.agency.home.home)]


def test_three_wrong_home_codes_are_noted_as_such(phone: Phone) -> None:
    phone.call(None, (0.8, "111111"), (2.0, "111111"), (2.0, "111111"))
    assert phone.rows("SELECT status FROM punch_refusals") == [("bad_home_code",)]


def test_a_caller_who_hangs_up_is_noted(phone: Phone) -> None:
    phone.call(phone.agency.home.line, hang_up_after=1.0)
    wait_until(lambda: phone.rows("SELECT FROM punch_refusals"))
    assert phone.rows("SELECT status FROM punch_refusals") == [("hang_up",)]
