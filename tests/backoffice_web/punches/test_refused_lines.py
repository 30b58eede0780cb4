"""Refused lines on their page: added and lifted by who may, a number that exists, never a home's."""

import pytest

from homecare.access.model import Role
from homecare.clients.operations import add_line
from homecare.clients.queries import list_homes
from homecare.clients.refused_lines import RefusedLine, list_refused_lines
from tests.backoffice_web.agency import Agency, signed
from tests.builders import MadeHome, make_client

PAGE = "/pointages/lignes-refusees"
NUMBER = "06 99 88 77 66"


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def lines(agency: Agency) -> list[RefusedLine]:
    with agency.database.connect(agency.organisation) as conn:
        return list_refused_lines(conn)


def refuse(agency: Agency, role: Role, number: str, reason: str = "Appels malveillants") -> tuple[int, str]:
    browser = agency.browser(role)
    answer = browser.post(
        PAGE, data=signed(browser, PAGE, number=number, reason=reason), follow_redirects=True
    )
    return answer.status_code, flat(answer.text)


@pytest.fixture
def home(agency: Agency) -> MadeHome:
    with agency.database.connect(agency.organisation) as conn:
        return make_client(conn, agency.area)


@pytest.mark.parametrize("typed", [NUMBER, "0699887766", "+33 6 99 88 77 66", "0033699887766"])
def test_a_number_is_kept_in_its_one_form_however_it_is_typed(agency: Agency, typed: str) -> None:
    status, page = refuse(agency, Role.ADMINISTRATOR, typed)
    assert status == 200
    assert "Le 06 99 88 77 66 est refusé" in page
    assert "Appels malveillants" in page
    assert [line.number for line in lines(agency)] == ["+33699887766"]


@pytest.mark.parametrize(
    ("number", "reason", "sentence"),
    [
        ("", "Essai", "Saisissez un numéro."),
        ("06 99", "Essai", "trop court"),
        ("bonjour", "Essai", "Ce n’est pas un numéro de téléphone"),
        (NUMBER, "", "Dites pourquoi cette ligne est refusée."),
        (NUMBER, "…", "Dites pourquoi cette ligne est refusée."),
    ],
)
def test_what_cannot_be_refused_says_why_beside_the_field(
    agency: Agency, number: str, reason: str, sentence: str
) -> None:
    status, page = refuse(agency, Role.ADMINISTRATOR, number, reason)
    assert status == 422
    assert sentence in page
    assert lines(agency) == []


def test_a_homes_line_cannot_be_refused(agency: Agency, home: MadeHome) -> None:
    with agency.database.connect(agency.organisation) as conn:
        add_line(conn, home.home, "+33699887766")
    status, page = refuse(agency, Role.ADMINISTRATOR, NUMBER)
    assert status == 422
    assert "la ligne d’un domicile" in page
    assert lines(agency) == []


def test_a_refused_line_cannot_become_a_homes(agency: Agency, home: MadeHome) -> None:
    refuse(agency, Role.ADMINISTRATOR, NUMBER)
    browser = agency.browser(Role.COORDINATOR)
    place = f"/beneficiaires/{home.client}/domiciles/{home.home}/lignes"
    fields = signed(browser, f"/beneficiaires/{home.client}", number=NUMBER)
    answer = browser.post(place, data=fields)
    assert answer.status_code == 422
    assert "Cette ligne est refusée par votre agence" in answer.text
    new = {"last_name": "Guichard", "first_name": "Marthe", "street": "3 rue des Tanneurs"}
    new |= {"postal_code": "99100", "city": "La Chesnaye", "area_id": str(agency.area), "line": NUMBER}
    answer = browser.post("/beneficiaires/nouveau", data=signed(browser, "/beneficiaires/nouveau", **new))
    assert answer.status_code == 422
    assert "Cette ligne est refusée par votre agence" in answer.text
    with agency.database.connect(agency.organisation) as conn:
        assert list_homes(conn, home.client)[0].lines == [home.line]
        assert conn.execute("SELECT count(*) FROM clients").fetchone() == (1,)


def test_a_refusal_is_lifted_from_its_row(agency: Agency) -> None:
    refuse(agency, Role.ADMINISTRATOR, NUMBER)
    browser = agency.browser(Role.ADMINISTRATOR)
    address = f"{PAGE}/{lines(agency)[0].id}/lever"
    page = flat(browser.post(address, data=signed(browser, PAGE), follow_redirects=True).text)
    assert "Les appels du 06 99 88 77 66 sont de nouveau pris." in page
    assert lines(agency) == []
    assert browser.post(address, data=signed(browser, PAGE)).status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_who_sees_punches_sees_the_refused_lines_without_changing_them(agency: Agency, role: Role) -> None:
    refuse(agency, Role.ADMINISTRATOR, NUMBER)
    browser = agency.browser(role)
    page = flat(browser.get(PAGE).text)
    assert NUMBER in page
    assert "MOREL Claire" in page
    assert "/lever" not in page
    fields = signed(browser, PAGE, number="06 99 88 77 67", reason="Essai")
    assert browser.post(PAGE, data=fields).status_code == 403
    assert browser.post(f"{PAGE}/{lines(agency)[0].id}/lever", data=fields).status_code == 403
    assert len(lines(agency)) == 1


def test_the_page_is_one_step_from_the_punches(agency: Agency) -> None:
    assert PAGE in agency.browser(Role.COORDINATOR).get("/pointages").text
