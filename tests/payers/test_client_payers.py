"""Who pays for a client: from a day to a day, never twice at a time, never another organisation's payer."""

from datetime import timedelta

import psycopg
import pytest

from homecare.access.queries import use_reach
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import ClientId, OrganisationId, PayerId
from homecare.payers.client_payers import (
    add_client_payer,
    list_client_payers,
    remove_client_payer,
    set_last_day,
)
from homecare.payers.model import PayerKind
from homecare.payers.operations import add_payer, retire_payer
from tests.builders import ACTOR, MORNING, make_area, make_client
from tests.database import Database

TODAY = MORNING.date()
DAY = timedelta(days=1)


@pytest.fixture
def client(conn: db.Conn) -> ClientId:
    return make_client(conn, make_area(conn)).client


@pytest.fixture
def payer(conn: db.Conn) -> PayerId:
    return add_payer(conn, ACTOR, PayerKind.DEPARTMENT, "Département", now=MORNING)


def test_a_client_has_several_payers_at_a_time_each_with_its_days(
    conn: db.Conn, client: ClientId, payer: PayerId
) -> None:
    other = add_payer(conn, ACTOR, PayerKind.INSURER, "Mutuelle", now=MORNING)
    first = add_client_payer(conn, ACTOR, client, payer, since=TODAY - 9 * DAY, now=MORNING)
    add_client_payer(conn, ACTOR, client, other, since=TODAY, now=MORNING)
    set_last_day(conn, ACTOR, client, first, TODAY, now=MORNING)
    found = [(one.name, one.since, one.until) for one in list_client_payers(conn, client)]
    assert found == [
        ("Mutuelle", TODAY, None),
        ("Département", TODAY - 9 * DAY, TODAY + DAY),
    ]


def test_the_same_payer_pays_once_at_a_time_and_may_come_back(
    conn: db.Conn, client: ClientId, payer: PayerId
) -> None:
    first = add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    for since in (TODAY - DAY, TODAY, TODAY + DAY):
        with pytest.raises(InvalidError, match="déjà pour ce bénéficiaire"):
            add_client_payer(conn, ACTOR, client, payer, since=since, now=MORNING)
    set_last_day(conn, ACTOR, client, first, TODAY, now=MORNING)
    with pytest.raises(InvalidError):
        add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    add_client_payer(conn, ACTOR, client, payer, since=TODAY + DAY, now=MORNING)
    with pytest.raises(InvalidError):
        set_last_day(conn, ACTOR, client, first, None, now=MORNING)
    assert len(list_client_payers(conn, client)) == 2


def test_the_last_day_comes_after_the_first_and_may_be_taken_back(
    conn: db.Conn, client: ClientId, payer: PayerId
) -> None:
    days = add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    with pytest.raises(InvalidError, match="24/11/2026"):
        set_last_day(conn, ACTOR, client, days, TODAY - DAY, now=MORNING)
    set_last_day(conn, ACTOR, client, days, TODAY + DAY, now=MORNING)
    set_last_day(conn, ACTOR, client, days, None, now=MORNING)
    assert [one.until for one in list_client_payers(conn, client)] == [None]


def test_a_mistake_is_taken_back_and_the_trail_keeps_it(
    conn: db.Conn, client: ClientId, payer: PayerId
) -> None:
    days = add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    remove_client_payer(conn, ACTOR, client, days, now=MORNING)
    assert list_client_payers(conn, client) == []
    trail = conn.execute(
        "SELECT before FROM audit_events WHERE action = 'payers.remove_client_payer' AND subject_id = %s",
        (client,),
    ).fetchall()
    assert trail == [({"payer": payer, "since": "2026-11-24", "until": None},)]


def test_a_retired_payer_takes_no_new_client(conn: db.Conn, client: ClientId, payer: PayerId) -> None:
    retire_payer(conn, ACTOR, payer, now=MORNING)
    with pytest.raises(NotFoundError):
        add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)


def test_another_clients_days_are_not_changed_through_this_one(
    conn: db.Conn, client: ClientId, payer: PayerId
) -> None:
    days = add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    other = make_client(conn, make_area(conn)).client
    with pytest.raises(NotFoundError):
        set_last_day(conn, ACTOR, other, days, TODAY, now=MORNING)
    with pytest.raises(NotFoundError):
        remove_client_payer(conn, ACTOR, other, days, now=MORNING)


def test_whoever_works_in_another_area_reaches_no_clients_payers(
    conn: db.Conn, organisation: OrganisationId, client: ClientId, payer: PayerId
) -> None:
    days = add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
    use_reach(conn, organisation, frozenset({make_area(conn)}))
    assert list_client_payers(conn, client) == []
    with pytest.raises(NotFoundError):
        add_client_payer(conn, ACTOR, client, payer, since=TODAY - 9 * DAY, now=MORNING)
    with pytest.raises(NotFoundError):
        set_last_day(conn, ACTOR, client, days, TODAY, now=MORNING)
    with pytest.raises(NotFoundError):
        remove_client_payer(conn, ACTOR, client, days, now=MORNING)


def test_another_organisations_payer_is_refused_by_the_database_too(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        payer = add_payer(conn, ACTOR, PayerKind.OTHER, "Métropole", now=MORNING)
    with database.connect(there) as conn:
        client = make_client(conn, make_area(conn)).client
        with pytest.raises(NotFoundError):
            add_client_payer(conn, ACTOR, client, payer, since=TODAY, now=MORNING)
        with pytest.raises(psycopg.errors.ForeignKeyViolation), conn.transaction():
            conn.execute(
                "INSERT INTO client_payers (client_id, payer_id, period) VALUES (%s, %s, '[2026-11-24,)')",
                (client, payer),
            )
        with pytest.raises(psycopg.errors.ForeignKeyViolation), conn.transaction():
            conn.execute(
                "INSERT INTO proof_minimums (payer_id, minimum, period) VALUES (%s, 'A', '[2026-11-24,)')",
                (payer,),
            )
