"""A name of pictures alone is refused under its field, and what was typed beside it is given back."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from tests.backoffice_web.agency import Agency, served
from tests.builders import make_client, make_company, make_worker

PICTURES = "😀👩\N{ZERO WIDTH JOINER}⚕\N{VARIATION SELECTOR-16}"
ADDRESS = {"street": "3 rue des Tanneurs", "postal_code": "99100", "city": "La Chesnaye"}
CLIENT = {"civility": "Mme", "last_name": "Guichard", "first_name": "Marthe"}
WORKER = {"last_name": "Benali", "first_name": "Farida", "language": "fr", "travel_mode": "car"}
CONTRACT = {"since": "2026-11-24", "weekly_hours": "30", "starts": "08:00", "ends": "18:00", "weekdays": "1"}

NO_NAME, NO_FIRST_NAME, NO_STREET = (
    "Saisissez le nom.",
    "Saisissez le prénom.",
    "Saisissez le numéro et la voie.",
)


@dataclass(frozen=True, slots=True)
class Office:
    browser: FlaskClient
    client: str
    home: str
    worker: str
    always: dict[str, str]


@pytest.fixture
def office(agency: Agency) -> Office:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
        worker = make_worker(conn, agency.organisation, agency.area).id
        company = make_company(conn)
    client = f"/beneficiaires/{home.client}"
    always = {"area_id": str(agency.area), "company_id": str(company)}
    place = f"{client}/domiciles/{home.home}"
    return Office(agency.browser(Role.MANAGER), client, place, f"/intervenants/{worker}", always)


@pytest.mark.parametrize(
    ("page", "address", "fields", "field", "told"),
    [
        ("/beneficiaires/nouveau", "", CLIENT | ADDRESS, "last_name", NO_NAME),
        ("/beneficiaires/nouveau", "", CLIENT | ADDRESS, "first_name", NO_FIRST_NAME),
        ("/beneficiaires/nouveau", "", CLIENT | ADDRESS, "street", NO_STREET),
        ("/beneficiaires/nouveau", "", CLIENT | ADDRESS, "city", "Saisissez la commune."),
        ("client", "/modifier", CLIENT, "last_name", NO_NAME),
        ("client", "/domiciles/nouveau", ADDRESS, "street", NO_STREET),
        ("home", "/modifier", ADDRESS, "street", NO_STREET),
        ("client", "/lieux/nouveau", ADDRESS | {"name": "Chez sa fille"}, "name", "Donnez un nom à ce lieu."),
        ("client", "/lieux/nouveau", ADDRESS | {"name": "Chez sa fille"}, "street", NO_STREET),
        ("client", "/particularites", {}, "name", "Dites ce qu’un intervenant y rencontre."),
        ("home", "/boitiers", {}, "label", "Donnez un nom à ce boîtier."),
        ("/intervenants/nouveau", "", WORKER | CONTRACT, "last_name", NO_NAME),
        ("/intervenants/nouveau", "", WORKER | CONTRACT, "first_name", NO_FIRST_NAME),
        ("worker", "/modifier", WORKER, "first_name", NO_FIRST_NAME),
        ("worker", "/competences", {"level": "1", "since": "2026-11-24"}, "name", "Saisissez la compétence."),
        ("worker", "/incompatibilites", {"reason": "mordue"}, "trait", "Dites ce que l’intervenant évite."),
    ],
)
def test_what_cannot_be_read_is_refused_under_its_field(
    office: Office, page: str, address: str, fields: dict[str, str], field: str, told: str
) -> None:
    where = page if page.startswith("/") else getattr(office, page) + address
    signed = served(office.browser, "/beneficiaires/nouveau")
    answer = office.browser.post(where, data=signed | office.always | fields | {field: PICTURES})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert told in answer.text
    assert answer.text.count("😀") > 0
    for name in set(fields) & {"last_name", "first_name", "street", "name", "reason"} - {field}:
        assert fields[name] in answer.text
