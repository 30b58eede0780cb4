"""A couple at one address: one punch marks both visits, and only when it is sure that they are a couple."""

from datetime import datetime, timedelta

import pytest

from homecare.clients.operations import add_line
from homecare.kernel import db
from homecare.kernel.ids import AreaId, OrganisationId, VisitId, code_hash
from homecare.punches.journal import list_journal
from homecare.punches.model import (
    Channel,
    Claim,
    Doubt,
    Edge,
    HomeCode,
    Line,
    Receipt,
    Tag,
    Where,
    WorkerCode,
)
from homecare.punches.operations import record
from homecare.punches.queries import list_punches
from homecare.punches.receipts import list_own_punches
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

LEAVING = MORNING + timedelta(minutes=57)
DAY = timedelta(days=1)


@pytest.fixture
def area(conn: db.Conn) -> AreaId:
    return make_area(conn)


@pytest.fixture
def wife(conn: db.Conn, area: AreaId) -> MadeHome:
    return make_client(conn, area)


@pytest.fixture
def husband(conn: db.Conn, area: AreaId, wife: MadeHome) -> MadeHome:
    made = make_client(conn, area, last_name="Hamel")
    add_line(conn, made.home, wife.line)
    return made


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId, area: AreaId) -> MadeWorker:
    return make_worker(conn, organisation, area)


def punch(
    conn: db.Conn,
    organisation: OrganisationId,
    worker: MadeWorker,
    where: Where,
    *,
    at: datetime = MORNING,
) -> Receipt:
    claim = Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref=f"core-{at}",
        punched_at=at,
        where=where,
        who=WorkerCode(code_hash(CODE_KEY, organisation, worker.code)),
    )
    (receipt,) = record(conn, [claim], core_instance="test", now=at)
    return receipt


def ends(conn: db.Conn, visit: VisitId) -> tuple[datetime | None, datetime | None]:
    (row,) = conn.execute("SELECT arrived_at, left_at FROM visits WHERE id = %s", (visit,)).fetchall()
    return row


@pytest.mark.parametrize("place", ["line", "her tag", "his code"])
def test_one_punch_in_and_one_out_mark_both_visits_of_a_couple_whatever_names_the_place(
    conn: db.Conn,
    organisation: OrganisationId,
    wife: MadeHome,
    husband: MadeHome,
    worker: MadeWorker,
    place: str,
) -> None:
    hers, his = (make_visit(conn, one, worker.id) for one in (wife, husband))
    places: dict[str, Where] = {
        "line": Line(wife.line),
        "her tag": Tag(wife.tag),
        "his code": HomeCode(husband.home_code),
    }
    arrival = punch(conn, organisation, worker, places[place])
    assert (arrival.edge, arrival.doubt) == (Edge.ARRIVAL, None)
    assert arrival.visit == (his if place == "his code" else hers)
    again = punch(conn, organisation, worker, places[place], at=MORNING + timedelta(minutes=1))
    assert again.doubt is Doubt.REPEATED
    departure = punch(conn, organisation, worker, places[place], at=LEAVING)
    assert (departure.edge, departure.doubt) == (Edge.DEPARTURE, None)
    assert ends(conn, hers) == ends(conn, his) == (MORNING, LEAVING)


def test_the_punch_stays_one_and_stands_with_each_of_the_two_visits_and_clients(
    conn: db.Conn, organisation: OrganisationId, wife: MadeHome, husband: MadeHome, worker: MadeWorker
) -> None:
    visits = [make_visit(conn, one, worker.id) for one in (wife, husband)]
    made = punch(conn, organisation, worker, Line(wife.line)).punch
    assert db.value(conn, int, "SELECT count(*) FROM punches") == 1
    since, until = MORNING - DAY, MORNING + DAY
    for visit in visits:
        assert [row.id for row in list_punches(conn, since=since, until=until, visit=visit)] == [made]
    for home in (wife, husband):
        (row,) = list_journal(conn, since=since, until=until, client=home.client)
        assert row.client == "BELLANGER Odile, HAMEL Odile"
    (own,) = list_own_punches(conn, worker.id, since=since, until=until)
    assert own.client == "BELLANGER Odile, HAMEL Odile"


def test_a_visit_that_somebody_marked_apart_stays_apart(
    conn: db.Conn, organisation: OrganisationId, wife: MadeHome, husband: MadeHome, worker: MadeWorker
) -> None:
    hers, his = (make_visit(conn, one, worker.id) for one in (wife, husband))
    earlier = MORNING - timedelta(minutes=10)
    conn.execute("UPDATE visits SET arrived_at = %s, left_at = %s WHERE id = %s", (earlier, MORNING, his))
    at = MORNING + timedelta(minutes=5)
    assert punch(conn, organisation, worker, Line(wife.line), at=at).visit == hers
    assert ends(conn, his) == (earlier, MORNING)


def test_visits_that_follow_one_another_are_left_to_a_person(
    conn: db.Conn, organisation: OrganisationId, wife: MadeHome, husband: MadeHome, worker: MadeWorker
) -> None:
    half = timedelta(minutes=30)
    make_visit(conn, wife, worker.id, minutes=30)
    make_visit(conn, husband, worker.id, minutes=30, starts_at=MORNING + half)
    assert punch(conn, organisation, worker, Line(wife.line)).doubt is Doubt.SEVERAL_VISITS


@pytest.mark.parametrize("stranger", ["a third home on the line", "another address"])
def test_neighbours_behind_one_line_are_no_couple(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    wife: MadeHome,
    husband: MadeHome,
    worker: MadeWorker,
    stranger: str,
) -> None:
    if stranger == "another address":
        conn.execute("UPDATE homes SET street = '5 rue des Tanneurs' WHERE id = %s", (husband.home,))
    else:
        add_line(conn, make_client(conn, area).home, wife.line)
    visits = [make_visit(conn, one, worker.id) for one in (wife, husband)]
    assert punch(conn, organisation, worker, Line(wife.line)).doubt is Doubt.SEVERAL_VISITS
    assert [ends(conn, visit) for visit in visits] == [(None, None)] * 2
