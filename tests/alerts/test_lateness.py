"""From a published visit to its alert and its all-clear, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from homecare.alerts.model import VisitStatus
from homecare.alerts.operations import arm, close_from_visits, raise_due, set_rule, take_in_charge
from homecare.alerts.queries import board_row, list_alerts
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId, VisitId
from homecare.visits.operations import move_visit, note_ends
from homecare.visits.queries import find_visit
from tests.builders import (
    ACTOR,
    MORNING,
    MadeHome,
    actor_of,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
    next_due_here,
)
from tests.database import Database
from tests.features import feature

YESTERDAY = MORNING - timedelta(days=1)


def at(minutes: float) -> datetime:
    """Minutes after 08:00, the start of the visit."""
    return MORNING + timedelta(minutes=minutes)


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn), fragile=True)


@pytest.fixture
def visit(conn: db.Conn, organisation: OrganisationId, home: MadeHome) -> VisitId:
    worker = make_worker(conn, organisation, make_area(conn))
    made = make_visit(conn, home, worker.id)
    arm(conn, [made], now=YESTERDAY)
    return made


def steps(conn: db.Conn) -> list[tuple[int, str | None]]:
    return [(alert.step, alert.closing) for alert in list_alerts(conn, since=YESTERDAY)]


def test_nothing_is_raised_before_the_threshold(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    assert next_due_here(conn) == at(8)
    assert raise_due(conn, organisation, now=at(7.9)) == []


@feature("P33")
def test_two_steps_then_the_all_clear_when_the_worker_arrives(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(8))
    assert steps(conn) == [(1, None)]
    raise_due(conn, organisation, now=at(13))
    assert steps(conn) == [(2, None)]
    note_ends(conn, arrivals={visit: at(17)})
    close_from_visits(conn, [visit], now=at(17))
    assert steps(conn) == [(2, "arrived")]


def test_a_worker_who_arrived_raises_nothing(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    note_ends(conn, arrivals={visit: at(7)})
    assert raise_due(conn, organisation, now=at(20)) == []


def test_a_late_sweep_raises_one_alert_at_its_second_step(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(45))
    assert steps(conn) == [(2, None)]
    assert raise_due(conn, organisation, now=at(46)) == []


@feature("P35")
def test_a_visit_entered_after_the_fact_raises_nothing(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome
) -> None:
    worker = make_worker(conn, organisation, make_area(conn))
    arm(conn, [make_visit(conn, home, worker.id)], now=at(120))
    assert raise_due(conn, organisation, now=at(180)) == []


def test_a_fragile_client_can_be_at_zero_minutes_and_a_service_silent(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId, home: MadeHome
) -> None:
    set_rule(conn, ACTOR, client=home.client, first_minutes=0, second_minutes=5, now=YESTERDAY)
    assert next_due_here(conn) == at(0)
    service = find_visit(conn, visit).service_id
    set_rule(conn, ACTOR, client=home.client, service=service, enabled=False, now=YESTERDAY)
    assert raise_due(conn, organisation, now=at(60)) == []


def test_the_most_precise_rule_wins(conn: db.Conn, visit: VisitId, home: MadeHome) -> None:
    set_rule(conn, ACTOR, first_minutes=20, second_minutes=30, now=YESTERDAY)
    assert next_due_here(conn) == at(20)
    set_rule(conn, ACTOR, client=home.client, first_minutes=3, second_minutes=30, now=YESTERDAY)
    assert next_due_here(conn) == at(3)


def test_a_visit_that_is_moved_is_armed_anew_and_its_alert_closes(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(8))
    before = find_visit(conn, visit)
    move_visit(
        conn,
        ACTOR,
        visit,
        revision=before.revision,
        worker=before.worker_id,
        starts_at=at(60),
        now=at(10),
    )
    arm(conn, [visit], now=at(10))
    assert steps(conn) == [(1, "moved")]
    assert next_due_here(conn) == at(68)


def test_taking_in_charge_names_the_owner_until_the_alert_is_closed(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    (alert,) = raise_due(conn, organisation, now=at(8))
    actor = actor_of(make_user(conn, name="SIMONET Paul"))
    take_in_charge(conn, actor, alert, now=at(9))
    assert [one.owner for one in list_alerts(conn, since=YESTERDAY)] == ["SIMONET Paul"]
    note_ends(conn, arrivals={visit: at(10)})
    close_from_visits(conn, [visit], now=at(10))
    with pytest.raises(InvalidError):
        take_in_charge(conn, actor, alert, now=at(11))


def test_the_board_and_the_alert_never_contradict_each_other(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    def status(minutes: float) -> VisitStatus:
        row = board_row(conn, visit)
        assert row is not None
        return row.status(at(minutes))

    assert status(7) is VisitStatus.DUE
    raise_due(conn, organisation, now=at(8))
    assert status(9) is VisitStatus.LATE
    assert status(61) is VisitStatus.MISSED
    note_ends(conn, arrivals={visit: at(17)})
    close_from_visits(conn, [visit], now=at(17))
    assert status(18) is VisitStatus.RUNNING


@pytest.fixture
def watched(database: Database) -> tuple[OrganisationId, VisitId]:
    """A published visit at eight, committed: several connections look at it."""
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        worker = make_worker(conn, organisation, make_area(conn))
        made = make_visit(conn, make_client(conn, make_area(conn)), worker.id)
        arm(conn, [made], now=YESTERDAY)
    return organisation, made


def test_an_arrival_that_is_being_written_as_its_due_comes_leaves_no_alert(
    database: Database, watched: tuple[OrganisationId, VisitId]
) -> None:
    organisation, visit = watched
    with database.connect(organisation) as arrival:
        note_ends(arrival, arrivals={visit: at(8)})
        close_from_visits(arrival, [visit], now=at(8))
        with database.connect(organisation) as sweep:
            assert raise_due(sweep, organisation, now=at(8)) == []
            assert next_due_here(sweep) == at(8)
    with database.connect(organisation) as sweep:
        assert raise_due(sweep, organisation, now=at(8)) == []
        assert steps(sweep) == []


def test_an_arrival_that_comes_as_its_alert_is_being_raised_closes_it(
    database: Database, watched: tuple[OrganisationId, VisitId]
) -> None:
    organisation, visit = watched

    def arrive() -> None:
        with database.connect(organisation) as arrival:
            note_ends(arrival, arrivals={visit: at(8)})
            close_from_visits(arrival, [visit], now=at(8))

    with ThreadPoolExecutor(1) as threads:
        with database.connect(organisation) as sweep:
            assert len(raise_due(sweep, organisation, now=at(8))) == 1
            arriving = threads.submit(arrive)
            with pytest.raises(TimeoutError):
                arriving.result(timeout=0.2)
        arriving.result(timeout=10)
    with database.connect(organisation) as conn:
        assert steps(conn) == [(1, "arrived")]


def test_two_cores_that_sweep_at_once_raise_one_alert(
    database: Database, watched: tuple[OrganisationId, VisitId]
) -> None:
    organisation, _ = watched
    with database.connect(organisation) as one, database.connect(organisation) as other:
        raised = raise_due(one, organisation, now=at(8)) + raise_due(other, organisation, now=at(8))
        assert len(raised) == 1
