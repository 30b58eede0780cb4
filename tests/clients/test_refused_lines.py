"""Lines from which an agency takes no call: refused with a reason, never a home's, lifted with a trace."""

import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from homecare.clients.operations import RefusedLineError, add_line, remove_line
from homecare.clients.queries import homes_on_line
from homecare.clients.refused_lines import (
    is_line_refused,
    lift_refusal,
    list_refused_lines,
    refuse_line,
)
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import HomecareError, InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId
from tests.builders import MORNING, MadeHome, make_area, make_client, make_user
from tests.database import Database

MOBILE = "+33699887766"


@pytest.fixture
def actor(conn: db.Conn, organisation: OrganisationId) -> ByUser:
    del organisation  # whom the transaction serves
    return ByUser(make_user(conn))


@pytest.fixture
def home(conn: db.Conn, actor: ByUser) -> MadeHome:
    del actor
    return make_client(conn, make_area(conn))


def trail(conn: db.Conn) -> list[tuple[str, str, int]]:
    return conn.execute(
        """SELECT action, actor, subject_id FROM audit_events
           WHERE action IN ('clients.refuse_line', 'clients.lift_refusal') ORDER BY id"""
    ).fetchall()


def test_a_refused_line_tells_who_refused_it_when_and_why(conn: db.Conn, actor: ByUser) -> None:
    refuse_line(conn, actor, MOBILE, reason="  Appels   malveillants ", now=MORNING)
    (line,) = list_refused_lines(conn)
    assert (line.number, line.reason) == (MOBILE, "Appels malveillants")
    assert (line.refused_by, line.refused_at) == ("MOREL Claire", MORNING)
    assert is_line_refused(conn, MOBILE)
    assert not is_line_refused(conn, "+33699887767")


def test_a_line_is_refused_once_and_with_a_reason(conn: db.Conn, actor: ByUser) -> None:
    with pytest.raises(InvalidError, match="pourquoi"):
        refuse_line(conn, actor, MOBILE, reason=" ", now=MORNING)
    refuse_line(conn, actor, MOBILE, reason="Appels malveillants", now=MORNING)
    with pytest.raises(InvalidError, match="déjà refusée"):
        refuse_line(conn, actor, MOBILE, reason="Encore", now=MORNING)


def test_a_lifted_refusal_lets_calls_in_again_and_leaves_its_trace(conn: db.Conn, actor: ByUser) -> None:
    line = refuse_line(conn, actor, MOBILE, reason="Appels malveillants", now=MORNING)
    later = MORNING + timedelta(hours=1)
    assert lift_refusal(conn, actor, line, now=later) == MOBILE
    assert not is_line_refused(conn, MOBILE)
    assert list_refused_lines(conn) == []
    with pytest.raises(NotFoundError):
        lift_refusal(conn, actor, line, now=later)
    again = refuse_line(conn, actor, MOBILE, reason="De nouveau", now=later)
    assert trail(conn) == [
        ("clients.refuse_line", str(actor), line),
        ("clients.lift_refusal", str(actor), line),
        ("clients.refuse_line", str(actor), again),
    ]


def test_a_homes_line_is_not_refused_until_it_is_taken_off(
    conn: db.Conn, actor: ByUser, home: MadeHome
) -> None:
    with pytest.raises(InvalidError, match="ligne d’un domicile"):
        refuse_line(conn, actor, home.line, reason="Essai", now=MORNING)
    remove_line(conn, home.home, home.line)
    refuse_line(conn, actor, home.line, reason="Essai", now=MORNING)


def test_a_refused_line_names_no_home_until_the_refusal_is_lifted(
    conn: db.Conn, actor: ByUser, home: MadeHome
) -> None:
    line = refuse_line(conn, actor, MOBILE, reason="Essai", now=MORNING)
    with pytest.raises(RefusedLineError, match="Lignes refusées"):
        add_line(conn, home.home, MOBILE)
    lift_refusal(conn, actor, line, now=MORNING)
    add_line(conn, home.home, MOBILE)
    assert homes_on_line(conn, MOBILE) == [home.home]


@pytest.mark.parametrize("number", ["0699887766", "+33 6 99", "", "anonymous"])
def test_only_a_number_in_its_one_form_is_kept(conn: db.Conn, actor: ByUser, number: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        refuse_line(conn, actor, number, reason="Essai", now=MORNING)


def test_another_agency_takes_calls_from_it(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        line = refuse_line(conn, ByUser(make_user(conn)), MOBILE, reason="Essai", now=MORNING)
    with database.connect(there) as conn:
        assert not is_line_refused(conn, MOBILE)
        assert list_refused_lines(conn) == []
        with pytest.raises(NotFoundError):
            lift_refusal(conn, ByUser(make_user(conn)), line, now=MORNING)
        refuse_line(conn, ByUser(make_user(conn)), MOBILE, reason="Essai", now=MORNING)


def test_two_people_at_once_never_make_a_line_a_homes_and_refused(database: Database) -> None:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        home, actor = make_client(conn, make_area(conn)), ByUser(make_user(conn))
    kept: list[str] = []

    def refuse(conn: db.Conn, number: str) -> None:
        refuse_line(conn, actor, number, reason="Essai", now=MORNING)

    def register(conn: db.Conn, number: str) -> None:
        add_line(conn, home.home, number)

    def attempt(act: Callable[[db.Conn, str], None], number: str, ready: threading.Barrier) -> None:
        with database.connect(organisation) as conn:
            ready.wait()
            try:
                act(conn, number)
            except HomecareError:
                conn.rollback()
            else:
                kept.append(number)

    for number in (f"+3369988{tail}" for tail in range(7000, 7020)):
        ready = threading.Barrier(2)
        both = [threading.Thread(target=attempt, args=(act, number, ready)) for act in (refuse, register)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert kept.count(number) == 1
