"""What a client's card keeps of what people type, and what it refuses."""

from dataclasses import replace

import pytest

from homecare.access.call_lines import add_call_line
from homecare.clients.model import NewHome
from homecare.clients.operations import (
    CalledLineError,
    add_home,
    add_line,
    create_client,
    update_client,
    update_home,
)
from homecare.clients.queries import find_client, list_clients, list_homes
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import AreaId, ClientId, OrganisationId
from tests.builders import ACTOR, MORNING, make_area, make_client

HOME = NewHome(street="3 rue des Tanneurs", postal_code="99100", city="La Chesnaye")
BELL = "\x07"


@pytest.fixture
def area(conn: db.Conn, organisation: OrganisationId) -> AreaId:
    del organisation  # whom the transaction serves
    return make_area(conn)


def add(
    conn: db.Conn,
    area: AreaId,
    *,
    last_name: str = "Guichard",
    first_name: str = "Marthe",
    home: NewHome = HOME,
) -> ClientId:
    return create_client(
        conn,
        ACTOR,
        civility="Mme",
        last_name=last_name,
        first_name=first_name,
        fragile=False,
        home=home,
        now=MORNING,
        area=area,
    )


@pytest.mark.parametrize("name", ["", "  ", "\N{NO-BREAK SPACE}", "Mar\x07the", "Mar\nthe"])
def test_a_client_has_both_names_and_nothing_invisible_in_them(
    conn: db.Conn, area: AreaId, name: str
) -> None:
    with pytest.raises(InvalidError):
        add(conn, area, last_name=name)
    with pytest.raises(InvalidError):
        add(conn, area, first_name=name)
    assert list_clients(conn) == []


def test_names_are_kept_in_one_form(conn: db.Conn, area: AreaId) -> None:
    client = find_client(
        conn, add(conn, area, first_name="  Marie \N{NO-BREAK SPACE}Andre\N{COMBINING ACUTE ACCENT}e ")
    )
    assert client.first_name == "Marie Andrée"


@pytest.mark.parametrize(
    "home",
    [
        replace(HOME, street=" "),
        replace(HOME, street=f"3 rue{BELL}"),
        replace(HOME, city=f"La{BELL}"),
        replace(HOME, access_notes=f"Code{BELL}"),
        replace(HOME, postal_code="٩٩١٠٠"),
        replace(HOME, postal_code="9910"),
    ],
)
def test_a_home_that_cannot_be_found_is_refused_and_nothing_is_written(
    conn: db.Conn, area: AreaId, home: NewHome
) -> None:
    with pytest.raises(InvalidError):
        add(conn, area, home=home)
    assert list_clients(conn) == []
    made = make_client(conn, area)
    with pytest.raises(InvalidError):
        add_home(conn, made.client, home)
    with pytest.raises(InvalidError):
        update_home(conn, ACTOR, made.home, home, revision=1, now=MORNING)


def test_a_card_is_not_changed_to_a_blank_first_name(conn: db.Conn, area: AreaId) -> None:
    client = make_client(conn, area).client
    with pytest.raises(InvalidError, match="Saisissez le prénom"):
        update_client(
            conn,
            ACTOR,
            client,
            revision=1,
            civility="Mme",
            last_name="Bellanger",
            first_name=" ",
            fragile=False,
            instructions="",
            area=area,
            now=MORNING,
        )


def test_the_number_that_workers_call_does_not_name_a_home(conn: db.Conn, area: AreaId) -> None:
    home = make_client(conn, area)
    add_call_line(conn, "+33549009911", label="Télépointage")
    with pytest.raises(CalledLineError, match="appellent pour pointer"):
        add_line(conn, home.home, "+33549009911")
    assert list_homes(conn, home.client)[0].lines == [home.line]
