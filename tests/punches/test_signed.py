"""Signed punches: what is flagged when they are kept, and what is not."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId, WorkerId
from homecare.punches.journal import list_journal
from homecare.punches.judging import note_refused
from homecare.punches.model import Channel, Claim, Home, SignedInWorker, Status
from homecare.punches.operations import record
from homecare.punches.phone_check import Fault, find_fault
from homecare.punches.signing import SignedEntry, entry_of, read_bytes, read_entry, write_bytes
from homecare.workers.phones import NewPhone, enrol_phone, note_skew, revoke_phone
from simulators.phone_app.signer import Signer
from tests.builders import MORNING, MadeHome, make_area, make_client, make_user, make_worker

DAY = timedelta(days=1)


@dataclass(slots=True)
class Carrier:
    """A worker with an enrolled telephone, who punches every ten minutes."""

    conn: db.Conn
    organisation: OrganisationId
    worker: WorkerId
    home: MadeHome
    signer: Signer
    punched: int = 0

    def punch(self, *, at: datetime | None = None) -> Claim:
        """Return the claim of the next signed punch."""
        self.punched += 1
        at = at or MORNING + timedelta(minutes=10 * self.punched)
        key = f"{self.punched:020}"
        message = {"at": at.isoformat(), "home": int(self.home.home), "edge": None, "place": "unknown"}
        text, signature = self.signer.entry(key, message, at=at.timestamp())
        return Claim(
            organisation=self.organisation,
            channel=Channel.APP,
            source_ref=f"{self.worker}/{key}",
            punched_at=at,
            where=Home(self.home.home),
            who=SignedInWorker(self.worker),
            details={"signed": {"text": text, "signature": signature}},
        )

    def send(self, *claims: Claim) -> list[Status]:
        """Record the claims as one batch."""
        receipts = record(self.conn, claims, core_instance="test", now=MORNING + DAY)
        return [receipt.status for receipt in receipts]

    def flags(self) -> list[tuple[list[str], int]]:
        """Return the flags and the number of missing entries of every punch, by time."""
        journal = list_journal(self.conn, since=MORNING - DAY, until=MORNING + 2 * DAY)
        return [(row.flags, row.missing) for row in reversed(journal)]


@pytest.fixture
def carrier(conn: db.Conn, organisation: OrganisationId) -> Carrier:
    worker, signer = make_worker(conn, organisation, make_area(conn)).id, Signer()
    sent = signer.enrolment(worker)
    phone = NewPhone(read_bytes(sent["public_key"]), read_bytes(sent["proof"]), "Téléphone")
    enrol_phone(conn, ByUser(make_user(conn)), worker, phone, now=MORNING)
    return Carrier(conn, organisation, worker, make_client(conn, make_area(conn)), signer)


def fits(number: int) -> list[tuple[list[str], int]]:
    return [([], 0)] * number


def entry(claim: Claim) -> SignedEntry:
    found = entry_of(claim)
    assert found is not None
    return found


@pytest.mark.parametrize("ahead", [2.0**42, -(2.0**42)])
def test_a_clock_that_claims_another_age_is_kept_as_very_wrong(carrier: Carrier, ahead: float) -> None:
    carrier.signer.see(max(0.0, -ahead), max(0.0, ahead))
    assert carrier.send(carrier.punch()) == [Status.STORED]
    assert "clock_wrong" in carrier.flags()[0][0]


def test_entries_in_their_order_fit_in_one_batch_or_in_several(carrier: Carrier) -> None:
    carrier.send(carrier.punch())
    carrier.send(carrier.punch(), carrier.punch())
    assert carrier.flags() == fits(3)


def test_the_same_entry_again_is_the_same_punch_and_flags_nothing(carrier: Carrier) -> None:
    claim = carrier.punch()
    assert carrier.send(claim) + carrier.send(claim) == [Status.STORED, Status.DUPLICATE]
    assert carrier.flags() == fits(1)


def test_a_number_left_out_is_kept_and_flagged_until_what_was_missing_comes(carrier: Carrier) -> None:
    first, second, third, fourth = (carrier.punch() for _ in range(4))
    assert carrier.send(first, fourth) == [Status.STORED, Status.STORED]
    assert carrier.flags() == [([], 0), (["gap"], 2)]
    carrier.send(third)
    assert carrier.flags() == [([], 0), (["gap"], 1), ([], 0)]
    carrier.send(second)
    assert carrier.flags() == fits(4)


def test_an_entry_refused_for_its_place_leaves_no_number_out(carrier: Carrier) -> None:
    carrier.send(carrier.punch())
    note_refused(carrier.conn, entry(carrier.punch()))
    carrier.send(carrier.punch())
    assert carrier.flags() == fits(2)


def test_two_entries_under_one_number_are_both_kept_and_the_second_is_flagged(carrier: Carrier) -> None:
    first = carrier.punch()
    text = json.dumps(json.loads(entry(first).text) | {"key": "again"})
    signed = {"text": text, "signature": carrier.signer.sign(text.encode())}
    again = replace(
        first, source_ref="again", punched_at=MORNING + timedelta(minutes=15), details={"signed": signed}
    )
    assert carrier.send(first) + carrier.send(again) == [Status.STORED, Status.STORED]
    assert carrier.flags() == [([], 0), (["fork"], 0)]


def test_a_clock_set_back_below_what_it_showed_before_is_flagged(carrier: Carrier) -> None:
    noon = MORNING + timedelta(hours=4)
    carrier.send(carrier.punch(at=noon), carrier.punch(at=noon - timedelta(minutes=30)))
    assert carrier.flags() == [(["clock_back"], 0), ([], 0)]


def test_a_clock_that_goes_slower_than_the_time_since_the_agencys_answer_is_flagged(
    carrier: Carrier,
) -> None:
    # The agency answered at half past six by this phone's clock, which then lost an hour in no time at all.
    seen = (MORNING - timedelta(minutes=30)).timestamp()
    carrier.signer.see(seen, seen)
    claim = carrier.punch(at=MORNING - timedelta(minutes=45))
    clock = entry(claim).clock
    honest = replace(clock, latest=0)
    assert honest.went_back(claim.punched_at)
    assert not honest.went_back(MORNING)
    assert not replace(honest, boot="after a restart").went_back(claim.punched_at)


def test_a_clock_measured_wrong_is_flagged_by_the_phone_or_by_the_core(carrier: Carrier) -> None:
    seen = MORNING.timestamp()
    carrier.signer.see(seen, seen + 600)
    carrier.send(carrier.punch(at=MORNING + timedelta(minutes=20)))
    carrier.signer.see(seen, seen)
    note_skew(carrier.conn, carrier.signer.phone, -7200)
    carrier.send(carrier.punch(at=MORNING + timedelta(minutes=30)))
    assert carrier.flags() == [(["clock_wrong"], 0), (["clock_wrong"], 0)]


def test_an_unknown_telephone_is_kept_like_no_signature_and_flagged(carrier: Carrier) -> None:
    carrier.signer = Signer()
    claim = carrier.punch()
    assert find_fault(carrier.conn, carrier.worker, entry(claim)) is None
    carrier.send(claim)
    assert carrier.flags() == [(["unknown_phone"], 0)]


def test_one_changed_byte_a_foreign_hand_and_a_withdrawn_telephone_are_faults(carrier: Carrier) -> None:
    conn, good = carrier.conn, entry(carrier.punch())
    assert find_fault(conn, carrier.worker, good) is None
    for position in range(0, len(good.text), 7):
        changed = good.text[:position] + chr(ord(good.text[position]) ^ 1) + good.text[position + 1 :]
        assert find_fault(conn, carrier.worker, replace(good, text=changed)) is Fault.FORGED
    for position in range(64):
        bent = bytearray(good.signature)
        bent[position] ^= 1
        assert find_fault(conn, carrier.worker, replace(good, signature=bytes(bent))) is Fault.FORGED
    colleague = make_worker(conn, carrier.organisation, make_area(conn)).id
    assert find_fault(conn, colleague, good) is Fault.ANOTHERS
    revoke_phone(conn, ByUser(make_user(conn)), carrier.worker, carrier.signer.phone, now=MORNING)
    assert find_fault(conn, carrier.worker, good) is Fault.REVOKED


def test_punches_without_signature_are_told_apart_from_signed_ones_and_from_calls(carrier: Carrier) -> None:
    signed = carrier.punch()
    bare = replace(signed, source_ref="bare", punched_at=MORNING + timedelta(hours=3), details={})
    carrier.send(signed, bare)
    journal = list_journal(carrier.conn, since=MORNING - DAY, until=MORNING + DAY)
    assert [row.signed for row in journal] == [False, True]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fields: fields.pop("clock"),
        lambda fields: fields.update(number=0),
        lambda fields: fields.update(number=True),
        lambda fields: fields.update(number=2**53),
        lambda fields: fields.update(phone="X" * 64),
        lambda fields: fields.update(previous="00"),
        lambda fields: fields["clock"].update(lat=48.1),
        lambda fields: fields["clock"].update(mono=-1),
        lambda fields: fields["clock"].update(seen={"server": 1}),
        lambda fields: fields.update(at="yesterday"),
        lambda fields: fields.update(at="2026-11-24T07:00:00"),
    ],
)
def test_an_entry_that_is_none_is_refused_with_a_sentence(
    carrier: Carrier, spoil: Callable[[dict[str, object]], object]
) -> None:
    good = entry(carrier.punch())
    fields = json.loads(good.text)
    spoil(fields)
    with pytest.raises(InvalidError, match="illisible"):
        read_entry(json.dumps(fields), write_bytes(good.signature), fields)


@pytest.mark.parametrize("signature", ["", "AA", "*" * 86, "A" * 87, "A" * 88])
def test_a_signature_that_is_none_is_refused_with_a_sentence(carrier: Carrier, signature: str) -> None:
    good = entry(carrier.punch())
    with pytest.raises(InvalidError, match="illisible"):
        read_entry(good.text, signature, json.loads(good.text))
