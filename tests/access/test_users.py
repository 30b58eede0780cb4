"""The office's accounts: what each opens, the last administrator, links by which passwords are chosen."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.access import password_links, users
from homecare.access.identity import check_email
from homecare.access.model import PERMISSIONS, Permission, Rights, Role, RoleGiven, reach
from homecare.access.operations import WrongCredentialsError, open_session, sign_in
from homecare.access.password_links import LINK_LENGTH, choose_password, give_link
from homecare.access.queries import describe_user, find_session
from homecare.access.throttle import Attempt
from homecare.access.users import add_user, change_user, close_user, find_user, list_users, reopen_user
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import AreaId, OrganisationId, UserId
from tests.builders import MORNING, PASSWORD, make_area, make_signed_in, make_user
from tests.database import Database

EMAIL = "paul.henry@exemple.fr"
CHOSEN = "quatre chats sur un toit"
EVERYWHERE = Rights(Role.COORDINATOR, None)


@pytest.fixture
def director(conn: db.Conn) -> ByUser:
    return ByUser(make_user(conn, role=Role.ADMINISTRATOR))


def add(conn: db.Conn, director: ByUser, rights: Rights = EVERYWHERE, email: str = EMAIL) -> UserId:
    return add_user(conn, director, email=email, name="HENRY Paul", rights=rights, now=MORNING)


def change(conn: db.Conn, actor: ByUser, user: UserId, rights: Rights | None) -> None:
    found = find_user(conn, user)
    change_user(conn, actor, user, email=found.email, name=found.name, rights=rights, now=MORNING)


def enter(conn: db.Conn, password: str, email: str = EMAIL) -> str:
    return sign_in(conn, Attempt(email, "192.0.2.7", at=MORNING), password, now=MORNING)


def trail(conn: db.Conn, user: UserId) -> list[str]:
    return db.values(conn, str, "SELECT action FROM audit_events WHERE subject_id = %s ORDER BY id", (user,))


def test_an_account_opens_its_role_over_its_areas_alone(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    areas = frozenset({make_area(conn), make_area(conn)})
    make_area(conn)
    rights = Rights(Role.MANAGER, areas)
    user = add(conn, director, rights)
    person = describe_user(conn, organisation, user)
    assert (person.permissions, person.areas) == (
        PERMISSIONS[Role.MANAGER] - {Permission.CHANGE_PAYERS},
        areas,
    )
    assert find_user(conn, user).rights == rights
    change(conn, director, user, EVERYWHERE)
    person = describe_user(conn, organisation, user)
    assert (person.permissions, person.areas) == (PERMISSIONS[Role.COORDINATOR], None)
    assert trail(conn, user) == ["access.create_user", "access.change_rights"]


def test_whoever_is_bound_to_an_area_manages_no_accounts() -> None:
    permissions, _areas = reach([RoleGiven(Role.ADMINISTRATOR, AreaId(1)), RoleGiven(Role.WORKER, None)])
    assert Permission.CHANGE_SETTINGS in permissions
    assert Permission.MANAGE_USERS not in permissions


def test_accounts_that_only_punch_are_no_accounts_of_the_office(conn: db.Conn, director: ByUser) -> None:
    worker = make_user(conn, role=Role.WORKER)
    assert [user.id for user in list_users(conn, limit=50)] == [director.id]
    assert users.count_users(conn) == 1
    for act in (close_user, reopen_user):
        with pytest.raises(NotFoundError):
            act(conn, director, worker, now=MORNING)
    with pytest.raises(InvalidError):
        add(conn, director, Rights(Role.WORKER, None))


def test_a_worker_who_coordinates_still_punches_after_a_change_of_role(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    user = make_user(conn, role=Role.WORKER)
    conn.execute("INSERT INTO user_roles (user_id, role) VALUES (%s, 'coordinator')", (user,))
    change(conn, director, user, Rights(Role.AUDITOR, None))
    assert describe_user(conn, organisation, user).permissions == (
        PERMISSIONS[Role.AUDITOR] | PERMISSIONS[Role.WORKER]
    )


@pytest.mark.parametrize("areas", [frozenset(), frozenset({AreaId(999_999)})])
def test_no_area_and_an_area_of_elsewhere_are_refused(
    conn: db.Conn, director: ByUser, areas: frozenset[AreaId]
) -> None:
    with pytest.raises(InvalidError, match="au moins un secteur"):
        add(conn, director, Rights(Role.COORDINATOR, areas))
    with pytest.raises(InvalidError, match="tous les secteurs"):
        add(conn, director, Rights(Role.ADMINISTRATOR, frozenset({make_area(conn)})))


def test_the_list_says_when_each_last_signed_in_and_puts_closed_accounts_last(
    conn: db.Conn, director: ByUser
) -> None:
    user, other = add(conn, director), make_user(conn, name="AUBRY Zoé")
    close_user(conn, director, other, now=MORNING)
    open_session(conn, user, now=MORNING)
    open_session(conn, user, now=MORNING + timedelta(hours=2))
    listed = {one.id: one for one in list_users(conn, limit=50)}
    assert list(listed) == [user, director.id, other]
    assert listed[user].last_sign_in_at == MORNING + timedelta(hours=2)
    assert listed[director.id].last_sign_in_at is None


def test_closing_an_account_ends_its_sessions_and_reopening_lets_it_sign_in(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    person, token = make_signed_in(conn, organisation, role=Role.COORDINATOR)
    email = find_user(conn, person.user).email
    close_user(conn, director, person.user, now=MORNING)
    assert find_session(conn, token, now=MORNING) is None
    with pytest.raises(WrongCredentialsError):
        enter(conn, PASSWORD, email)
    with pytest.raises(InvalidError, match="déjà fermé"):
        close_user(conn, director, person.user, now=MORNING)
    reopen_user(conn, director, person.user, now=MORNING)
    assert find_session(conn, token, now=MORNING) is None
    assert enter(conn, PASSWORD, email)
    assert trail(conn, person.user)[-3:] == ["access.close_user", "access.reopen_user", "access.sign_in"]


def test_nobody_closes_or_demotes_themselves(conn: db.Conn, director: ByUser) -> None:
    make_user(conn, role=Role.ADMINISTRATOR)
    with pytest.raises(InvalidError, match="votre propre compte"):
        close_user(conn, director, director.id, now=MORNING)
    with pytest.raises(InvalidError, match="votre propre rôle"):
        change(conn, director, director.id, EVERYWHERE)
    change(conn, director, director.id, Rights(Role.ADMINISTRATOR, None))


def test_the_last_administrator_is_neither_closed_nor_demoted(conn: db.Conn, director: ByUser) -> None:
    closed = make_user(conn, role=Role.ADMINISTRATOR)
    close_user(conn, director, closed, now=MORNING)
    bound = make_user(conn, role=Role.ADMINISTRATOR, area=make_area(conn))
    for actor in (ByUser(closed), ByUser(bound)):
        with pytest.raises(InvalidError, match="dernier administrateur"):
            close_user(conn, actor, director.id, now=MORNING)
        with pytest.raises(InvalidError, match="dernier administrateur"):
            change(conn, actor, director.id, EVERYWHERE)


def test_two_administrators_who_close_each_other_at_once_leave_one(database: Database) -> None:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        first, second = (ByUser(make_user(conn, role=Role.ADMINISTRATOR)) for _ in range(2))
    ready = threading.Barrier(2)
    refused: list[str] = []

    def close(actor: ByUser, other: ByUser) -> None:
        with database.connect(organisation) as conn:
            ready.wait(timeout=20)
            try:
                close_user(conn, actor, other.id, now=MORNING)
            except InvalidError as error:
                refused.append(str(error))
                conn.rollback()

    threads = [threading.Thread(target=close, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.connect(organisation) as conn:
        left = [one.id for one in list_users(conn, limit=9) if one.closed_at is None]
    assert len(left) == 1
    assert len(refused) == 1
    assert "dernier administrateur" in refused[0]


def test_a_used_address_is_refused_and_nothing_changes(conn: db.Conn, director: ByUser) -> None:
    user = add(conn, director)
    taken = find_user(conn, director.id).email
    with pytest.raises(InvalidError, match="déjà un compte"):
        add(conn, director, email=EMAIL.upper())
    with pytest.raises(InvalidError, match="déjà un compte"):
        change_user(conn, director, user, email=taken, name="X", rights=None, now=MORNING)
    assert find_user(conn, user).email == EMAIL
    change_user(conn, director, user, email="P.H@exemple.fr", name="HENRY P.", rights=None, now=MORNING)
    assert (find_user(conn, user).email, find_user(conn, user).name) == ("p.h@exemple.fr", "HENRY P.")


NO_ADDRESSES = [
    "",
    "paul",
    "paul@",
    "@exemple.fr",
    "paul@exemple",
    "a b@exemple.fr",
    "é@exemple.fr",
    "\N{PARTY POPPER}@a.fr",
    "a@b@c.fr",
    "a@exemple..fr",
    "a" * 100_000 + "@exemple.fr",
    "a@exemple.fr\nb",
]


@pytest.mark.parametrize("typed", NO_ADDRESSES, ids=range(len(NO_ADDRESSES)))
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(InvalidError):
        check_email(typed)


def give(
    conn: db.Conn, director: ByUser, organisation: OrganisationId, user: UserId
) -> password_links.PasswordLink:
    return give_link(conn, director, organisation, user, now=MORNING, real_now=MORNING)


def choose(conn: db.Conn, link: password_links.PasswordLink, *, after: timedelta = timedelta()) -> None:
    choose_password(conn, link, CHOSEN, now=MORNING, real_now=MORNING + after)


def test_a_link_lets_the_person_choose_a_password_once(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    user = add(conn, director)
    link = give(conn, director, organisation, user)
    choose(conn, link)
    assert enter(conn, CHOSEN)
    with pytest.raises(InvalidError, match="ne sert plus"):
        choose(conn, link)
    assert trail(conn, user) == [
        "access.create_user",
        "access.give_password_link",
        "access.choose_password",
        "access.sign_in",
    ]


def test_giving_a_link_voids_the_password_the_sessions_and_the_links_before(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    person, token = make_signed_in(conn, organisation, role=Role.COORDINATOR)
    email = find_user(conn, person.user).email
    first = give(conn, director, organisation, person.user)
    second = give(conn, director, organisation, person.user)
    assert find_session(conn, token, now=MORNING) is None
    with pytest.raises(WrongCredentialsError):
        enter(conn, PASSWORD, email)
    with pytest.raises(InvalidError, match="ne sert plus"):
        choose(conn, first)
    choose(conn, second)
    assert enter(conn, CHOSEN, email)


def test_a_link_is_worth_nothing_later_for_another_or_for_a_closed_account(
    conn: db.Conn, organisation: OrganisationId, director: ByUser
) -> None:
    user = add(conn, director)
    link = give(conn, director, organisation, user)
    for wrong in (replace(link, user=director.id), replace(link, mark="")):
        with pytest.raises(InvalidError, match="ne sert plus"):
            choose(conn, wrong)
    with pytest.raises(InvalidError, match="ne sert plus"):
        choose(conn, link, after=LINK_LENGTH)
    close_user(conn, director, user, now=MORNING)
    with pytest.raises(InvalidError, match="ne sert plus"):
        choose(conn, link)
    with pytest.raises(InvalidError, match="rouvrez-le"):
        give(conn, director, organisation, user)
    with pytest.raises(InvalidError, match="Mon mot de passe"):
        give(conn, director, organisation, director.id)


def test_an_account_of_another_organisation_is_not_found(database: Database) -> None:
    ours, theirs = database.create_organisation(), database.create_organisation()
    with database.connect(theirs) as conn:
        stranger, area = make_user(conn), make_area(conn)
    with database.connect(ours) as conn:
        director = ByUser(make_user(conn, role=Role.ADMINISTRATOR))
        for act in (close_user, reopen_user):
            with pytest.raises(NotFoundError):
                act(conn, director, stranger, now=MORNING)
        with pytest.raises(NotFoundError):
            give(conn, director, ours, stranger)
        with pytest.raises(InvalidError, match="secteur de votre agence"):
            add(conn, director, Rights(Role.COORDINATOR, frozenset({area})))
