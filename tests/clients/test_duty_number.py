"""Who is rung when a caller asks for the agency: the home's area, whatever the database reckons."""

import pytest

from homecare.clients.queries import duty_number
from homecare.kernel import db
from homecare.kernel.ids import AreaId, OrganisationId
from tests.builders import make_area, make_client, make_company

FIRST, SECOND = "+33555000001", "+33555000002"


@pytest.fixture
def areas(conn: db.Conn, organisation: OrganisationId) -> tuple[AreaId, AreaId]:
    """Two areas with a coordinator on duty each."""
    del organisation  # whom the transaction serves
    company = make_company(conn)
    areas = make_area(conn, company), make_area(conn, company)
    for area, number in zip(areas, (FIRST, SECOND), strict=True):
        conn.execute("UPDATE areas SET duty_number = %s WHERE id = %s", (number, area))
    return areas


def test_it_is_that_of_the_homes_area(conn: db.Conn, areas: tuple[AreaId, AreaId]) -> None:
    homes = [make_client(conn, area).home for area in areas]
    assert [duty_number(conn, [home]) for home in homes] == [FIRST, SECOND]


def test_of_homes_in_two_areas_it_is_the_first_areas(conn: db.Conn, areas: tuple[AreaId, AreaId]) -> None:
    homes = [make_client(conn, area).home for area in areas]
    assert duty_number(conn, homes) == FIRST


def test_without_a_home_or_a_number_of_its_area_it_is_the_organisations_first(
    conn: db.Conn, areas: tuple[AreaId, AreaId]
) -> None:
    home = make_client(conn, areas[1]).home
    conn.execute("UPDATE areas SET duty_number = NULL WHERE id = %s", (areas[1],))
    assert duty_number(conn, []) == FIRST
    assert duty_number(conn, [home]) == FIRST


def test_nobody_on_duty_is_nobody_to_ring(conn: db.Conn, areas: tuple[AreaId, AreaId]) -> None:
    home = make_client(conn, areas[0]).home
    conn.execute("UPDATE areas SET duty_number = NULL")
    assert duty_number(conn, [home]) is None
