"""The journal of punches: what waits first, in words, with its proof; refused attempts; calls to give."""

import html
import re
from datetime import timedelta

import pytest

from backoffice_web.punches import journal
from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.ids import AreaId
from homecare.punches.model import (
    Channel,
    Claim,
    Edge,
    HomeCode,
    Line,
    MissedCall,
    PlannedWorker,
    SignedInWorker,
)
from homecare.punches.operations import LeftByCall, leave_call_task, note_refusal, record
from homecare.punches.queries import list_call_tasks
from homecare.punches.voice_notes import NoteFile, keep_note
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import MadeHome, make_area, make_client, make_visit, make_worker

EARLIER = NOW - timedelta(minutes=20)


class Day:
    """A worker with a visit at 08:30, a punch that found it, another from an unknown line."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        with agency.database.connect(agency.organisation) as conn:
            self.worker = make_worker(conn, agency.organisation, agency.area).id
            self.home: MadeHome = make_client(conn, agency.area)
            make_visit(conn, self.home, self.worker, starts_at=EARLIER)
            self.punch(conn, Line(self.home.line), "found")
            self.punch(conn, Line("+33547000099"), "lost")

    def punch(self, conn: db.Conn, where: Line | HomeCode, reference: str) -> None:
        claim = Claim(
            organisation=self.agency.organisation,
            channel=Channel.PHONE,
            source_ref=reference,
            punched_at=EARLIER,
            where=where,
            who=SignedInWorker(self.worker),
            edge=Edge.ARRIVAL,
        )
        record(conn, [claim], core_instance="test", now=EARLIER + timedelta(hours=3))

    def leave_task(self, area: AreaId | None = None) -> int:
        with self.agency.database.connect(self.agency.organisation) as conn:
            home = self.home if area is None else make_client(conn, area)
            left = LeftByCall("call_back", "call-1", EARLIER, home=home.home)
            leave_call_task(conn, self.agency.organisation, left)
            return list_call_tasks(conn)[0].id

    def open_tasks(self) -> int:
        with self.agency.database.connect(self.agency.organisation) as conn:
            return len(list_call_tasks(conn))


@pytest.fixture
def day(agency: Agency) -> Day:
    return Day(agency)


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_what_waits_comes_first_with_its_reason_in_words(day: Day) -> None:
    page = flat(day.agency.browser(Role.COORDINATOR).get("/pointages").text)
    assert "Ligne inconnue : 05 47 00 00 99" in page
    assert page.count('data-status="late"') == 1


def test_a_missed_call_is_told_from_a_call_with_a_code(day: Day) -> None:
    with day.agency.database.connect(day.agency.organisation) as conn:
        claim = Claim(
            day.agency.organisation,
            Channel.PHONE,
            "missed-1",
            EARLIER + timedelta(minutes=10),
            MissedCall(day.home.line),
            PlannedWorker(day.worker),
            Edge.DEPARTURE,
        )
        record(conn, [claim], core_instance="test", now=NOW)
        left = LeftByCall("missed_unclear", "missed-2", EARLIER, subject=day.home.line)
        leave_call_task(conn, day.agency.organisation, left)
    browser = day.agency.browser(Role.COORDINATOR)
    page = browser.get("/pointages?vue=tous").text
    assert page.count("appel manqué") == 1
    assert 'data-proof="D"' in page
    tasks = flat(browser.get("/pointages?vue=appels").text)
    assert "Appel manqué : de qui ?" in tasks
    assert "depuis le 05" in tasks


def test_all_the_day_tells_channel_proof_visit_and_what_came_late(day: Day) -> None:
    page = flat(day.agency.browser(Role.COORDINATOR).get("/pointages?vue=tous").text)
    assert "BELLANGER Odile" in page
    assert "téléphone" in page
    assert 'data-proof="B"' in page
    assert "08:27 – 09:27" in page
    assert "reçu 3 h 00 après" in page


def test_a_long_list_goes_on_page_after_page_and_leaves_nothing_out(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 2)
    with day.agency.database.connect(day.agency.organisation) as conn:
        for number in range(3):  # all of the same second
            day.punch(conn, Line(f"+3354700010{number}"), f"lost-{number}")
    browser = day.agency.browser(Role.COORDINATOR)
    seen, address = list[str](), "/pointages?vue=tous"
    for last in (False, False, True):
        page = flat(browser.get(address).text)
        assert "sur 5" in page
        seen += re.findall(r"Ligne inconnue : ([0-9 ]+)|(BELLANGER)", page)
        following = re.search(r'href="([^"]+)">Suivants', page)
        assert (following is None) is last
        if following:
            address = html.unescape(following[1])
    assert len(seen) == len(set(seen)) == 5
    assert "Revenir aux derniers" in page


def test_another_day_is_empty_and_says_so(day: Day) -> None:
    page = day.agency.browser(Role.COORDINATOR).get("/pointages?jour=2026-11-23").text
    assert "Tout est traité" in page


def test_attempts_that_failed_tell_their_status(day: Day) -> None:
    with day.agency.database.connect(day.agency.organisation) as conn:
        note_refusal(
            conn,
            day.agency.organisation,
            Channel.PHONE,
            "bad_pin",
            source_ref="r1",
            at=EARLIER,
            home=day.home.home,
        )
    page = day.agency.browser(Role.COORDINATOR).get("/pointages?vue=refus").text
    assert "Code d’intervenant erroné" in page
    assert "BELLANGER Odile" in page


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COORDINATOR, 200), (Role.AUDITOR, 200), (Role.WORKER, 403), (None, 303)]
)
def test_only_those_who_may_see_punches_do(day: Day, role: Role | None, status: int) -> None:
    assert day.agency.browser(role).get("/pointages").status_code == status


def test_a_coordinator_of_another_area_sees_no_punch_of_this_one(day: Day) -> None:
    with day.agency.database.connect(day.agency.organisation) as conn:
        elsewhere = make_area(conn)
    browser = day.agency.browser(Role.COORDINATOR, area=elsewhere)
    for view in ("attente", "tous", "refus", "appels"):
        page = browser.get(f"/pointages?vue={view}").text
        assert "BELLANGER" not in page
        assert "ARNAUD" not in page


def test_a_call_is_given_back_then_taken_back(day: Day) -> None:
    browser = day.agency.browser(Role.COORDINATOR)
    task = day.leave_task()
    fields = signed(browser, "/pointages?vue=appels")
    page = browser.post(f"/pointages/appels/{task}/fait", data=fields, follow_redirects=True).text
    assert "Noté comme fait." in page
    assert day.open_tasks() == 0
    browser.post(f"/pointages/appels/{task}/rouvrir", data=fields)
    assert day.open_tasks() == 1


def test_an_auditor_sees_the_call_but_cannot_close_it(day: Day) -> None:
    task = day.leave_task()
    auditor = day.agency.browser(Role.AUDITOR)
    assert "Demande à être rappelé" in auditor.get("/pointages?vue=appels").text
    assert "/fait" not in auditor.get("/pointages?vue=appels").text
    fields = signed(auditor, "/pointages?vue=appels")
    assert auditor.post(f"/pointages/appels/{task}/fait", data=fields).status_code == 403
    assert day.open_tasks() == 1


def test_a_call_of_another_area_cannot_be_closed_by_its_address(day: Day) -> None:
    with day.agency.database.connect(day.agency.organisation) as conn:
        elsewhere = make_area(conn)
    task = day.leave_task(elsewhere)
    here = day.agency.browser(Role.COORDINATOR, area=day.agency.area)
    fields = signed(here, "/pointages?vue=appels")
    assert here.post(f"/pointages/appels/{task}/fait", data=fields).status_code == 404
    assert day.open_tasks() == 1


def test_a_voice_note_is_heard_by_who_may_act_on_its_task_only(day: Day) -> None:
    with day.agency.database.connect(day.agency.organisation) as conn:
        left = LeftByCall("concern", "call-2", EARLIER, home=day.home.home, recording="note-1-call-2-1.wav")
        leave_call_task(conn, day.agency.organisation, left)
        keep_note(
            conn, day.agency.organisation, NoteFile("note-1-call-2-1.wav", "call-2", EARLIER), b"RIFF sound"
        )
        task = list_call_tasks(conn)[0].id
    coordinator = day.agency.browser(Role.COORDINATOR)
    address = f"/pointages/appels/{task}/message"
    assert address in coordinator.get("/pointages?vue=appels").text
    form = signed(coordinator, "/pointages?vue=appels")
    answer = coordinator.post(address, data=form)
    assert (answer.mimetype, answer.data, answer.headers["Cache-Control"]) == (
        "audio/wav",
        b"RIFF sound",
        "no-store",
    )
    auditor = day.agency.browser(Role.AUDITOR)
    assert address not in auditor.get("/pointages?vue=appels").text
    assert auditor.post(address, data=signed(auditor, "/pointages")).status_code == 403
    assert coordinator.post(f"/pointages/appels/{task + 1}/message", data=form).status_code == 404
