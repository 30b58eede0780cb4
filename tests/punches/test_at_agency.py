"""A badge at the agency's own reader: kept as a passage of its worker, waiting for nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.journal import list_journal
from homecare.punches.model import Badge, Channel, Claim, Device, Doubt, Receipt, Tag
from homecare.punches.operations import record, register_device
from homecare.punches.queries import count_waiting, list_punches
from homecare.visits.queries import find_visit
from homecare.workers.operations import enrol_badge
from tests.builders import MORNING, MadeHome, MadeWorker, make_area, make_client, make_visit, make_worker

DAY = timedelta(days=1)
SINCE, UNTIL = MORNING - DAY, MORNING + DAY


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> MadeWorker:
    made = make_worker(conn, organisation, make_area(conn))
    enrol_badge(conn, made.id, "04BADBAD000001", now=MORNING)
    register_device(conn, "gw-door", label="Entrée de l’agence", home=None)
    return made


@pytest.fixture
def claim(organisation: OrganisationId, worker: MadeWorker) -> Claim:
    del worker  # whose badge it is
    return Claim(organisation, Channel.NFC, "gw-door/1", MORNING, Device("gw-door"), Badge("04BADBAD000001"))


def recorded(conn: db.Conn, claim: Claim) -> Receipt:
    (receipt,) = record(conn, [claim], core_instance="core-t", now=MORNING + DAY)
    return receipt


def test_it_is_told_as_such_and_touches_no_visit(
    conn: db.Conn, home: MadeHome, worker: MadeWorker, claim: Claim
) -> None:
    visit = make_visit(conn, home, worker.id)
    receipt = recorded(conn, claim)
    assert (receipt.doubt, receipt.visit) == (Doubt.AT_AGENCY, None)
    assert find_visit(conn, visit).arrived_at is None
    (row,) = list_journal(conn, since=SINCE, until=UNTIL)
    assert (row.doubt, row.worker, row.client, row.proof) == ("at_agency", "ARNAUD Sonia", None, "B")


def test_it_waits_for_nobody(conn: db.Conn, claim: Claim) -> None:
    recorded(conn, claim)
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 0
    assert list_journal(conn, since=SINCE, until=UNTIL, waiting_only=True) == []
    assert list_punches(conn, since=SINCE, until=UNTIL, waiting_only=True) == []


def test_a_badge_that_names_nobody_still_waits(conn: db.Conn, claim: Claim) -> None:
    assert recorded(conn, replace(claim, who=Badge("nobodys"))).doubt is Doubt.UNKNOWN_WORKER
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 1


def test_a_homes_tag_brought_there_still_names_the_home(
    conn: db.Conn, home: MadeHome, worker: MadeWorker, claim: Claim
) -> None:
    visit = make_visit(conn, home, worker.id)
    assert recorded(conn, replace(claim, where=Tag(home.tag))).visit == visit
