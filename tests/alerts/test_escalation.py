"""An alert that nobody takes escalates once, after the delay of its rule, unless the worker arrives first."""

from datetime import datetime, timedelta
from typing import TypedDict

import pytest

from homecare.alerts.operations import (
    arm,
    close_from_visits,
    raise_due,
    remove_rule,
    set_rule,
    take_in_charge,
)
from homecare.alerts.queries import count_escalated, list_alerts, list_dues, list_rules
from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, OrganisationId, ServiceId, VisitId
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


class Scope(TypedDict, total=False):
    area: AreaId
    service: ServiceId
    client: ClientId


def at(minutes: float) -> datetime:
    """Minutes after 08:00, the start of the visit."""
    return MORNING + timedelta(minutes=minutes)


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


@pytest.fixture
def visit(conn: db.Conn, organisation: OrganisationId, home: MadeHome) -> VisitId:
    worker = make_worker(conn, organisation, make_area(conn))
    made = make_visit(conn, home, worker.id)
    arm(conn, [made], now=YESTERDAY)
    return made


def escalations(conn: db.Conn) -> list[datetime | None]:
    return [alert.escalated_at for alert in list_alerts(conn, since=YESTERDAY)]


def test_an_alert_that_nobody_took_for_ten_minutes_escalates_once(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    (alert,) = raise_due(conn, organisation, now=at(8))
    assert raise_due(conn, organisation, now=at(13)) == [alert]
    assert next_due_here(conn) == at(18)
    assert raise_due(conn, organisation, now=at(17.9)) == []
    assert raise_due(conn, organisation, now=at(18)) == [alert]
    assert escalations(conn) == [at(18)]
    assert raise_due(conn, organisation, now=at(60)) == []
    assert escalations(conn) == [at(18)]
    audited = "SELECT count(*) FROM audit_events WHERE action = 'alerts.escalate' AND subject_id = %s"
    assert conn.execute(audited, (alert,)).fetchall() == [(1,)]


def test_the_delay_runs_from_the_moment_at_which_the_alert_could_be_taken(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(40))  # nobody swept before
    assert next_due_here(conn) == at(50)


def test_an_alert_that_has_an_owner_does_not_escalate(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    (alert,) = raise_due(conn, organisation, now=at(8))
    take_in_charge(conn, actor_of(make_user(conn)), alert, now=at(9))
    raise_due(conn, organisation, now=at(60))
    assert escalations(conn) == [None]


def test_whoever_takes_an_escalated_alert_is_its_owner_and_nobody_else_is_called(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    (alert,) = raise_due(conn, organisation, now=at(8))
    raise_due(conn, organisation, now=at(18))
    assert count_escalated(conn, since=YESTERDAY) == 1
    take_in_charge(conn, actor_of(make_user(conn)), alert, now=at(19))
    assert count_escalated(conn, since=YESTERDAY) == 0
    assert escalations(conn) == [at(18)]


def test_an_arrival_closes_the_alert_before_it_escalates(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(8))
    note_ends(conn, arrivals={visit: at(10)})
    close_from_visits(conn, [visit], now=at(10))
    assert raise_due(conn, organisation, now=at(60)) == []
    assert escalations(conn) == [None]


def test_a_visit_that_is_moved_escalates_from_its_new_alert_alone(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    raise_due(conn, organisation, now=at(8))
    before = find_visit(conn, visit)
    move_visit(
        conn, ACTOR, visit, revision=before.revision, worker=before.worker_id, starts_at=at(60), now=at(10)
    )
    arm(conn, [visit], now=at(10))
    assert raise_due(conn, organisation, now=at(59)) == []
    raise_due(conn, organisation, now=at(68))
    raise_due(conn, organisation, now=at(78))
    assert {(a.planned_at, a.escalated_at) for a in list_alerts(conn, since=YESTERDAY)} == {
        (at(0), None),
        (at(60), at(78)),
    }


def test_the_delay_follows_the_rule_also_for_the_alerts_that_are_open(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId, home: MadeHome
) -> None:
    raise_due(conn, organisation, now=at(8))
    set_rule(conn, ACTOR, client=home.client, escalation_minutes=3, now=at(9))
    assert next_due_here(conn) == at(11)
    set_rule(conn, ACTOR, client=home.client, escalation_minutes=None, now=at(9))
    raise_due(conn, organisation, now=at(60))
    assert escalations(conn) == [None]


@feature("G3")
def test_the_thresholds_are_those_of_the_client_else_the_service_else_the_area_else_the_organisation(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId, home: MadeHome
) -> None:
    planned = find_visit(conn, visit)
    scopes: tuple[Scope, ...] = (
        {},
        {"area": planned.area_id},
        {"service": planned.service_id},
        {"client": home.client},
    )
    for number, scope in enumerate(scopes, start=1):
        set_rule(conn, ACTOR, **scope, first_minutes=number, second_minutes=10 * number, now=YESTERDAY)
        assert steps(conn) == [at(number), at(10 * number)]
    for number, rule in reversed(list(enumerate(list_rules(conn)))):
        remove_rule(conn, ACTOR, rule.id, now=YESTERDAY)
        assert steps(conn) == ([at(number), at(10 * number)] if number else [at(8), at(13)])


def steps(conn: db.Conn) -> list[datetime]:
    return [due.due_at for due in list_dues(conn, since=YESTERDAY, until=at(60))]


def test_a_rule_of_another_area_client_or_service_changes_nothing(
    conn: db.Conn, organisation: OrganisationId, visit: VisitId
) -> None:
    stranger = make_client(conn, make_area(conn))
    set_rule(conn, ACTOR, area=make_area(conn), first_minutes=1, second_minutes=2, now=YESTERDAY)
    set_rule(conn, ACTOR, client=stranger.client, first_minutes=1, second_minutes=2, now=YESTERDAY)
    assert steps(conn) == [at(8), at(13)]


def test_two_cores_that_sweep_at_once_escalate_an_alert_once(database: Database) -> None:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        worker = make_worker(conn, organisation, make_area(conn))
        made = make_visit(conn, make_client(conn, make_area(conn)), worker.id)
        arm(conn, [made], now=YESTERDAY)
        raise_due(conn, organisation, now=at(13))
    with database.connect(organisation) as one, database.connect(organisation) as other:
        escalated = raise_due(one, organisation, now=at(30)) + raise_due(other, organisation, now=at(30))
        assert len(escalated) == 1
