"""Taps of a tag that proves itself: kept with grade A, once for each counter; the rest is refused."""

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homecare.clients.tag_keys import draw_keys, open_keys
from homecare.clients.tags import enrol_sun_tag, list_tags, retire_tag
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId
from homecare.kernel.sealing import SealedError, Sealer
from homecare.punches.model import (
    Channel,
    Claim,
    Doubt,
    Proof,
    Qr,
    Receipt,
    SignedInWorker,
    Status,
    Sun,
    Tag,
    TagRefusal,
)
from homecare.punches.operations import record
from homecare.punches.queries import list_punches, list_refusals
from tests.builders import MORNING, MadeHome, MadeWorker, make_area, make_client, make_visit, make_worker
from tests.database import Database
from tests.tags import ENROLLED_AT_COUNTER, SEALER, MadeTag, make_sun_tag

DAY = timedelta(days=1)


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> MadeWorker:
    return make_worker(conn, organisation, make_area(conn))


@pytest.fixture
def tag(conn: db.Conn, home: MadeHome) -> MadeTag:
    return make_sun_tag(conn, home.home, now=MORNING - DAY)


class Taps:
    """Claims of one worker at one tag; each has a reference of its own unless it is given one."""

    def __init__(self, organisation: OrganisationId, worker: MadeWorker, tag: MadeTag) -> None:
        self._organisation = organisation
        self._worker = worker
        self._tag = tag
        self._count = 0

    def claim(
        self, message: str | None, *, minutes: float = 0, ref: str = "", token: str | None = None
    ) -> Claim:
        self._count += 1
        token = token or self._tag.token
        return Claim(
            organisation=self._organisation,
            channel=Channel.NFC,
            source_ref=ref or f"{self._worker.id}/tap-{self._count}",
            punched_at=MORNING + timedelta(minutes=minutes),
            where=Tag(token) if message is None else Sun(token, message),
            who=SignedInWorker(self._worker.id),
        )

    def tap(self, counter: int, *, minutes: float = 0, ref: str = "", clear: bool = False) -> Claim:
        return self.claim(self._tag.message(counter, clear=clear), minutes=minutes, ref=ref)


@pytest.fixture
def taps(organisation: OrganisationId, worker: MadeWorker, tag: MadeTag) -> Taps:
    return Taps(organisation, worker, tag)


def recorded(conn: db.Conn, *claims: Claim, sealer: Sealer = SEALER) -> list[Receipt]:
    return record(conn, claims, core_instance="core-t", now=MORNING + DAY, sealer=sealer)


def ends(receipts: list[Receipt]) -> list[str]:
    """Return what became of each: stored, duplicate, or why it was refused."""
    return [receipt.refusal.value if receipt.refusal else receipt.status.value for receipt in receipts]


def proofs(conn: db.Conn) -> list[str]:
    return [row.proof for row in list_punches(conn, since=MORNING - DAY, until=MORNING + DAY)]


def noted(conn: db.Conn) -> list[tuple[str, str | None, str | None]]:
    rows = list_refusals(conn, since=MORNING - DAY, until=MORNING + DAY)
    return [(row.status, row.client, row.worker) for row in reversed(rows)]


# ---- what is kept


@pytest.mark.parametrize("clear", [False, True])
def test_a_tap_that_proves_itself_marks_the_arrival_with_grade_a(
    conn: db.Conn, home: MadeHome, worker: MadeWorker, taps: Taps, *, clear: bool
) -> None:
    visit = make_visit(conn, home, worker.id)
    (receipt,) = recorded(conn, taps.tap(4, clear=clear))
    assert (receipt.status, receipt.visit, receipt.doubt) == (Status.STORED, visit, None)
    assert proofs(conn) == [Proof.A]


def test_a_plain_tag_is_still_taken_at_a_lower_grade(
    conn: db.Conn, home: MadeHome, worker: MadeWorker, taps: Taps
) -> None:
    visit = make_visit(conn, home, worker.id)
    (receipt,) = recorded(conn, taps.claim(None, token=home.tag))
    assert (receipt.visit, proofs(conn)) == (visit, [Proof.C])


def test_a_message_that_nothing_can_check_lifts_no_grade(
    conn: db.Conn, home: MadeHome, tag: MadeTag, taps: Taps
) -> None:
    (at_plain, at_unknown) = recorded(
        conn,
        taps.claim(tag.message(9), token=home.tag),
        taps.claim(tag.message(9), token="nobodys-tag", minutes=10),
    )
    assert (at_plain.status, at_unknown.doubt) == (Status.STORED, Doubt.UNKNOWN_HOME)
    assert proofs(conn) == [Proof.C, Proof.C]


def test_the_same_tap_sent_again_gets_the_first_answer(conn: db.Conn, taps: Taps) -> None:
    (first,) = recorded(conn, taps.tap(4, ref="7/sent-twice"))
    (again,) = recorded(conn, taps.tap(4, ref="7/sent-twice"))
    assert (first.status, again.status, again.punch) == (Status.STORED, Status.DUPLICATE, first.punch)
    assert noted(conn) == []


def test_the_homes_card_tells_the_last_use_and_the_counter(
    conn: db.Conn, home: MadeHome, tag: MadeTag, taps: Taps
) -> None:
    recorded(conn, taps.tap(5, minutes=2), taps.claim(None, token=home.tag, minutes=40))
    recorded(conn, taps.claim("forged"), taps.tap(5, minutes=90))
    used = {card.token: (card.used_at, card.counter) for card in list_tags(conn, home.home)}
    assert used == {
        tag.token: (MORNING + timedelta(minutes=2), 5),
        home.tag: (MORNING + timedelta(minutes=40), None),
    }


# ---- what is refused


def test_a_counter_used_before_is_refused_and_noted_with_home_and_worker(conn: db.Conn, taps: Taps) -> None:
    receipts = recorded(conn, taps.tap(4), taps.tap(4, minutes=30), taps.tap(5, minutes=60))
    assert ends(receipts) == ["stored", "tag_replayed", "stored"]
    assert noted(conn) == [("tag_replayed", "BELLANGER Odile", "ARNAUD Sonia")]
    assert len(proofs(conn)) == 2


def test_the_tags_address_copied_without_its_message_is_refused_and_noted(conn: db.Conn, taps: Taps) -> None:
    receipts = recorded(conn, taps.claim(None), taps.tap(4, minutes=1))
    assert ends(receipts) == ["tag_unproved", "stored"]
    assert noted(conn) == [("tag_unproved", "BELLANGER Odile", "ARNAUD Sonia")]


def test_a_cloned_tag_with_keys_of_its_own_is_refused_and_noted(
    conn: db.Conn, tag: MadeTag, taps: Taps, home: MadeHome
) -> None:
    other = make_sun_tag(conn, home.home, now=MORNING - DAY, number=2)
    clone = MadeTag(tag.token, tag.uid, other.keys)
    receipts = recorded(
        conn, taps.claim(clone.message(4)), taps.claim(clone.message(5, clear=True)), taps.claim("e=00&c=00")
    )
    assert ends(receipts) == ["tag_forged"] * 3
    assert [status for status, *_ in noted(conn)] == ["tag_forged"] * 3
    assert proofs(conn) == []


def test_a_tap_at_another_organisations_tag_is_refused_and_stored_by_neither(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(there) as conn:
        foreign = make_sun_tag(conn, make_client(conn, make_area(conn)).home, now=MORNING)
    with database.connect(here) as conn:
        worker = make_worker(conn, here, make_area(conn))
        taps = Taps(here, worker, foreign)
        assert ends(recorded(conn, taps.tap(4))) == [TagRefusal.FOREIGN]
        assert noted(conn) == [("foreign_code", None, "ARNAUD Sonia")]
        assert proofs(conn) == []
    with database.connect(there) as conn:
        assert noted(conn) == []
        assert conn.execute("SELECT max(counter) FROM tag_taps").fetchone() == (ENROLLED_AT_COUNTER,)


def test_what_is_refused_costs_the_rest_of_the_batch_nothing(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker, taps: Taps
) -> None:
    qr = Claim(
        organisation=organisation,
        channel=Channel.QR,
        source_ref="7/label",
        punched_at=MORNING,
        where=Qr(home.qr_token),
        who=SignedInWorker(worker.id),
    )
    batch = [taps.claim("forged"), qr, taps.tap(4, minutes=9), taps.tap(4, minutes=9)]
    assert ends(recorded(conn, *batch)) == ["tag_forged", "stored", "stored", "tag_replayed"]


def test_a_tap_from_before_the_enrolment_proves_nothing(conn: db.Conn, taps: Taps) -> None:
    receipts = recorded(conn, taps.tap(ENROLLED_AT_COUNTER), taps.tap(ENROLLED_AT_COUNTER - 1))
    assert ends(receipts) == ["tag_replayed"] * 2


# ---- late taps


def test_a_tap_kept_for_want_of_network_is_taken_if_it_fits_between_those_around_it(
    conn: db.Conn, taps: Taps
) -> None:
    receipts = recorded(conn, taps.tap(4), taps.tap(7, minutes=120))
    assert ends(receipts) == ["stored", "stored"]
    late = recorded(conn, taps.tap(5, minutes=60), taps.tap(6, minutes=90))
    assert ends(late) == ["stored", "stored"]


@pytest.mark.parametrize("minutes", [-30, 240])
def test_a_tap_read_in_advance_and_used_later_is_refused(conn: db.Conn, taps: Taps, minutes: int) -> None:
    recorded(conn, taps.tap(4), taps.tap(7, minutes=120))
    assert ends(recorded(conn, taps.tap(5, minutes=minutes))) == ["tag_replayed"]


def test_a_telephone_whose_clock_is_a_few_minutes_slow_is_believed(conn: db.Conn, taps: Taps) -> None:
    assert (
        ends(recorded(conn, taps.tap(4), taps.tap(6, minutes=-4), taps.tap(5, minutes=-4))) == ["stored"] * 3
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    made=st.lists(
        st.tuples(st.integers(ENROLLED_AT_COUNTER, 12), st.integers(0, 300)), min_size=1, max_size=12
    )
)
def test_in_whatever_order_taps_come_no_counter_serves_twice_and_none_out_of_its_time(
    conn: db.Conn, taps: Taps, made: list[tuple[int, int]]
) -> None:
    kept: dict[int, int] = {}
    with conn.transaction(force_rollback=True):
        for counter, minute in made:
            highest = max(kept, default=ENROLLED_AT_COUNTER)
            (end,) = ends(recorded(conn, taps.tap(counter, minutes=minute)))
            if counter in kept or counter == ENROLLED_AT_COUNTER:
                assert end == "tag_replayed"
                continue
            if counter > highest:
                assert end == "stored"
            elif end == "stored":
                after = min(other for other in kept if other > counter)
                before = max((other for other in kept if other < counter), default=None)
                assert minute <= kept[after] + 5
                assert before is None or minute >= kept[before] - 5
            if end == "stored":
                kept[counter] = minute


# ---- one winner


def test_of_two_taps_with_one_counter_through_two_cores_one_is_kept(database: Database) -> None:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        tag = make_sun_tag(conn, make_client(conn, make_area(conn)).home, now=MORNING - DAY)
        worker = make_worker(conn, organisation, make_area(conn))
    taps = Taps(organisation, worker, tag)
    claims = [taps.tap(4, ref=f"7/core-{n}") for n in range(6)]
    ready, outcomes = threading.Barrier(len(claims)), []

    def through_a_core(claim: Claim) -> None:
        with database.connect(organisation) as conn:
            ready.wait(timeout=30)
            outcomes.extend(
                ends(record(conn, [claim], core_instance=claim.source_ref, now=MORNING, sealer=SEALER))
            )

    cores = [threading.Thread(target=through_a_core, args=(claim,)) for claim in claims]
    for core in cores:
        core.start()
    for core in cores:
        core.join()
    assert sorted(outcomes) == ["stored"] + ["tag_replayed"] * 5
    with database.connect(organisation) as conn:
        assert len(list_punches(conn, since=MORNING - DAY, until=MORNING + DAY)) == 1
        assert len(noted(conn)) == 5


# ---- keys


def test_keys_are_sealed_and_open_under_their_master_key_for_their_own_tag_only(
    conn: db.Conn, tag: MadeTag
) -> None:
    row = conn.execute("SELECT keys FROM home_tags WHERE token = %s", (tag.token,)).fetchone()
    assert row is not None
    sealed = bytes(row[0])
    assert all(key not in sealed for key in (tag.keys.master, tag.keys.meta, tag.keys.file))
    assert open_keys(SEALER, sealed, token=tag.token) == tag.keys
    for sealer, token in (
        (Sealer("another master key"), tag.token),
        (SEALER, "other"),
        (Sealer(), tag.token),
    ):
        with pytest.raises(SealedError):
            open_keys(sealer, sealed, token=token)


def test_while_the_master_key_is_missing_no_tap_is_judged_or_lost(conn: db.Conn, taps: Taps) -> None:
    """The source is not answered, keeps its punch and sends it again."""
    with pytest.raises(SealedError):
        recorded(conn, taps.tap(4), sealer=Sealer())
    assert ends(recorded(conn, taps.tap(4))) == ["stored"]


# ---- enrolment


def enrol_again(conn: db.Conn, home: MadeHome, tag: MadeTag, *, token: str, message: str, uid: bytes) -> None:
    enrol_sun_tag(conn, home.home, token, keys=tag.keys, uid=uid, message=message, sealer=SEALER, now=MORNING)


def test_a_chip_or_a_token_is_enrolled_once_until_it_is_retired(
    conn: db.Conn, home: MadeHome, tag: MadeTag
) -> None:
    other = bytes.fromhex("04AABBCCDDEEFF")
    theirs = MadeTag(tag.token, other, tag.keys).message(1)
    for token, uid, message in (("new", tag.uid, tag.message(9)), (tag.token, other, theirs)):
        with pytest.raises(InvalidError, match="déjà posée"):
            enrol_again(conn, home, tag, token=token, uid=uid, message=message)
    retire_tag(conn, home.home, tag.token, now=MORNING)
    enrol_again(conn, home, tag, token="new", uid=tag.uid, message=tag.message(9))
    assert "new" in {card.token for card in list_tags(conn, home.home)}


def test_a_chip_that_does_not_prove_its_keys_is_not_enrolled(
    conn: db.Conn, home: MadeHome, tag: MadeTag
) -> None:
    for message in ("", "e=00", MadeTag("", tag.uid, draw_keys()).message(1)):
        with pytest.raises(InvalidError, match="prouvé"):
            enrol_again(conn, home, tag, token="new", uid=tag.uid, message=message)


def test_a_retired_tag_names_no_home(conn: db.Conn, home: MadeHome, tag: MadeTag, taps: Taps) -> None:
    retire_tag(conn, home.home, tag.token, now=MORNING)
    (receipt,) = recorded(conn, taps.tap(4))
    assert (receipt.status, receipt.doubt) == (Status.STORED, Doubt.UNKNOWN_HOME)
