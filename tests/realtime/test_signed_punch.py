"""Signed check-ins on the running core: what is taken, refused, flagged; also while the database is away."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from homecare.access.operations import open_session
from homecare.kernel.audit import BySystem, ByUser
from homecare.kernel.ids import UserId, WorkerId
from homecare.punches.signing import read_bytes
from homecare.workers.phones import NewPhone, enrol_phone, find_phone, revoke_phone
from simulators.phone_app.signer import Signer
from tests.builders import make_user, make_worker
from tests.realtime.agency import Agency
from tests.realtime.browser import Reply, health, post_punch
from tests.realtime.test_phone_outage import database_away
from tests.supervised import wait_until


@dataclass(slots=True)
class Telephone:
    """The worker's telephone: signs, and sends what it signed."""

    agency: Agency
    signer: Signer
    made: int = 0

    def sign(self, *, at: datetime | None = None, **fields: object) -> tuple[str, dict[str, object]]:
        """Return the key and the message of the next punch."""
        self.made += 1
        at = at or datetime.now(UTC)
        key = f"{self.signer.phone[:12]}-{self.made:08}"
        place = fields or {"qr": self.agency.home.qr_token}
        message = {"at": at.isoformat(), "edge": None, "place": "unknown", **place}
        text, signature = self.signer.entry(key, message, at=at.timestamp())
        return key, {"v": 2, "signed": text, "signature": signature, "sent": datetime.now(UTC).isoformat()}

    def post(self, signed: tuple[str, dict[str, object]], *, session: str | None = None) -> Reply:
        """Send a signed punch."""
        key, message = signed
        session = session or self.agency.worker_session
        return post_punch(self.agency.settings, message, session=session, key=key)


def enrolled(agency: Agency, worker: WorkerId | None = None) -> Telephone:
    """Enrol a new telephone, of the agency's worker unless said otherwise."""
    worker, signer = worker or agency.worker.id, Signer()
    sent = signer.enrolment(worker)
    phone = NewPhone(read_bytes(sent["public_key"]), read_bytes(sent["proof"]), "Téléphone")
    with agency.connect() as conn:
        enrol_phone(conn, BySystem("tests"), worker, phone, now=datetime.now(UTC))
    return Telephone(agency, signer)


@pytest.fixture
def telephone(agency: Agency) -> Telephone:
    agency.plan_visit()
    return enrolled(agency)


def refusals(agency: Agency) -> list[tuple[str, int]]:
    with agency.connect() as conn:
        return conn.execute("SELECT status, worker_id FROM punch_refusals ORDER BY id").fetchall()


def flags(agency: Agency) -> list[list[str]]:
    """Return the flags of the telephone's entries, by number."""
    with agency.connect() as conn:
        rows = conn.execute("SELECT flags FROM phone_entries ORDER BY number").fetchall()
    return [row[0] for row in rows]


def altered(signed: tuple[str, dict[str, object]], old: str, new: str) -> tuple[str, dict[str, object]]:
    """Return the punch with a piece of its signed text changed."""
    key, message = signed
    text = str(message["signed"])
    assert old in text
    return key, message | {"signed": text.replace(old, new, 1)}


def test_a_signed_punch_is_stored_and_the_ledger_keeps_the_exact_bytes_that_were_signed(
    agency: Agency, telephone: Telephone
) -> None:
    key, message = signed = telephone.sign()
    assert [telephone.post(signed).status for _ in range(2)] == [201, 200]
    with agency.connect() as conn:
        row = conn.execute("SELECT claim FROM punches").fetchone()
    assert row is not None
    claim = row[0]
    assert claim["source_ref"] == f"{agency.worker.id}/{key}"
    assert claim["details"]["signed"] == {
        "text": message["signed"],
        "signature": message["signature"],
    }
    assert flags(agency) == [[]]


def test_one_changed_byte_is_refused_and_seen_and_what_follows_is_kept_and_flagged(
    agency: Agency, telephone: Telephone
) -> None:
    first, second, third = telephone.sign(), telephone.sign(), telephone.sign()
    assert telephone.post(first).status == 201
    reply = telephone.post(altered(second, '"place":"unknown"', '"place":"inside"'))
    assert (reply.status, "modifié après coup" in str(reply.body["message"])) == (422, True)
    assert reply.body["refusal"] == "forged"
    assert refusals(agency) == [("forged", agency.worker.id)]
    assert telephone.post(third).status == 201
    assert flags(agency) == [[], ["gap"]]
    assert telephone.post(second).status == 201
    assert flags(agency) == [[], [], []]


def test_the_signature_of_one_punch_serves_no_other(agency: Agency, telephone: Telephone) -> None:
    (key, message), (other, next_message) = telephone.sign(), telephone.sign()
    assert telephone.post((other, message)).status == 422
    swapped = next_message | {"signature": message["signature"]}
    assert telephone.post((other, swapped)).status == 422
    assert telephone.post((key, message)).status == 201
    assert len(agency.punches()) == 1


def test_a_telephone_of_somebody_else_keeps_its_punch_and_a_withdrawn_one_is_refused(
    agency: Agency, telephone: Telephone
) -> None:
    with agency.connect() as conn:
        user = make_user(conn)
        colleague = make_worker(conn, agency.organisation, agency.area, last_name="Koné").id
        manager = ByUser(user)
    borrowed = enrolled(agency, colleague)
    reply = borrowed.post(borrowed.sign())
    assert (reply.status, "autre personne" in str(reply.body["message"])) == (403, True)
    with agency.connect() as conn:
        now = datetime.now(UTC)
        revoke_phone(conn, manager, agency.worker.id, telephone.signer.phone, now=now)
        row = conn.execute("SELECT user_id FROM workers WHERE id = %s", (agency.worker.id,)).fetchone()
        assert row is not None
        session = open_session(conn, UserId(row[0]), now=now)
    assert telephone.post(telephone.sign()).status == 401
    reply = telephone.post(telephone.sign(), session=session)
    assert (reply.status, "retiré par l’agence" in str(reply.body["message"])) == (422, True)
    assert reply.body["refusal"] == "revoked"
    assert refusals(agency) == [("unauthorised_phone", agency.worker.id)] * 2
    assert agency.punches() == []


def test_a_telephone_of_another_organisation_proves_nothing_here(
    agency: Agency, stranger: Agency, telephone: Telephone
) -> None:
    theirs = enrolled(stranger)
    signed = theirs.sign(qr=agency.home.qr_token)
    assert theirs.post(signed, session=agency.worker_session).status == 201
    assert flags(agency) == [["unknown_phone"]]
    assert flags(stranger) == []
    assert telephone.post(telephone.sign(qr=stranger.home.qr_token)).status == 422
    assert refusals(agency) == [("foreign_code", agency.worker.id)]


def test_a_clock_set_back_while_offline_is_flagged_and_both_times_are_kept(
    agency: Agency, telephone: Telephone
) -> None:
    now = datetime.now(UTC)
    telephone.signer.see(now.timestamp(), now.timestamp())
    honest = telephone.sign(at=now)
    early = telephone.sign(at=now - timedelta(minutes=40))
    assert [telephone.post(one).status for one in (honest, early)] == [201, 201]
    assert flags(agency) == [[], ["clock_back"]]
    with agency.connect() as conn:
        rows = conn.execute("SELECT punched_at, received_at FROM punches ORDER BY id").fetchall()
    assert rows[1][0] == now - timedelta(minutes=40)
    assert all(received >= now for _, received in rows)


def test_the_skew_of_a_telephone_is_measured_when_it_sends(agency: Agency, telephone: Telephone) -> None:
    key, message = telephone.sign()
    message["sent"] = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    assert telephone.post((key, message)).status == 201
    with agency.connect() as conn:
        phone = find_phone(conn, telephone.signer.phone)
    assert phone is not None
    assert phone.skew_seconds is not None
    assert abs(phone.skew_seconds + 1800) <= 5
    assert flags(agency) == [["clock_wrong"]]


def test_what_was_taken_while_the_database_was_away_is_checked_when_it_is_stored(
    agency: Agency, telephone: Telephone
) -> None:
    arrival, forged, departure = telephone.sign(), telephone.sign(), telephone.sign()
    telephone.post(arrival)
    with database_away(agency):
        changed = altered(forged, '"edge":null', '"edge":"arrival"')
        assert [telephone.post(one).status for one in (changed, departure)] == [202, 202]
    wait_until(lambda: health(agency.settings)["settled"] is True)
    assert refusals(agency) == [("forged", agency.worker.id)]
    assert len(agency.punches()) == 2
    assert flags(agency) == [[], ["gap"]]


@pytest.mark.parametrize(
    "message",
    [
        {"v": 2},
        {"v": 2, "signed": "{}", "signature": "", "sent": "now"},
        {"v": 2, "signed": "[" * 900, "signature": "A" * 86, "sent": "2026-11-24T07:00:00Z"},
        {"v": 2, "signed": '"\\ud800"', "signature": "A" * 86, "sent": "2026-11-24T07:00:00Z"},
        {"v": 2, "signed": 7, "signature": "A" * 86, "sent": "2026-11-24T07:00:00Z"},
    ],
)
def test_a_message_that_is_no_signed_punch_is_refused_with_a_sentence(
    agency: Agency, message: dict[str, object]
) -> None:
    reply = post_punch(agency.settings, message, session=agency.worker_session)
    assert reply.status == 422
    assert reply.body["message"]


def test_a_position_is_refused_inside_what_is_signed_too(agency: Agency, telephone: Telephone) -> None:
    reply = telephone.post(telephone.sign(qr=agency.home.qr_token, lat=48.1))
    assert (reply.status, "'lat'" in str(reply.body["message"])) == (422, True)
    assert json.dumps(agency.punches()) == "[]"
