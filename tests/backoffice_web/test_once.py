"""Forms that create make one thing when they are sent twice, and ask about what looks like a second one."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.clients.code_devices import list_code_devices
from homecare.clients.queries import list_clients, list_homes
from homecare.clients.sites import list_sites
from homecare.kernel import db
from homecare.kernel.ids import ServiceId, WorkerId
from homecare.visits.optimisation import list_runs
from homecare.visits.queries import list_between, list_recurrences
from homecare.workers.queries import (
    list_availabilities_of,
    list_contracts_of,
    list_skills_of,
    list_workers,
)
from tests.backoffice_web.agency import NOW, Agency, later, served
from tests.builders import MadeHome, make_area, make_client, make_company, make_service, make_worker

type Fields = dict[str, str | list[str]]

FOUR_WEEKS = 28 * 24 * 60
ADDRESS = {"street": "3 rue des Tanneurs", "postal_code": "99100", "city": "La Chesnaye"}
HOURS: Fields = {"weekdays": ["2", "4"], "starts": "09:30", "minutes": "45", "since": "2026-11-24"}


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


@dataclass(frozen=True, slots=True)
class Office:
    agency: Agency
    browser: FlaskClient
    home: MadeHome
    worker: WorkerId
    service: ServiceId

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def client_card(self) -> str:
        return f"/beneficiaires/{self.home.client}"

    @property
    def worker_card(self) -> str:
        return f"/intervenants/{self.worker}"

    def new_client(self, **fields: str) -> Fields:
        who = {"civility": "Mme", "last_name": "Guichard", "first_name": "Marthe", "line": ""}
        area = {"area_id": str(self.agency.area)}
        return {**served(self.browser, "/beneficiaires/nouveau"), **who, **ADDRESS, **area, **fields}

    def plan(self) -> Fields:
        page = f"{self.client_card}/planning-type"
        named = {"home": str(self.home.home), "service": str(self.service)}
        return {**served(self.browser, page), **named, **HOURS}

    def twice(self, address: str, fields: Fields) -> None:
        """Send one form two times, as a double click does, and find both answers on the same page."""
        answers = [self.browser.post(address, data=fields) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        told = flat(self.browser.get(answers[1].location).text)
        assert "Ce formulaire était déjà enregistré" in told


@pytest.fixture
def office(agency: Agency) -> Office:
    with agency.database.connect(agency.organisation) as conn:
        home, service = make_client(conn, agency.area), make_service(conn)
        worker = make_worker(conn, agency.organisation, agency.area).id
        make_company(conn)
    return Office(agency, agency.browser(Role.MANAGER), home, worker, service)


def test_a_client_added_by_a_double_click_is_one_client(office: Office) -> None:
    office.twice("/beneficiaires/nouveau", office.new_client(line="05 49 00 12 34"))
    with office.conn() as conn:
        assert [one.last_name for one in list_clients(conn)] == ["Bellanger", "Guichard"]


def test_a_page_gone_back_to_and_filled_in_otherwise_adds_somebody_else(office: Office) -> None:
    fields = office.new_client()
    office.browser.post("/beneficiaires/nouveau", data=fields)
    office.browser.post("/beneficiaires/nouveau", data=fields | {"first_name": "Lucien"})
    with office.conn() as conn:
        assert [one.first_name for one in list_clients(conn)] == ["Odile", "Lucien", "Marthe"]


def test_a_weekly_plan_sent_twice_makes_its_visits_once(office: Office) -> None:
    office.twice(f"{office.client_card}/planning-type", office.plan())
    with office.conn() as conn:
        assert len(list_recurrences(conn, office.home.client)) == 1
        visits = list_between(conn, later(-60), later(FOUR_WEEKS), client=office.home.client)
    assert len(visits) == 8


def test_a_weekly_plan_like_one_that_stands_is_asked_about_and_kept_for_two_workers(office: Office) -> None:
    page = f"{office.client_card}/planning-type"
    office.browser.post(page, data=office.plan())
    answer = office.browser.post(page, data=office.plan() | {"weekdays": ["4", "5"], "until": "2026-12-24"})
    told = flat(answer.text)
    assert answer.status_code == 422
    assert "Le planning type a déjà cette prestation aux mêmes heures le jeudi." in told
    assert "Deux intervenants y vont ensemble" in told
    with office.conn() as conn:
        assert len(list_recurrences(conn, office.home.client)) == 1
    assert office.browser.post(page, data=office.plan() | {"is_in_pairs": "y"}).status_code == 303
    with office.conn() as conn:
        assert len(list_recurrences(conn, office.home.client)) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"weekdays": ["1", "3"]},
        {"starts": "10:30"},
        {"minutes": "60"},
        {"since": "2027-01-01"},
    ],
)
def test_a_weekly_plan_that_differs_is_taken_without_a_question(office: Office, other: Fields) -> None:
    page = f"{office.client_card}/planning-type"
    office.browser.post(page, data=office.plan() | {"until": "2026-12-31"})
    assert office.browser.post(page, data=office.plan() | other).status_code == 303


def test_a_client_of_the_same_name_and_address_is_asked_about_first(office: Office) -> None:
    again = {"last_name": "BELLANGER", "first_name": "odile", "street": "3 Rue des tanneurs"}
    answer = office.browser.post("/beneficiaires/nouveau", data=office.new_client(**again))
    assert answer.status_code == 422
    assert "Une fiche porte déjà ce nom à cette adresse" in flat(answer.text)
    assert f'href="{office.client_card}"' in answer.text
    assert 'value="3 Rue des tanneurs"' in answer.text
    with office.conn() as conn:
        assert len(list_clients(conn)) == 1
    sure = office.new_client(**again, is_somebody_else="y")
    assert office.browser.post("/beneficiaires/nouveau", data=sure).status_code == 303
    with office.conn() as conn:
        assert len(list_clients(conn)) == 2


def test_a_namesake_of_an_area_out_of_reach_is_not_told(office: Office) -> None:
    with office.conn() as conn:
        elsewhere = make_area(conn)
    stranger = office.agency.browser(Role.COORDINATOR, area=elsewhere)
    fields = office.new_client(last_name="Bellanger", first_name="Odile", area_id=str(elsewhere))
    data = fields | served(stranger, "/beneficiaires/nouveau")
    assert stranger.post("/beneficiaires/nouveau", data=data).status_code == 303


def test_a_line_that_names_a_home_of_another_area_is_asked_about_without_a_name(office: Office) -> None:
    with office.conn() as conn:
        elsewhere = make_area(conn)
        here = make_client(conn, elsewhere, last_name="Prévost")
    stranger = office.agency.browser(Role.COORDINATOR, area=elsewhere)
    page = f"/beneficiaires/{here.client}"
    fields = served(stranger, page) | {"number": office.home.line}
    answer = stranger.post(f"{page}/domiciles/{here.home}/lignes", data=fields)
    assert answer.status_code == 422
    assert "Ce numéro désigne déjà un autre domicile" in flat(answer.text)
    assert "BELLANGER" not in answer.text
    sure = fields | {"shares_line": "y"}
    assert stranger.post(f"{page}/domiciles/{here.home}/lignes", data=sure).status_code == 303
    with office.conn() as conn:
        assert office.home.line in list_homes(conn, here.client)[0].lines


def test_a_line_that_stands_at_this_home_is_no_question(office: Office) -> None:
    fields = served(office.browser, office.client_card) | {"number": office.home.line}
    place = f"{office.client_card}/domiciles/{office.home.home}"
    assert office.browser.post(f"{place}/lignes", data=fields).status_code == 303


def test_a_new_client_with_the_line_of_another_is_asked_about_once(office: Office) -> None:
    fields = office.new_client(line=office.home.line)
    answer = office.browser.post("/beneficiaires/nouveau", data=fields)
    assert (answer.status_code, 'name="shares_line"' in answer.text) == (422, True)
    office.twice("/beneficiaires/nouveau", office.new_client(line=office.home.line, shares_line="y"))


def test_another_home_a_site_and_a_tag_sent_twice_are_one_each(office: Office) -> None:
    home, site = f"{office.client_card}/domiciles/nouveau", f"{office.client_card}/lieux/nouveau"
    office.twice(home, {**served(office.browser, home), **ADDRESS})
    named = {"kind": "family", "name": "Chez sa fille"}
    office.twice(site, {**served(office.browser, site), **ADDRESS, **named})
    tag = f"{office.client_card}/domiciles/{office.home.home}/etiquettes"
    office.twice(tag, {**served(office.browser, office.client_card), "token": "04f1b2c3d4e5f6"})
    with office.conn() as conn:
        assert len(list_homes(conn, office.home.client)) == 2
        assert [one.name for one in list_sites(conn, office.home.client)] == ["Chez sa fille"]


def test_a_code_device_sent_twice_is_one_and_its_secret_is_shown_once(office: Office) -> None:
    address = f"{office.client_card}/domiciles/{office.home.home}/boitiers"
    fields = {**served(office.browser, office.client_card), "label": "Boîtier de l'entrée"}
    shown, again = [office.browser.post(address, data=fields) for _ in range(2)]
    assert (shown.status_code, "otpauth://" in shown.text) == (200, True)
    assert (again.status_code, again.location) == (303, office.client_card)
    with office.conn() as conn:
        assert len(list_code_devices(conn, office.home.home)) == 1


def test_an_optimisation_asked_twice_runs_once(office: Office) -> None:
    asked = {"area": str(office.agency.area), "day": "2026-11-25", "seconds": "15", "seed": "7"}
    office.twice("/optimisation", {**served(office.browser, "/optimisation"), **asked})
    with office.conn() as conn:
        assert len(list_runs(conn)) == 1


def test_a_worker_hired_by_a_double_click_is_one_worker(office: Office) -> None:
    page = "/intervenants/nouveau"
    with office.conn() as conn:
        company = make_company(conn)
    fields: Fields = {
        "last_name": "Benali",
        "first_name": "Farida",
        "language": "fr",
        "travel_mode": "car",
        "area_id": str(office.agency.area),
        "company_id": str(company),
        "since": "2026-11-24",
        "weekly_hours": "30",
        "weekdays": ["1"],
        "starts": "08:00",
        "ends": "18:00",
    }
    office.twice(page, {**served(office.browser, page), **fields})
    with office.conn() as conn:
        names = [one.last_name for one in list_workers(conn, day=NOW.date())]
    assert names == ["Arnaud", "Benali"]


def test_what_qualifies_a_worker_counts_once_when_it_is_sent_twice(office: Office) -> None:
    with office.conn() as conn:
        before = len(list_availabilities_of(conn, office.worker, day=NOW.date()))
    card = office.worker_card
    contract = {"since": "2026-12-01", "weekly_hours": "35"}
    office.twice(f"{card}/contrats", {**served(office.browser, card), **contract})
    skill = {"name": "Transfert", "level": "2", "since": "2026-11-24"}
    office.twice(f"{card}/competences", {**served(office.browser, card), **skill})
    hours: Fields = {"weekdays": ["7"], "starts": "21:15", "ends": "23:00"}
    office.twice(f"{card}/disponibilites", {**served(office.browser, card), **hours})
    with office.conn() as conn:
        assert len(list_contracts_of(conn, office.worker)) == 2
        assert len(list_skills_of(conn, office.worker)) == 1
        assert len(list_availabilities_of(conn, office.worker, day=NOW.date())) == before + 1
