"""Signing in, and what a session lets through."""

import pytest

from homecare.access.model import Permission, Role, RoleGiven, reach
from homecare.access.operations import (
    SESSION_LENGTH,
    WrongCredentialsError,
    create_user,
    sign_in,
    sign_out,
)
from homecare.access.queries import find_session
from homecare.access.throttle import Attempt
from homecare.clients.queries import find_client, list_clients
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import AreaId, OrganisationId
from tests.builders import ACTOR, MORNING, PASSWORD, make_area, make_client, make_signed_in

EMAIL = "claire.morel@exemple.fr"


@pytest.fixture
def account(conn: db.Conn) -> str:
    create_user(
        conn,
        ACTOR,
        EMAIL,
        name="MOREL Claire",
        password=PASSWORD,
        roles=[(Role.ADMINISTRATOR, None)],
        now=MORNING,
    )
    return EMAIL


def attempt(email: str) -> Attempt:
    return Attempt(email, "192.0.2.7", at=MORNING)


def test_the_right_password_opens_a_session_until_the_end_of_the_day(conn: db.Conn, account: str) -> None:
    token = sign_in(conn, attempt(account.upper()), PASSWORD, now=MORNING)
    person = find_session(conn, token, now=MORNING)
    assert person is not None
    assert (person.name, person.areas) == ("MOREL Claire", None)
    assert find_session(conn, token, now=MORNING + SESSION_LENGTH) is None


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "un autre mot de passe"), ("personne@exemple.fr", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    conn: db.Conn, account: str, email: str, password: str
) -> None:
    with pytest.raises(WrongCredentialsError, match="Adresse ou mot de passe incorrect"):
        sign_in(conn, attempt(email), password, now=MORNING)


def test_a_session_that_was_closed_is_worth_nothing(conn: db.Conn, account: str) -> None:
    token = sign_in(conn, attempt(account), PASSWORD, now=MORNING)
    sign_out(conn, token)
    assert find_session(conn, token, now=MORNING) is None


def test_a_short_password_and_a_used_address_are_refused(conn: db.Conn, account: str) -> None:
    for email, password in (("nouvelle@exemple.fr", "court"), (account, PASSWORD)):
        with pytest.raises(InvalidError):
            create_user(conn, ACTOR, email, name="X", password=password, roles=[], now=MORNING)


def test_a_coordinator_of_one_area_finds_no_client_of_another(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    ours, theirs = make_area(conn), make_area(conn)
    own, foreign = make_client(conn, ours), make_client(conn, theirs, last_name="Ailleurs")
    _, token = make_signed_in(conn, organisation, role=Role.COORDINATOR, area=ours)
    find_session(conn, token, now=MORNING)
    assert [row.id for row in list_clients(conn)] == [own.client]
    with pytest.raises(NotFoundError):
        find_client(conn, foreign.client)


def test_roles_over_several_areas_give_only_what_all_of_them_allow() -> None:
    manager = RoleGiven(Role.MANAGER, AreaId(1))
    auditor = RoleGiven(Role.AUDITOR, AreaId(2))
    permissions, areas = reach([manager, auditor])
    assert areas == frozenset({AreaId(1), AreaId(2)})
    assert Permission.SEE_PLANNING in permissions
    assert Permission.OPTIMISE not in permissions


def test_a_worker_who_also_coordinates_an_area_reaches_that_area_only() -> None:
    permissions, areas = reach([RoleGiven(Role.WORKER, None), RoleGiven(Role.COORDINATOR, AreaId(3))])
    assert areas == frozenset({AreaId(3)})
    assert {Permission.PUNCH, Permission.SEE_BOARD} <= permissions


def test_nobody_without_a_role_may_do_anything() -> None:
    assert reach([]) == (frozenset(), None)
