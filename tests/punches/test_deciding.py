"""A punch that waits is linked or rejected by a person; either is logged and may be taken back."""

import threading
from datetime import datetime, timedelta

import pytest

from homecare.alerts.operations import arm, raise_due, reopen_from_visits
from homecare.alerts.queries import list_alerts
from homecare.clients.operations import add_line
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, OrganisationId, PunchId, VisitId, WorkerId
from homecare.punches.cases import find_decision, find_punch, list_history
from homecare.punches.deciding import DecidedError, RejectReason, link, reject, take_back
from homecare.punches.journal import count_by_doubt
from homecare.punches.model import Channel, Claim, Edge, Line, Nobody, SignedInWorker, Who
from homecare.punches.operations import record
from homecare.punches.queries import count_waiting
from homecare.punches.receipts import list_own_punches
from homecare.punches.waiting import find_proposals, read_known
from homecare.punches.worker_day import list_own_visits
from homecare.visits.queries import find_visit
from tests.builders import MORNING, MadeHome, make_area, make_client, make_user, make_visit, make_worker
from tests.database import Database
from tests.features import feature

SINCE, UNTIL = MORNING - timedelta(days=1), MORNING + timedelta(days=1)
STRANGE_LINE = "+33547000099"


def at(minutes: float) -> datetime:
    """Minutes after 08:00, the start of the visit."""
    return MORNING + timedelta(minutes=minutes)


@pytest.fixture
def area(conn: db.Conn) -> AreaId:
    return make_area(conn)


@pytest.fixture
def home(conn: db.Conn, area: AreaId) -> MadeHome:
    return make_client(conn, area)


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId, area: AreaId) -> WorkerId:
    return make_worker(conn, organisation, area).id


@pytest.fixture
def visit(conn: db.Conn, home: MadeHome, worker: WorkerId) -> VisitId:
    return make_visit(conn, home, worker)


@pytest.fixture
def actor(conn: db.Conn) -> ByUser:
    return ByUser(make_user(conn))


def call(
    conn: db.Conn,
    organisation: OrganisationId,
    who: WorkerId | None,
    *,
    line: str = STRANGE_LINE,
    minutes: float = 3,
    edge: Edge | None = Edge.ARRIVAL,
) -> PunchId:
    """Record a call and return its punch."""
    by: Who = Nobody() if who is None else SignedInWorker(who)
    claim = Claim(organisation, Channel.PHONE, f"{who}-{minutes}", at(minutes), Line(line), by, edge)
    (receipt,) = record(conn, [claim], core_instance="test", now=at(minutes))
    assert receipt.punch is not None
    return receipt.punch


def ends(conn: db.Conn, visit: VisitId) -> tuple[datetime | None, datetime | None]:
    found = find_visit(conn, visit)
    return found.arrived_at, found.left_at


def first_proposal(conn: db.Conn, punch: PunchId) -> tuple[VisitId, Edge]:
    known = read_known(conn, [(punch, find_punch(conn, punch).punched_at)])
    best = find_proposals(conn, known)[punch][0]
    return best.visit.id, best.edge


@feature("P14")
def test_a_punch_from_an_unknown_line_waits_with_its_reason_and_its_worker_s_visit_and_is_linked_to_it(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    assert find_punch(conn, punch).doubt == "unknown_home"
    assert count_waiting(conn, since=SINCE, until=UNTIL).oldest_at == at(3)
    assert first_proposal(conn, punch) == (visit, Edge.ARRIVAL)
    decided = link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    assert decided.visits == [visit]
    assert ends(conn, visit) == (at(3), None)
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 0
    (own,) = list_own_visits(conn, worker, since=SINCE, until=UNTIL)
    assert own.arrived_at == at(3)
    (receipt,) = list_own_punches(conn, worker, since=SINCE, until=UNTIL)
    assert (receipt.doubt, receipt.client) == (None, "BELLANGER Odile")


@feature("P14")
def test_who_linked_and_who_took_it_back_is_in_the_trail_with_the_time_and_the_punch_waits_as_before(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    before, raw = find_punch(conn, punch), conn.execute("SELECT * FROM punches").fetchall()
    link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    assert take_back(conn, actor, punch, now=at(30)).visits == [visit]
    assert find_punch(conn, punch) == before
    assert ends(conn, visit) == (None, None)
    assert conn.execute("SELECT * FROM punches").fetchall() == raw
    trail = [(step.action, step.by, step.at) for step in list_history(conn, punch)]
    assert trail == [
        ("punches.settle", None, at(3)),
        ("punches.link", "MOREL Claire", at(20)),
        ("punches.take_back", "MOREL Claire", at(30)),
    ]
    assert link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(40)).visits == [visit]


@feature("P14")
def test_a_rejected_punch_waits_no_more_touches_no_visit_and_waits_again_once_that_is_taken_back(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    reject(conn, actor, punch, RejectReason.DUPLICATE, comment=" rappelé ", now=at(20))
    decision = find_decision(conn, punch)
    assert decision is not None
    assert (decision.outcome, decision.reason, decision.comment) == ("rejected", "duplicate", "rappelé")
    assert count_by_doubt(conn, since=SINCE, until=UNTIL) == {"rejected": 1}
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 0
    assert ends(conn, visit) == (None, None)
    take_back(conn, actor, punch, now=at(30))
    assert count_by_doubt(conn, since=SINCE, until=UNTIL) == {"unknown_home": 1}
    assert [step.action for step in list_history(conn, punch)][1:] == ["punches.reject", "punches.take_back"]


def test_another_reason_needs_words(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    with pytest.raises(InvalidError, match="Écrivez pourquoi"):
        reject(conn, actor, punch, RejectReason.OTHER, comment=" … ", now=at(20))
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 1


def test_whoever_comes_second_is_told_who_did_what(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    told = "MOREL Claire a déjà rattaché ce pointage à l’intervention de BELLANGER Odile, à 08:20"
    with pytest.raises(DecidedError, match=told):
        link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(21))
    with pytest.raises(DecidedError, match=told):
        reject(conn, actor, punch, RejectReason.MISTAKE, comment="", now=at(21))
    take_back(conn, actor, punch, now=at(22))
    with pytest.raises(StaleError, match="pas de décision à annuler"):
        take_back(conn, actor, punch, now=at(23))
    reject(conn, actor, punch, RejectReason.MISTAKE, comment="", now=at(24))
    with pytest.raises(DecidedError, match="MOREL Claire a déjà rejeté ce pointage, à 08:24"):
        link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(25))


def test_a_punch_that_found_its_visit_by_itself_is_not_linked_again(
    conn: db.Conn,
    organisation: OrganisationId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    punch = call(conn, organisation, worker, line=home.line)
    with pytest.raises(DecidedError, match="il a trouvé son intervention"):
        link(conn, actor, punch, visit, Edge.DEPARTURE, now=at(20))
    with pytest.raises(StaleError):
        take_back(conn, actor, punch, now=at(20))


@pytest.mark.parametrize(
    ("column", "minutes", "edge", "sentence"),
    [
        ("cancelled_at", 0, Edge.ARRIVAL, "est annulée"),
        ("arrived_at", 1, Edge.ARRIVAL, "a déjà son arrivée, à 08:01"),
        ("left_at", 55, Edge.DEPARTURE, "a déjà son départ, à 08:55"),
        ("arrived_at", 5, Edge.DEPARTURE, "ne vient pas après l’arrivée"),
        ("left_at", 2, Edge.ARRIVAL, "ne vient pas avant le départ"),
    ],
)
def test_a_visit_that_cannot_have_the_punch_refuses_it_and_nothing_changes(
    conn: db.Conn,
    organisation: OrganisationId,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
    column: str,
    minutes: int,
    edge: Edge,
    sentence: str,
) -> None:
    punch = call(conn, organisation, worker)
    updates = {
        "cancelled_at": "UPDATE visits SET cancelled_at = %s WHERE id = %s",
        "arrived_at": "UPDATE visits SET arrived_at = %s WHERE id = %s",
        "left_at": "UPDATE visits SET left_at = %s WHERE id = %s",
    }
    conn.execute(updates[column], (at(minutes), visit))
    before = ends(conn, visit)
    with pytest.raises(InvalidError, match=sentence):
        link(conn, actor, punch, visit, edge, now=at(60))
    assert ends(conn, visit) == before
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 1


@feature("P14")
def test_the_lateness_alert_closes_with_the_linked_arrival_and_opens_again_when_it_is_taken_back(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    arm(conn, [visit], now=at(-60))
    punch = call(conn, organisation, worker)
    (alert,) = raise_due(conn, organisation, now=at(9))
    decided = link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    arm(conn, decided.visits, now=at(20))
    assert [one.closing for one in list_alerts(conn, since=SINCE)] == ["arrived"]
    decided = take_back(conn, actor, punch, now=at(21))
    assert reopen_from_visits(conn, decided.visits, now=at(21)) == [alert]
    arm(conn, decided.visits, now=at(21))
    assert [one.closed_at for one in list_alerts(conn, since=SINCE)] == [None]


def test_a_colleagues_visit_becomes_the_one_s_who_punched_and_goes_back_with_the_undo(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    karim = make_worker(conn, organisation, area, last_name="Roussel", first_name="Karim").id
    punch = call(conn, organisation, karim, line=home.line)
    assert first_proposal(conn, punch) == (visit, Edge.ARRIVAL)
    with pytest.raises(StaleError, match="prévue pour ARNAUD Sonia"):
        link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    link(conn, actor, punch, visit, Edge.ARRIVAL, instead_of=worker, now=at(20))
    assert find_visit(conn, visit).worker_id == karim
    assert find_punch(conn, punch).proof == "B"
    departure = call(conn, organisation, karim, line=home.line, minutes=58, edge=None)
    assert find_punch(conn, departure).visit_id == visit
    take_back(conn, actor, punch, now=at(70))
    assert find_visit(conn, visit).worker_id == karim, "another end of it was punched since"


def test_the_undo_of_a_replacement_gives_the_visit_back(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    karim = make_worker(conn, organisation, area, last_name="Roussel", first_name="Karim").id
    punch = call(conn, organisation, karim, line=home.line)
    link(conn, actor, punch, visit, Edge.ARRIVAL, instead_of=worker, now=at(20))
    take_back(conn, actor, punch, now=at(21))
    assert find_visit(conn, visit).worker_id == worker


def test_a_visit_that_its_own_worker_began_is_not_given_to_another(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    call(conn, organisation, worker, line=home.line)
    karim = make_worker(conn, organisation, area, last_name="Roussel", first_name="Karim").id
    punch = call(conn, organisation, karim, line=home.line, minutes=50)
    with pytest.raises(InvalidError, match="ARNAUD Sonia a déjà pointé"):
        link(conn, actor, punch, visit, Edge.DEPARTURE, instead_of=worker, now=at(60))


def test_a_visit_of_nobody_becomes_the_one_s_who_punched_and_a_punch_of_nobody_the_planned_worker_s(
    conn: db.Conn,
    organisation: OrganisationId,
    home: MadeHome,
    worker: WorkerId,
    actor: ByUser,
) -> None:
    nobodys = make_visit(conn, home, None)
    unknown = call(conn, organisation, None, line=home.line, minutes=2)
    with pytest.raises(InvalidError, match="Ni ce pointage ni le planning"):
        link(conn, actor, unknown, nobodys, Edge.ARRIVAL, now=at(20))
    known = call(conn, organisation, worker, line=home.line, minutes=4)
    link(conn, actor, known, nobodys, Edge.ARRIVAL, now=at(20))
    made = find_visit(conn, nobodys)
    assert (made.worker_id, made.published_at, made.arrived_at) == (worker, at(20), at(4))
    take_back(conn, actor, known, now=at(21))
    assert (find_visit(conn, nobodys).worker_id, find_visit(conn, nobodys).published_at) == (None, None)
    planned = make_visit(conn, home, worker)
    link(conn, actor, unknown, planned, Edge.ARRIVAL, now=at(22))
    assert find_punch(conn, unknown).worker == "ARNAUD Sonia"


def test_what_the_source_did_not_prove_counts_as_declared_once_a_person_linked_it(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20))
    assert find_punch(conn, punch).proof == "D"


def test_a_link_marks_both_of_a_couple_and_the_undo_takes_both_back(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    husband = make_client(conn, area, last_name="Hamel")
    add_line(conn, husband.home, home.line)
    his = make_visit(conn, husband, worker)
    punch = call(conn, organisation, worker)
    assert set(link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20)).visits) == {visit, his}
    assert ends(conn, visit) == ends(conn, his) == (at(3), None)
    take_back(conn, actor, punch, now=at(21))
    assert ends(conn, visit) == ends(conn, his) == (None, None)


def test_a_gesture_that_repeated_the_linked_punch_waits_too_once_that_is_taken_back(
    conn: db.Conn,
    organisation: OrganisationId,
    home: MadeHome,
    worker: WorkerId,
    visit: VisitId,
    actor: ByUser,
) -> None:
    punch = call(conn, organisation, worker)
    link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(3.5))
    again = call(conn, organisation, worker, line=home.line, minutes=4)
    assert find_punch(conn, again).doubt == "repeated"
    take_back(conn, actor, punch, now=at(5))
    assert find_punch(conn, again).doubt == "no_visit"
    link(conn, actor, again, visit, Edge.ARRIVAL, now=at(6))
    assert ends(conn, visit) == (at(4), None)


def test_a_punch_of_another_area_is_not_there(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, visit: VisitId, actor: ByUser
) -> None:
    punch = call(conn, organisation, worker)
    conn.execute("SELECT set_config('app.area_ids', %s, true)", (str(make_area(conn)),))
    for act in (
        lambda: link(conn, actor, punch, visit, Edge.ARRIVAL, now=at(20)),
        lambda: reject(conn, actor, punch, RejectReason.MISTAKE, comment="", now=at(20)),
        lambda: take_back(conn, actor, punch, now=at(20)),
        lambda: find_punch(conn, punch),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert count_waiting(conn, since=SINCE, until=UNTIL).count == 0


def test_of_two_coordinators_at_once_the_second_waits_and_is_told_what_the_first_did(
    shared_database: Database,
) -> None:
    organisation, told = shared_database.create_organisation(), list[str]()
    has_begun = threading.Event()
    with shared_database.connect(organisation) as conn:
        area = make_area(conn)
        worker = make_worker(conn, organisation, area).id
        visit = make_visit(conn, make_client(conn, area), worker)
        punch = call(conn, organisation, worker)
        first, second = (ByUser(make_user(conn, name=name)) for name in ("MOREL Claire", "PETIT Jean"))

    def reject_it() -> None:
        with shared_database.connect(organisation) as conn:
            has_begun.set()
            try:
                reject(conn, second, punch, RejectReason.MISTAKE, comment="", now=at(20))
            except DecidedError as error:
                told.append(str(error))

    other = threading.Thread(target=reject_it)
    with shared_database.connect(organisation) as conn:
        link(conn, first, punch, visit, Edge.ARRIVAL, now=at(20))
        other.start()
        has_begun.wait(10)
        other.join(0.2)
        assert other.is_alive()
    other.join(10)
    assert told == ["MOREL Claire a déjà rattaché ce pointage à l’intervention de BELLANGER Odile, à 08:20."]
    with shared_database.connect(organisation) as conn:
        assert ends(conn, visit) == (at(3), None)
        assert [step.action for step in list_history(conn, punch)] == ["punches.settle", "punches.link"]
