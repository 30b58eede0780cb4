"""The register of payers: one of a name in service, retired and taken back, each organisation's own."""

from datetime import timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import PayerId
from homecare.payers.client_payers import add_client_payer
from homecare.payers.model import Payer, PayerKind
from homecare.payers.operations import add_payer, change_payer, restore_payer, retire_payer
from homecare.payers.queries import list_payers
from tests.builders import ACTOR, MORNING, make_area, make_client
from tests.database import Database

TODAY = MORNING.date()


def add(
    conn: db.Conn, name: str = "Département de la Combe", kind: PayerKind = PayerKind.DEPARTMENT
) -> PayerId:
    return add_payer(conn, ACTOR, kind, name, now=MORNING)


def test_payers_stand_by_name_those_that_were_retired_last(conn: db.Conn) -> None:
    last, retired = add(conn, "Mutuelle des Fontaines", PayerKind.INSURER), add(conn, "Ancienne caisse")
    first = add(conn, "  École  du Val ", PayerKind.OTHER)
    retire_payer(conn, ACTOR, retired, now=MORNING)
    assert list_payers(conn, day=TODAY) == [
        Payer(first, "other", "École du Val", None, 0),
        Payer(last, "insurer", "Mutuelle des Fontaines", None, 0),
        Payer(retired, "department", "Ancienne caisse", TODAY, 0),
    ]


def test_a_payer_tells_for_how_many_clients_it_pays_today(conn: db.Conn) -> None:
    payer = add(conn)
    for days in (-1, 0, 1):
        client = make_client(conn, make_area(conn)).client
        since = TODAY + timedelta(days=days)
        add_client_payer(conn, ACTOR, client, payer, since=since, now=MORNING)
    (found,) = list_payers(conn, day=TODAY)
    assert found.clients == 2


def test_a_name_serves_one_payer_at_a_time(conn: db.Conn) -> None:
    payer = add(conn)
    with pytest.raises(InvalidError, match="déjà ce nom"):
        add(conn, "DÉPARTEMENT de la Combe")
    other = add(conn, "Autre")
    with pytest.raises(InvalidError, match="déjà ce nom"):
        change_payer(conn, ACTOR, other, PayerKind.OTHER, "Département de la Combe", now=MORNING)
    retire_payer(conn, ACTOR, payer, now=MORNING)
    change_payer(conn, ACTOR, other, PayerKind.OTHER, "Département de la Combe", now=MORNING)
    with pytest.raises(InvalidError, match="déjà ce nom"):
        restore_payer(conn, ACTOR, payer, now=MORNING)
    change_payer(conn, ACTOR, other, PayerKind.OTHER, "Autre", now=MORNING)
    restore_payer(conn, ACTOR, payer, now=MORNING)
    assert [one.retired_on for one in list_payers(conn, day=TODAY)] == [None, None]


@pytest.mark.parametrize("name", ["", "  ", "–", "x" * 81, "Dépar\x07tement"])
def test_what_cannot_be_a_name_is_refused(conn: db.Conn, name: str) -> None:
    with pytest.raises(InvalidError):
        add(conn, name)
    assert list_payers(conn, day=TODAY) == []


def test_a_retired_payer_is_neither_changed_nor_retired_again(conn: db.Conn) -> None:
    payer = add(conn)
    with pytest.raises(NotFoundError):
        restore_payer(conn, ACTOR, payer, now=MORNING)
    retire_payer(conn, ACTOR, payer, now=MORNING)
    with pytest.raises(NotFoundError):
        retire_payer(conn, ACTOR, payer, now=MORNING)
    with pytest.raises(NotFoundError):
        change_payer(conn, ACTOR, payer, PayerKind.OTHER, "Autre", now=MORNING)


def test_every_change_leaves_its_trace_with_what_stood_before(conn: db.Conn) -> None:
    payer = add(conn)
    change_payer(conn, ACTOR, payer, PayerKind.OTHER, "Métropole", now=MORNING)
    retire_payer(conn, ACTOR, payer, now=MORNING)
    restore_payer(conn, ACTOR, payer, now=MORNING)
    trail = conn.execute(
        "SELECT action, before FROM audit_events WHERE action ~ '^payers' AND subject_id = %s ORDER BY id",
        (payer,),
    ).fetchall()
    assert trail == [
        ("payers.add_payer", None),
        ("payers.change_payer", {"kind": "department", "name": "Département de la Combe"}),
        ("payers.retire_payer", None),
        ("payers.restore_payer", None),
    ]


def test_another_organisations_payer_is_out_of_reach(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        payer = add(conn)
    with database.connect(there) as conn:
        assert list_payers(conn, day=TODAY, payer=payer) == []
        with pytest.raises(NotFoundError):
            retire_payer(conn, ACTOR, payer, now=MORNING)
        with pytest.raises(NotFoundError):
            change_payer(conn, ACTOR, payer, PayerKind.OTHER, "Autre", now=MORNING)
        add(conn)
