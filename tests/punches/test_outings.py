"""Outings during a visit: declared, counted, and its departure punched elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import HomeId, OrganisationId, VisitId, WorkerId
from homecare.punches.matching import Match, match
from homecare.punches.model import Channel, Claim, Doubt, Edge, Home, Line, PlaceCheck, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.place_exceptions import list_exceptions
from homecare.punches.worker_day import OwnVisit, list_own_visits
from homecare.visits.model import Candidate
from homecare.visits.outings import OutingKind, end_outing, list_outings, start_outing
from homecare.visits.queries import candidates
from tests.builders import MORNING, MadeHome, make_area, make_client, make_visit, make_worker
from tests.features import feature

DAY = timedelta(days=1)


def after(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> WorkerId:
    return make_worker(conn, organisation, make_area(conn)).id


@pytest.fixture
def visit(conn: db.Conn, home: MadeHome, worker: WorkerId) -> VisitId:
    """Return a visit of an hour whose worker arrived on time."""
    made = make_visit(conn, home, worker)
    conn.execute("UPDATE visits SET arrived_at = starts_at WHERE id = %s", (made,))
    return made


def own(conn: db.Conn, worker: WorkerId) -> OwnVisit:
    return list_own_visits(conn, worker, since=MORNING - DAY, until=MORNING + DAY)[0]


@feature("N15")
def test_outings_are_counted_in_the_visit_and_the_one_that_goes_on_is_shown(
    conn: db.Conn, worker: WorkerId, visit: VisitId
) -> None:
    start_outing(conn, worker, visit, OutingKind.WALK, at=MORNING + after(5))
    assert (own(conn, worker).outing, own(conn, worker).outing_since) == ("walk", MORNING + after(5))
    end_outing(conn, worker, visit, at=MORNING + after(20))
    start_outing(conn, worker, visit, OutingKind.SHOPPING, at=MORNING + after(30))
    assert (own(conn, worker).outings, own(conn, worker).outing_minutes) == (1, 15)
    conn.execute("UPDATE visits SET left_at = %s WHERE id = %s", (MORNING + after(55), visit))
    seen = own(conn, worker)
    assert (seen.outing, seen.outings, seen.outing_minutes) == (None, 2, 40)
    listed = [(one.kind, one.minutes) for one in list_outings(conn, since=MORNING, until=MORNING + DAY)]
    assert listed == [("walk", 15), ("shopping", 25)]


@feature("N15")
def test_the_departure_of_a_visit_with_an_outing_is_punched_on_another_telephone(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId
) -> None:
    elsewhere = make_client(conn, make_area(conn), last_name="Hamel")
    call = Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref="1",
        punched_at=MORNING + after(50),
        where=Line(elsewhere.line),
        who=SignedInWorker(worker),
    )
    (before,) = record(conn, [call], core_instance="test", now=MORNING + after(51))
    assert before.doubt is Doubt.NO_VISIT
    start_outing(conn, worker, visit, OutingKind.WALK, at=MORNING + after(40))
    again = replace(call, source_ref="2", punched_at=MORNING + after(54))
    (receipt,) = record(conn, [again], core_instance="test", now=MORNING + after(55))
    assert (receipt.visit, receipt.edge, receipt.doubt) == (visit, Edge.DEPARTURE, None)


@feature("N15")
def test_a_departure_during_an_outing_is_not_made_elsewhere(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId, visit: VisitId
) -> None:
    start_outing(conn, worker, visit, OutingKind.WALK, at=MORNING + after(40))
    claim = Claim(
        organisation=organisation,
        channel=Channel.APP,
        source_ref="1",
        punched_at=MORNING + after(55),
        where=Home(home.home),
        who=SignedInWorker(worker),
        edge=Edge.DEPARTURE,
        place_check=PlaceCheck.OUTSIDE,
    )
    (receipt,) = record(conn, [claim], core_instance="test", now=MORNING + after(56))
    assert receipt.visit == visit
    assert list_exceptions(conn, since=MORNING - DAY, until=MORNING + DAY) == []


@pytest.fixture
def open_visit(conn: db.Conn, worker: WorkerId, visit: VisitId) -> Candidate:
    start_outing(conn, worker, visit, OutingKind.WALK, at=MORNING + after(5))
    (one,) = candidates(conn, [worker], since=MORNING - DAY, until=MORNING + DAY)
    return one


def test_an_arrival_elsewhere_is_no_departure_of_the_visit_with_an_outing(open_visit: Candidate) -> None:
    there = HomeId(open_visit.home_id + 1)
    due = replace(open_visit, id=VisitId(open_visit.id + 1), home_id=there, arrived_at=None, has_outing=False)
    at = MORNING + after(30)
    assert match(at, None, [there], [open_visit, due]) == Match(due.id, Edge.ARRIVAL)
    assert match(at, Edge.ARRIVAL, [there], [open_visit]).doubt is Doubt.NO_VISIT
    assert match(at, Edge.DEPARTURE, [there], [open_visit, due]) == Match(open_visit.id, Edge.DEPARTURE)
    assert match(at, None, [], [open_visit]) == Match(open_visit.id, Edge.DEPARTURE)


def test_the_same_departure_elsewhere_again_repeats_it(open_visit: Candidate) -> None:
    left = replace(open_visit, left_at=MORNING + after(50))
    there = HomeId(open_visit.home_id + 1)
    found = match(MORNING + after(51), Edge.DEPARTURE, [there], [left])
    assert found == Match(left.id, Edge.DEPARTURE, Doubt.REPEATED)


def test_nobody_goes_out_of_a_visit_that_is_not_theirs_or_not_open(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId
) -> None:
    other = make_worker(conn, organisation, make_area(conn), last_name="Koné").id
    with pytest.raises(NotFoundError):
        start_outing(conn, other, visit, OutingKind.WALK, at=MORNING)
    with pytest.raises(InvalidError, match="pas en cours"):
        start_outing(conn, worker, visit, OutingKind.WALK, at=MORNING - after(10))
    conn.execute("UPDATE visits SET left_at = %s WHERE id = %s", (MORNING + after(20), visit))
    with pytest.raises(InvalidError, match="pas en cours"):
        end_outing(conn, worker, visit, at=MORNING + after(30))
