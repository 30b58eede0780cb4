"""What a phone says beside its punches: taken once, refused with a sentence, never with a position."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from backoffice_web.access import SESSION_COOKIE
from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel.ids import PunchId, VisitId, WorkerId
from homecare.punches.disputes import list_disputes
from homecare.punches.model import Channel, Claim, Home, Line, PlaceCheck, SignedInWorker, Where
from homecare.punches.operations import record
from homecare.punches.place_exceptions import list_exceptions
from homecare.visits.reports import list_reports
from tests.backoffice_web.agency import NOW, Agency, later
from tests.builders import MadeHome, make_client, make_user, make_visit, make_worker
from tests.features import feature

KEY = "0123456789abcdef"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pocket:
    """A worker's browser, with one visit in reach."""

    agency: Agency
    browser: FlaskClient
    worker: WorkerId
    home: MadeHome
    visit: VisitId

    def say(self, key: str = KEY, **message: Any) -> TestResponse:
        """Post a note as the phone does."""
        return self.post(json.dumps({"v": 1, "at": NOW.isoformat(), **message}).encode(), key=key)

    def post(self, body: bytes, *, key: str = KEY, **headers: str) -> TestResponse:
        return self.browser.post(
            "/moi/saisies",
            data=body,
            headers={"Content-Type": "application/json", "Idempotency-Key": key, **headers},
        )

    def punch(
        self,
        key: str = "punch-of-this-phone",
        *,
        where: Where | None = None,
        channel: Channel = Channel.APP,
        word: PlaceCheck = PlaceCheck.OUTSIDE,
    ) -> PunchId:
        claim = Claim(
            organisation=self.agency.organisation,
            channel=channel,
            source_ref=f"{self.worker}/{key}",
            punched_at=NOW - timedelta(minutes=1),
            where=where or Home(self.home.home),
            who=SignedInWorker(self.worker),
            place_check=word,
        )
        with self.agency.database.connect(self.agency.organisation) as conn:
            (receipt,) = record(conn, [claim], core_instance="test", now=NOW)
        assert receipt.punch is not None
        return receipt.punch


@pytest.fixture
def pocket(agency: Agency) -> Pocket:
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn, role=Role.WORKER)
        worker = make_worker(conn, agency.organisation, agency.area, user=user).id
        home = make_client(conn, agency.area)
        visit = make_visit(conn, home, worker, starts_at=later(0))
        token = open_session(conn, user, now=NOW)
    browser = agency.browser()
    browser.set_cookie(SESSION_COOKIE, token)
    return Pocket(agency, browser, worker, home, visit)


def told(answer: TestResponse) -> tuple[int, str]:
    """Return the status and the sentence."""
    body: Any = answer.json
    return answer.status_code, str(body["message"])


def reasons(pocket: Pocket) -> list[tuple[str | None, str]]:
    with pocket.agency.database.connect(pocket.agency.organisation) as conn:
        return [(one.reason, one.comment) for one in list_exceptions(conn, since=NOW - DAY, until=NOW + DAY)]


def disputed(pocket: Pocket) -> list[tuple[str, str, str]]:
    with pocket.agency.database.connect(pocket.agency.organisation) as conn:
        return [(one.channel, one.reason, one.comment) for one in list_disputes(conn, answered_since=NOW)]


@feature("P22")
def test_the_reason_of_a_punch_made_elsewhere_is_kept_with_its_exception(pocket: Pocket) -> None:
    pocket.punch()
    said: dict[str, Any] = {"kind": "explanation", "punch": "punch-of-this-phone", "reason": "accompanying"}
    answer = pocket.say(**said, comment="  Chez le  médecin ")
    assert told(answer) == (201, "Reçu par l’agence.")
    assert reasons(pocket) == [("accompanying", "Chez le médecin")]


def test_a_note_sent_again_changes_nothing_and_the_same_number_with_another_content_is_refused(
    pocket: Pocket,
) -> None:
    punch = pocket.punch()
    said: dict[str, Any] = {"kind": "dispute", "punch": punch, "reason": "wrong_time"}
    assert [pocket.say(**said).status_code for _ in range(2)] == [201, 200]
    status, sentence = told(pocket.say(**said, comment="autre"))
    assert (status, "a déjà servi" in sentence) == (409, True)
    assert disputed(pocket) == [("app", "wrong_time", "")]


def test_a_note_about_a_punch_that_has_not_arrived_is_kept_by_the_phone(pocket: Pocket) -> None:
    said: dict[str, Any] = {"kind": "explanation", "punch": "punch-of-this-phone", "reason": "nearby"}
    assert pocket.say(**said).status_code == 425
    pocket.punch()
    assert pocket.say(**said).status_code == 201
    assert reasons(pocket) == [("nearby", "")]


@feature("N8")
@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.NFC, Channel.BOX])
def test_a_punch_of_any_channel_is_disputed_by_its_worker(pocket: Pocket, channel: Channel) -> None:
    punch = pocket.punch("call", where=Line(pocket.home.line), channel=channel, word=PlaceCheck.UNKNOWN)
    answer = pocket.say(kind="dispute", punch=punch, reason="not_mine", comment="J’étais en repos.")
    assert answer.status_code == 201
    assert disputed(pocket) == [(channel, "not_mine", "J’étais en repos.")]


def test_a_second_tap_on_an_open_dispute_says_nothing_new(pocket: Pocket) -> None:
    punch = pocket.punch()
    for number in range(2):
        said = pocket.say(f"another-{number}", kind="dispute", punch=punch, reason="other")
        assert said.status_code == 201
    assert len(disputed(pocket)) == 1


def test_nobody_disputes_a_colleagues_punch(pocket: Pocket) -> None:
    agency = pocket.agency
    with agency.database.connect(agency.organisation) as conn:
        colleague = make_worker(conn, agency.organisation, agency.area, last_name="Koné").id
    punch = replace(pocket, worker=colleague).punch()
    answer = pocket.say(kind="dispute", punch=punch, reason="other")
    assert (answer.status_code, disputed(pocket)) == (422, [])


@feature("N12")
@pytest.mark.parametrize("field", ["lat", "lon", "position", "coords", "accuracy", "geo"])
def test_a_note_that_carries_a_position_is_refused(pocket: Pocket, field: str) -> None:
    punch = pocket.punch()
    said: dict[str, Any] = {field: 46.34}
    status, sentence = told(pocket.say(kind="dispute", punch=punch, reason="other", **said))
    assert (status, "donnée refusée" in sentence) == (422, True)
    assert disputed(pocket) == []


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "dispute", "punch": 1, "reason": "wrong_time", "v": 2},
        {"kind": "gossip"},
        {"kind": ["dispute"]},
        {"kind": "dispute", "punch": True, "reason": "other"},
        {"kind": "dispute", "punch": 2**63, "reason": "other"},
        {"kind": "dispute", "punch": "short", "reason": "other"},
        {"kind": "dispute", "punch": 1, "reason": "because"},
        {"kind": "dispute", "punch": 1, "reason": "other", "comment": "a" * 501},
        {"kind": "dispute", "punch": 1, "reason": "other", "comment": "un\u0000deux"},
        {"kind": "dispute", "punch": 1, "reason": "other", "at": "2026-11-24T08:00:00"},
        {"kind": "dispute", "punch": 1, "reason": "other", "at": "2026-12-24T08:00:00+01:00"},
        {"kind": "dispute", "punch": 1, "reason": "other", "at": "2026-09-24T08:00:00+01:00"},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(pocket: Pocket, message: dict[str, Any]) -> None:
    status, sentence = told(pocket.say(**message))
    assert (status, bool(sentence)) == (422, True)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_is_posted_gets_a_sentence(pocket: Pocket, body: bytes) -> None:
    status, sentence = told(pocket.post(body))
    assert (status, bool(sentence)) == (422, True)


def test_another_sites_page_can_post_nothing(pocket: Pocket) -> None:
    body = json.dumps({"v": 1}).encode()
    assert pocket.post(body, Origin="https://ailleurs.exemple").status_code == 403
    assert pocket.post(body, **{"Content-Type": "text/plain"}).status_code == 403
    assert pocket.agency.browser().post("/moi/saisies", data=body).status_code == 303


def reported(pocket: Pocket) -> list[tuple[str, object, object, str]]:
    with pocket.agency.database.connect(pocket.agency.organisation) as conn:
        reports = list_reports(conn, since=NOW - DAY, until=NOW + DAY)
    return [(one.kind, one.amount, one.km, one.text) for one in reports]


@feature("P32")
def test_expenses_kilometres_and_comments_of_an_open_visit_are_kept_to_the_cent(pocket: Pocket) -> None:
    said: list[dict[str, Any]] = [
        {"kind": "expense", "amount": "12.50", "text": "Pharmacie"},
        {"kind": "mileage", "km": "3.5"},
        {"kind": "comment", "text": "A bien mangé."},
    ]
    for number, message in enumerate(said):
        answer = pocket.say(f"during-{number}", visit=pocket.visit, **message)
        assert told(answer) == (201, "Reçu par l’agence.")
    assert reported(pocket) == [
        ("expense", Decimal("12.50"), None, "Pharmacie"),
        ("mileage", None, Decimal("3.5"), ""),
        ("comment", None, None, "A bien mangé."),
    ]


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "expense", "amount": 12.5},
        {"kind": "expense", "amount": "0"},
        {"kind": "expense", "amount": "1000.01"},
        {"kind": "expense", "amount": "NaN"},
        {"kind": "expense", "amount": "1e3"},
        {"kind": "expense", "amount": "-5"},
        {"kind": "mileage", "km": "0.05"},
        {"kind": "mileage", "km": "501"},
        {"kind": "comment"},
        {"kind": "comment", "text": "  "},
        {"kind": "outing", "what": "cinema"},
        {"kind": "comment", "text": "tard", "at": (NOW + timedelta(minutes=4)).isoformat(), "visit": 10**9},
    ],
)
def test_what_no_visit_has_is_refused(pocket: Pocket, message: dict[str, Any]) -> None:
    status, sentence = told(pocket.say(**{"visit": pocket.visit, **message}))
    assert (status, bool(sentence), reported(pocket)) == (422, True, [])
