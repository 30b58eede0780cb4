"""A worker's own punches of every channel, their receipts, the check of a receipt, the life of a dispute."""

from datetime import timedelta

import pytest

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId, PunchId, WorkerId, code_hash
from homecare.punches.disputes import DisputeReason, answer_dispute, list_disputes, open_dispute
from homecare.punches.keeping import GENESIS, link_hash
from homecare.punches.model import Channel, Claim, Line, WorkerCode
from homecare.punches.operations import record
from homecare.punches.receipts import OwnPunch, check_receipt, list_own_punches
from tests.builders import (
    CODE_KEY,
    MORNING,
    MadeHome,
    actor_of,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
)
from tests.features import feature

DAY = timedelta(days=1)


@pytest.fixture
def called(conn: db.Conn, organisation: OrganisationId) -> tuple[WorkerId, Claim]:
    """Return a worker and what their call from the home claims."""
    area = make_area(conn)
    home: MadeHome = make_client(conn, area)
    worker = make_worker(conn, organisation, area)
    make_visit(conn, home, worker.id)
    claim = Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref="pbx-17.1",
        punched_at=MORNING,
        where=Line(home.line),
        who=WorkerCode(code_hash(CODE_KEY, organisation, worker.code)),
    )
    record(conn, [claim], core_instance="core-t", now=MORNING)
    return worker.id, claim


def own(conn: db.Conn, worker: WorkerId) -> OwnPunch:
    (punch,) = list_own_punches(conn, worker, since=MORNING - DAY, until=MORNING + DAY)
    return punch


@feature("N8")
def test_a_call_has_a_receipt_whose_short_proof_begins_the_ledgers_own_hash(
    conn: db.Conn, called: tuple[WorkerId, Claim]
) -> None:
    worker, claim = called
    punch = own(conn, worker)
    assert (punch.channel, punch.edge, punch.link) == ("phone", "arrival", "core-t/1")
    assert link_hash(GENESIS, 1, claim.digest()).hex().startswith(punch.short_proof)
    assert check_receipt(conn, worker, punch.link, punch.short_proof) == MORNING


def test_a_receipt_of_another_number_another_proof_or_another_worker_is_not_found(
    conn: db.Conn, organisation: OrganisationId, called: tuple[WorkerId, Claim]
) -> None:
    worker, _ = called
    punch = own(conn, worker)
    other = make_worker(conn, organisation, make_area(conn), last_name="Koné").id
    assert check_receipt(conn, worker, "core-t/2", punch.short_proof) is None
    assert check_receipt(conn, worker, "core-u/1", punch.short_proof) is None
    assert check_receipt(conn, worker, punch.link, "0" * 12) is None
    assert check_receipt(conn, other, punch.link, punch.short_proof) is None


@pytest.mark.parametrize(
    ("link", "proof"),
    [
        ("", "0" * 12),
        ("core-t", "0" * 12),
        ("core-t/1", ""),
        ("core-t/1", "0" * 11),
        ("core-t/1", "%" * 12),
        ("core-t/1", "0" * 65),
        ("core-t/" + "9" * 30, "0" * 12),
        ("core-t/١", "0" * 12),
    ],
)
def test_what_is_no_receipt_is_refused_with_what_a_receipt_looks_like(
    conn: db.Conn, called: tuple[WorkerId, Claim], link: str, proof: str
) -> None:
    with pytest.raises(InvalidError, match="Un reçu a un numéro comme"):
        check_receipt(conn, called[0], link, proof)


@feature("N8")
def test_a_dispute_waits_for_the_coordinators_and_its_answer_stands_beside_the_workers_punch(
    conn: db.Conn, called: tuple[WorkerId, Claim]
) -> None:
    worker, _ = called
    punch = own(conn, worker).id
    open_dispute(conn, worker, punch, DisputeReason.WRONG_TIME, comment="08:15 plutôt", at=MORNING)
    (task,) = list_disputes(conn, answered_since=MORNING)
    assert (task.punch_id, task.worker, task.reason, task.comment) == (
        punch,
        "ARNAUD Sonia",
        "wrong_time",
        "08:15 plutôt",
    )
    claire = actor_of(make_user(conn, role=Role.COORDINATOR))
    answer_dispute(conn, claire, task.id, "Corrigé à 08:15.", now=MORNING + timedelta(hours=1))
    seen = own(conn, worker)
    assert (seen.dispute_reason, seen.answer) == ("wrong_time", "Corrigé à 08:15.")
    assert seen.answered_at == MORNING + timedelta(hours=1)
    with pytest.raises(NotFoundError):
        answer_dispute(conn, claire, task.id, "Encore", now=MORNING)


def test_an_answer_has_words(conn: db.Conn, called: tuple[WorkerId, Claim]) -> None:
    worker, _ = called
    open_dispute(conn, worker, own(conn, worker).id, DisputeReason.OTHER, comment="", at=MORNING)
    (task,) = list_disputes(conn, answered_since=MORNING)
    with pytest.raises(InvalidError, match="Écrivez la réponse"):
        answer_dispute(conn, actor_of(make_user(conn)), task.id, " \n ", now=MORNING)


def test_nobody_disputes_what_is_not_theirs(
    conn: db.Conn, organisation: OrganisationId, called: tuple[WorkerId, Claim]
) -> None:
    other = make_worker(conn, organisation, make_area(conn), last_name="Koné").id
    punch: PunchId = own(conn, called[0]).id
    open_dispute(conn, other, punch, DisputeReason.OTHER, comment="", at=MORNING)
    assert list_disputes(conn, answered_since=MORNING) == []
