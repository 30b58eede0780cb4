"""The areas in the back office: whom 0 or 9 reaches, one more, another name, another number."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.areas import AreaCard, add_area, find_area_card, list_area_cards
from homecare.access.model import Role
from homecare.access.queries import list_companies
from homecare.kernel import db
from homecare.kernel.ids import AreaId
from tests.backoffice_web.agency import NOW, Agency, hidden_in, served
from tests.builders import ACTOR, make_company

PAGE = "/reglages/secteurs"


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


@dataclass(frozen=True, slots=True)
class Office:
    """An administrator, and one area, whose duty number nobody has set."""

    agency: Agency
    browser: FlaskClient

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def card_page(self) -> str:
        return f"{PAGE}/{self.agency.area}"

    def card(self) -> AreaCard:
        with self.conn() as conn:
            return find_area_card(conn, self.agency.area)

    def names(self) -> list[str]:
        with self.conn() as conn:
            return [one.name for one in list_area_cards(conn)]

    def send(self, page: str, **fields: str) -> tuple[int, str]:
        answer = self.browser.post(page, data=served(self.browser, page, **fields), follow_redirects=True)
        return answer.status_code, flat(answer.text)


@pytest.fixture
def office(agency: Agency) -> Office:
    with agency.database.connect(agency.organisation) as conn:
        conn.execute("UPDATE areas SET name = 'Centre', duty_number = NULL, communes = '{99002,12345}'")
    return Office(agency, agency.browser(Role.ADMINISTRATOR))


def test_the_list_warns_of_an_area_without_a_number_until_it_has_one(office: Office) -> None:
    assert "Aucun numéro d'astreinte : 0 ou 9 laisse une demande d'appel" in flat(
        office.browser.get(PAGE).text
    )
    status, page = office.send(office.card_page, name="Centre", duty_number="05 49 00 12 34")
    assert (status, "dès le prochain appel, 0 ou 9 appelle le 05 49 00 12 34" in page) == (200, True)
    assert "Aucun numéro d'astreinte" not in page
    assert office.card().duty_number == "+33549001234"
    status, page = office.send(office.card_page, name="Centre", duty_number="")
    assert (status, "sans numéro d'astreinte" in page) == (200, True)
    assert office.card().duty_number is None


def test_an_area_is_added_and_one_without_a_number_says_whose_is_rung(office: Office) -> None:
    status, page = office.send(PAGE, name="Nord", duty_number="06.39.98.00.12")
    assert (status, "Secteur « Nord » ajouté." in page) == (200, True)
    assert office.names() == ["Centre", "Nord"]
    assert "0 ou 9 appelle celui de « Nord », 06 39 98 00 12" in page
    assert "Avant que le domicile soit connu, c'est celui de « Nord »." in page


def test_the_list_tells_communes_by_name_and_companies_when_there_are_several(office: Office) -> None:
    page = office.browser.get(PAGE).text
    assert "Les Coteaux, 12345" in page
    assert "Les Aidants ·" not in page
    assert 'name="company"' not in page
    with office.conn() as conn:
        company = make_company(conn)
        conn.execute("UPDATE companies SET name = 'Les Voisins' WHERE id = %s", (company,))
    status, _ = office.send(PAGE, name="Nord", duty_number="", company="0")
    assert (status, office.names()) == (422, ["Centre"])
    status, page = office.send(PAGE, name="Nord", duty_number="", company=str(company))
    assert (status, "Les Voisins · aucune commune" in page) == (200, True)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("0899 70 00 00", "numéro en 08, court ou étranger n'est pas appelé"),
        ("0800 12 34 56", "numéro en 08"),
        ("3639", "trop court"),
        ("+32 470 12 34 56", "étranger"),
        ("05 49 00 12", "trop court"),
        ("le bureau", "n'est pas un numéro"),
    ],
)
def test_a_number_that_would_not_be_rung_is_refused_in_words_and_the_name_stays(
    office: Office, number: str, word: str
) -> None:
    for page, fields in ((PAGE, {"name": "Nord"}), (office.card_page, {"name": "Centre"})):
        status, answer = office.send(page, duty_number=number, **fields)
        assert (status, word in answer) == (422, True), answer
        assert f'value="{fields["name"]}"' in answer
    assert (office.names(), office.card().duty_number) == (["Centre"], None)


def test_a_name_that_is_none_or_another_areas_is_refused_in_words(office: Office) -> None:
    with office.conn() as conn:
        add_area(conn, ACTOR, list_companies(conn)[0].id, name="Nord", duty_number=None, now=NOW)
    for page in (PAGE, office.card_page):
        for name, word in (
            ("Nord", "porte déjà ce nom"),
            (" ", "Donnez un nom"),
            ("N" * 81, "80 caractères"),
        ):
            status, answer = office.send(page, name=name, duty_number="")
            assert (status, word in answer) == (422, True)
    assert office.names() == ["Centre", "Nord"]


def test_an_area_added_by_a_double_click_is_one_area(office: Office) -> None:
    fields = served(office.browser, PAGE, name="Nord", duty_number="")
    answers = [office.browser.post(PAGE, data=fields) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, PAGE)] * 2
    assert "Ce formulaire était déjà enregistré" in flat(office.browser.get(PAGE).text)
    assert office.names() == ["Centre", "Nord"]


def test_a_number_that_somebody_else_set_meanwhile_is_not_lost(office: Office) -> None:
    late = served(office.browser, office.card_page, name="Centre-ville", duty_number="")
    office.send(office.card_page, name="Centre", duty_number="05 49 00 12 34")
    answer = office.browser.post(office.card_page, data=late)
    page = flat(answer.text)
    assert (answer.status_code, "« +33549001234 » vient d'être enregistré ; c'est repris" in page) == (
        422,
        True,
    )
    assert office.card().name == "Centre"
    again = late | hidden_in(answer.text) | {"duty_number": "+33549001234"}
    assert office.browser.post(office.card_page, data=again).status_code == 303
    assert (office.card().name, office.card().duty_number) == ("Centre-ville", "+33549001234")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_nobody_but_an_administrator_opens_the_areas(office: Office, role: Role) -> None:
    browser = office.agency.browser(role)
    for page in (PAGE, office.card_page):
        assert browser.get(page).status_code == 403


def test_an_administrator_of_one_area_neither_adds_nor_changes_any(office: Office) -> None:
    bound = office.agency.browser(Role.ADMINISTRATOR, area=office.agency.area)
    assert bound.get(PAGE).status_code == 403
    assert bound.get(office.card_page).status_code == 403
    assert PAGE not in bound.get("/reglages").text


def test_an_area_that_does_not_exist_or_is_another_agencys_is_not_found(office: Office) -> None:
    other = office.agency.database.create_organisation("Voisine")
    with office.agency.database.connect(other) as conn:
        company = make_company(conn)
        elsewhere = add_area(conn, ACTOR, company, name="Ailleurs", duty_number=None, now=NOW)
    for area in (elsewhere, AreaId(999_999)):
        fields = served(office.browser, PAGE, name="À moi", duty_number="")
        assert office.browser.get(f"{PAGE}/{area}").status_code == 404
        assert office.browser.post(f"{PAGE}/{area}", data=fields).status_code == 404
