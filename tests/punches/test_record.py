"""Recording claims on a real database: once, chained, matched, or waiting with a reason."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId, code_hash
from homecare.punches.keeping import GENESIS, link_hash
from homecare.punches.model import Channel, Claim, Doubt, Edge, Line, Receipt, Status, WorkerCode
from homecare.punches.operations import record
from homecare.visits.queries import find_visit
from tests.builders import (
    CODE_KEY,
    MORNING,
    MadeHome,
    MadeWorker,
    make_area,
    make_client,
    make_visit,
    make_worker,
)
from tests.features import feature


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> MadeWorker:
    return make_worker(conn, organisation, make_area(conn))


def call(organisation: OrganisationId, home: MadeHome, worker: MadeWorker, *, minutes: int = 0) -> Claim:
    """A call from the home's line, `minutes` after 08:00."""
    return Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref=f"asterisk-{minutes}",
        punched_at=MORNING + timedelta(minutes=minutes),
        where=Line(home.line),
        who=WorkerCode(code_hash(CODE_KEY, organisation, worker.code)),
    )


def recorded(conn: db.Conn, *claims: Claim) -> list[Receipt]:
    return record(conn, claims, core_instance="core-t", now=MORNING + timedelta(hours=12))


def test_a_call_from_the_home_marks_the_arrival_of_the_planned_visit(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    visit = make_visit(conn, home, worker.id)
    (receipt,) = recorded(conn, call(organisation, home, worker, minutes=3))
    assert (receipt.status, receipt.visit, receipt.edge) == (Status.STORED, visit, Edge.ARRIVAL)
    assert receipt.worker_first_name == "Sonia"
    assert find_visit(conn, visit).arrived_at == receipt.punched_at == MORNING + timedelta(minutes=3)


def test_the_next_call_from_the_home_marks_the_departure(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    visit = make_visit(conn, home, worker.id)
    recorded(conn, call(organisation, home, worker, minutes=0))
    (receipt,) = recorded(conn, call(organisation, home, worker, minutes=58))
    assert receipt.edge is Edge.DEPARTURE
    assert find_visit(conn, visit).left_at == MORNING + timedelta(minutes=58)


@feature("P13")
def test_two_workers_at_one_home_punch_their_own_visits_and_their_times_stay_apart(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    other = make_worker(conn, organisation, make_area(conn))
    visits = [make_visit(conn, home, one.id) for one in (worker, other)]
    calls = [(worker, 1), (other, 6), (other, 52), (worker, 59)]
    receipts = recorded(conn, *(call(organisation, home, one, minutes=minutes) for one, minutes in calls))
    assert [receipt.visit for receipt in receipts] == [visits[0], visits[1], visits[1], visits[0]]
    found = [find_visit(conn, visit) for visit in visits]
    minutes = [(one.arrived_at, one.left_at) for one in found]
    assert minutes == [
        (MORNING + timedelta(minutes=arrived), MORNING + timedelta(minutes=left))
        for arrived, left in ((1, 59), (6, 52))
    ]


def test_a_resend_is_the_same_row_and_gets_the_same_answer(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    make_visit(conn, home, worker.id)
    claim = call(organisation, home, worker)
    (first,) = recorded(conn, claim)
    (second,) = recorded(conn, claim)
    assert second == replace(first, status=Status.DUPLICATE)
    assert db.value(conn, int, "SELECT count(*) FROM punches") == 1


def test_the_same_key_with_another_content_is_a_conflict_that_is_kept_and_shown(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    claim = call(organisation, home, worker)
    recorded(conn, claim)
    (receipt,) = recorded(conn, replace(claim, punched_at=claim.punched_at + timedelta(hours=1)))
    assert receipt.status is Status.CONFLICT
    assert db.value(conn, int, "SELECT count(*) FROM punches") == 1
    assert db.value(conn, int, "SELECT count(*) FROM punch_conflicts") == 1


def test_a_batch_with_the_same_claim_twice_stores_it_once(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    claim = call(organisation, home, worker)
    statuses = [receipt.status for receipt in recorded(conn, claim, claim)]
    assert statuses == [Status.STORED, Status.DUPLICATE]


def test_an_arrival_and_a_departure_sent_together_out_of_order_find_each_other(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    visit = make_visit(conn, home, worker.id)
    leave, arrive = call(organisation, home, worker, minutes=55), call(organisation, home, worker, minutes=2)
    receipts = recorded(conn, leave, arrive)
    assert [receipt.edge for receipt in receipts] == [Edge.DEPARTURE, Edge.ARRIVAL]
    assert {receipt.visit for receipt in receipts} == {visit}


def test_a_second_call_within_two_minutes_is_the_same_gesture(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    visit = make_visit(conn, home, worker.id)
    recorded(conn, call(organisation, home, worker, minutes=0))
    (receipt,) = recorded(conn, call(organisation, home, worker, minutes=1))
    assert (receipt.doubt, receipt.visit) == (Doubt.REPEATED, visit)
    assert find_visit(conn, visit).left_at is None


@pytest.mark.parametrize(
    ("where", "doubt"), [(Line("+33999999999"), Doubt.UNKNOWN_HOME), (None, Doubt.NO_VISIT)]
)
def test_what_matches_nothing_waits_with_its_reason(
    conn: db.Conn,
    organisation: OrganisationId,
    home: MadeHome,
    worker: MadeWorker,
    where: Line | None,
    doubt: Doubt,
) -> None:
    claim = call(organisation, home, worker)
    (receipt,) = recorded(conn, replace(claim, where=where or claim.where))
    assert (receipt.status, receipt.visit, receipt.doubt) == (Status.STORED, None, doubt)


def test_a_code_that_names_nobody_is_stored_all_the_same(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome
) -> None:
    stranger = MadeWorker(id=make_worker(conn, organisation, make_area(conn)).id, code="not a code")
    (receipt,) = recorded(conn, call(organisation, home, stranger))
    assert receipt.doubt is Doubt.UNKNOWN_WORKER


def test_the_chain_links_every_stored_punch_in_order(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    recorded(conn, *(call(organisation, home, worker, minutes=minutes) for minutes in range(5)))
    recorded(conn, call(organisation, home, worker, minutes=9))
    rows = conn.execute(
        "SELECT chain_number, digest, chain_hash FROM punches ORDER BY chain_number"
    ).fetchall()
    assert [number for number, _, _ in rows] == list(range(1, 7))
    previous = GENESIS
    for number, digest, hash_ in rows:
        assert hash_ == link_hash(previous, number, digest)
        previous = hash_


def test_the_application_can_neither_change_nor_delete_a_raw_punch(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    recorded(conn, call(organisation, home, worker))
    for statement in ("UPDATE punches SET proof = 'A'", "DELETE FROM punches", "TRUNCATE punches"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute(statement.encode())


def test_a_large_batch_is_kept_at_once_and_settled_by_a_job(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: MadeWorker
) -> None:
    receipts = recorded(
        conn, *(call(organisation, home, worker, minutes=minutes * 5) for minutes in range(40))
    )
    assert {receipt.doubt for receipt in receipts} == {Doubt.PENDING}
    assert db.value(conn, int, "SELECT count(*) FROM punches") == 40
    jobs = conn.execute(
        "SELECT task_name FROM procrastinate_jobs WHERE args ->> 'organisation' = %s", (str(organisation),)
    ).fetchall()
    assert jobs == [("settle_punches",)]
