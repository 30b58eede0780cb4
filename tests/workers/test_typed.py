"""What a worker's card keeps of what people type, and what it refuses."""

import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import CompanyId, OrganisationId, WorkerId
from homecare.workers.model import TravelMode
from homecare.workers.operations import ban_trait, create_skill, create_worker
from homecare.workers.queries import find_worker
from tests.builders import ACTOR, MORNING, make_area, make_company, make_worker


@pytest.fixture
def company(conn: db.Conn, organisation: OrganisationId) -> CompanyId:
    del organisation  # whom the transaction serves
    return make_company(conn)


def hire(
    conn: db.Conn,
    company: CompanyId,
    *,
    last_name: str = "Benali",
    first_name: str = "Farida",
    street: str = "",
    postal_code: str = "",
) -> WorkerId:
    return create_worker(
        conn,
        ACTOR,
        company=company,
        area=make_area(conn, company),
        last_name=last_name,
        first_name=first_name,
        travel_mode=TravelMode.BIKE,
        street=street,
        postal_code=postal_code,
        now=MORNING,
    )


@pytest.mark.parametrize("name", ["", " ", "\N{ZERO WIDTH SPACE}", "Fari\x1bda"])
def test_a_worker_has_both_names_and_nothing_invisible_in_them(
    conn: db.Conn, company: CompanyId, name: str
) -> None:
    with pytest.raises(InvalidError):
        hire(conn, company, last_name=name)
    with pytest.raises(InvalidError):
        hire(conn, company, first_name=name)


def test_an_address_may_be_unknown_but_not_unreadable(conn: db.Conn, company: CompanyId) -> None:
    assert find_worker(conn, hire(conn, company)).street == ""
    with pytest.raises(InvalidError, match="cinq chiffres"):
        hire(conn, company, postal_code="９９１００")
    with pytest.raises(InvalidError, match="invisible"):
        hire(conn, company, street="3 rue\0")


def test_skills_and_bans_have_a_name(conn: db.Conn, organisation: OrganisationId) -> None:
    worker = make_worker(conn, organisation, make_area(conn)).id
    with pytest.raises(InvalidError, match="Saisissez la compétence"):
        create_skill(conn, " ")
    with pytest.raises(InvalidError, match="évite"):
        ban_trait(conn, worker, " ", reason="")
