"""Workers: hired with a contract and hours, qualified with dates, their code shown once."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.ids import WorkerId
from homecare.workers.model import Worker
from homecare.workers.operations import add_skill, create_skill
from homecare.workers.queries import (
    find_worker,
    list_availabilities_of,
    list_bans_of,
    list_contracts_of,
    list_skills,
    list_skills_of,
    list_workers,
    worker_with_code,
)
from tests.backoffice_web.agency import NOW, Agency, later, served, signed
from tests.builders import make_area, make_client, make_company, make_visit, make_worker
from tests.features import feature

TODAY = NOW.date()
KEY = "a key for tests only"


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@dataclass(frozen=True, slots=True)
class Office:
    agency: Agency
    manager: FlaskClient
    worker: WorkerId

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def card(self) -> str:
        return f"/intervenants/{self.worker}"

    def read(self) -> Worker:
        with self.conn() as conn:
            return find_worker(conn, self.worker)

    def post(self, address: str, **fields: str | list[str]) -> tuple[int, str]:
        data = signed(self.manager, "/intervenants") | fields
        answer = self.manager.post(address, data=data, follow_redirects=True)
        return answer.status_code, flat(answer.text)


@pytest.fixture
def office(agency: Agency) -> Office:
    with agency.database.connect(agency.organisation) as conn:
        worker = make_worker(conn, agency.organisation, agency.area, company=make_company(conn)).id
    return Office(agency, agency.browser(Role.MANAGER), worker)


def new(office: Office) -> dict[str, str | list[str]]:
    with office.conn() as conn:
        company = make_company(conn)
    return {
        "last_name": "Benali",
        "first_name": "Farida",
        "phone": "06 39 98 00 12",
        "language": "ar",
        "travel_mode": "bike",
        "area_id": str(office.agency.area),
        "company_id": str(company),
        "street": "3 rue des Tanneurs",
        "postal_code": "99100",
        "city": "La Chesnaye",
        "since": "2026-11-24",
        "weekly_hours": "30,5",
        "weekdays": ["1", "2", "5"],
        "starts": "08:00",
        "ends": "18:30",
    }


def test_the_list_tells_the_week_beside_the_contract(office: Office) -> None:
    with office.conn() as conn:
        make_visit(
            conn, make_client(conn, office.agency.area), office.worker, starts_at=later(60), minutes=90
        )
    page = flat(office.manager.get("/intervenants").text)
    assert "ARNAUD Sonia" in page
    assert "1 h 30 / 30 h" in page


def test_a_name_is_found_from_its_beginning_without_accents(office: Office) -> None:
    with office.conn() as conn:
        make_worker(
            conn, office.agency.organisation, office.agency.area, last_name="Koné", first_name="Élodie"
        )
    rows = office.manager.get("/intervenants?q=elo kone", headers={"HX-Request": "true"}).text
    assert "KONÉ Élodie" in rows
    assert "ARNAUD" not in rows


def test_a_worker_is_hired_with_contract_and_hours(office: Office) -> None:
    status, page = office.post("/intervenants/nouveau", **new(office))
    assert (status, "Donnez-lui maintenant son code" in page) == (200, True)
    with office.conn() as conn:
        worker = next(one for one in list_workers(conn, day=TODAY) if one.last_name == "Benali")
        found = find_worker(conn, worker.id)
        hours = list_availabilities_of(conn, worker.id, day=TODAY)
    assert (found.phone, found.language, found.lon, found.has_code) == ("+33639980012", "ar", 0.91, False)
    assert worker.weekly_minutes == 1830
    assert [(one.weekday, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in hours] == [
        (day, "08:00", "18:30") for day in (1, 2, 5)
    ]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("last_name", "  ", "Saisissez le nom."),
        ("phone", "06", "trop court"),
        ("weekly_hours", "beaucoup", "Saisissez par exemple 30 ou 30,5."),
        ("weekly_hours", "60", "jusqu’à 48 heures"),
        ("since", "9999-12-31", "trop lointaine"),
        ("weekdays", [], "Choisissez au moins un jour."),
        ("ends", "07:00", "La fin doit suivre le début."),
    ],
)
def test_what_cannot_be_taken_is_said(office: Office, field: str, value: str | list[str], told: str) -> None:
    status, page = office.post("/intervenants/nouveau", **(new(office) | {field: value}))
    assert status == 422
    assert told in page


def test_a_code_is_shown_once_and_the_old_one_is_void(office: Office) -> None:
    codes = []
    for _ in range(2):
        _status, page = office.post(f"{office.card}/code")
        shown = re.search(r"<strong>(\d{3} \d{3})</strong>", page)
        assert shown
        codes.append(shown[1].replace(" ", ""))
    with office.conn() as conn:
        found = [worker_with_code(conn, KEY, office.agency.organisation, code, day=TODAY) for code in codes]
    assert [one and one.id for one in found] == [None, office.worker]
    assert codes[1] not in flat(office.manager.get(office.card).text).replace(" ", "")


def test_an_amendment_replaces_the_contract_from_its_date_on(office: Office) -> None:
    office.post(f"{office.card}/contrats", since="2026-12-01", weekly_hours="35")
    with office.conn() as conn:
        contracts = list_contracts_of(conn, office.worker)
    assert (contracts[0].since.isoformat(), contracts[0].weekly_minutes) == ("2026-12-01", 2100)
    assert contracts[1].until == contracts[0].since
    assert "30 h par semaine" in flat(re.sub(r"<[^>]+>", "", office.manager.get(office.card).text))


def test_a_contract_over_another_to_come_is_refused_on_the_card(office: Office) -> None:
    office.post(f"{office.card}/contrats", since="2026-12-01", weekly_hours="35")
    status, page = office.post(f"{office.card}/contrats", since="2026-11-30", weekly_hours="20")
    assert status == 422
    assert "couvre déjà cette période" in page
    with office.conn() as conn:
        assert len(list_contracts_of(conn, office.worker)) == 2


@feature("A24")
def test_skills_have_a_level_and_an_expiry_that_the_card_shows(office: Office) -> None:
    office.post(
        f"{office.card}/competences", name="Transfert", level="2", since="2026-01-01", last_day="2026-12-18"
    )
    office.post(
        f"{office.card}/competences", name="Alzheimer", level="1", since="2026-01-01", last_day="2026-11-01"
    )
    page = flat(office.manager.get(office.card).text)
    assert "18/12/2026, dans 25 jours" in page
    assert "expirée le 01/11/2026" in page


def test_a_skill_that_the_agency_knows_is_not_made_twice(office: Office) -> None:
    with office.conn() as conn:
        create_skill(conn, "Aide au repas")
    office.post(f"{office.card}/competences", name="aide au REPAS", level="1", since="2026-11-24")
    with office.conn() as conn:
        assert [one.name for one in list_skills(conn)] == ["Aide au repas"]


def test_a_skill_noted_twice_is_refused_and_one_withdrawn_ends_today(office: Office) -> None:
    with office.conn() as conn:
        skill = create_skill(conn, "Transfert")
        add_skill(conn, office.worker, skill, level=1, since=TODAY.replace(day=1), until=None)
    status, page = office.post(f"{office.card}/competences", name="Transfert", level="2", since="2026-11-24")
    assert (status, "déjà notée pour cette période" in page) == (422, True)
    office.post(f"{office.card}/competences/retirer", skill=str(skill))
    with office.conn() as conn:
        assert [one.until for one in list_skills_of(conn, office.worker)] == [TODAY]


def test_hours_are_added_and_taken_away_from_today(office: Office) -> None:
    office.post(f"{office.card}/disponibilites", weekdays=["7"], starts="21:15", ends="23:00")
    with office.conn() as conn:
        hours = list_availabilities_of(conn, office.worker, day=TODAY)
    assert (7, "21:15") in [(one.weekday, f"{one.starts:%H:%M}") for one in hours]
    office.post(f"{office.card}/disponibilites/retirer", hours="7@21:15")
    office.post(f"{office.card}/disponibilites/retirer", hours="n'importe quoi")
    with office.conn() as conn:
        assert len(list_availabilities_of(conn, office.worker, day=TODAY)) == len(hours) - 1


@feature("A27")
def test_what_a_worker_must_not_meet_is_noted_with_its_reason_and_lifted(office: Office) -> None:
    office.post(f"{office.card}/incompatibilites", trait="Chien", reason="mordue en 2019")
    with office.conn() as conn:
        assert [(one.trait, one.reason) for one in list_bans_of(conn, office.worker)] == [
            ("chien", "mordue en 2019")
        ]
    assert "mordue en 2019" in office.manager.get(office.card).text
    office.post(f"{office.card}/incompatibilites/retirer", trait="chien")
    with office.conn() as conn:
        assert list_bans_of(conn, office.worker) == []


def test_the_round_of_another_day_is_a_step_away(office: Office) -> None:
    with office.conn() as conn:
        make_visit(conn, make_client(conn, office.agency.area), office.worker, starts_at=later(24 * 60))
    assert "BELLANGER" not in office.manager.get(office.card).text
    assert "BELLANGER Odile" in office.manager.get(f"{office.card}?jour=2026-11-25").text


def test_somebody_who_has_left_is_in_the_list_no_more(office: Office) -> None:
    fields = new(office) | {"last_name": "Arnaud", "first_name": "Sonia", "left_on": "2026-11-24"}
    page = f"{office.card}/modifier"
    office.manager.post(page, data=served(office.manager, page) | fields)
    assert "ARNAUD Sonia" not in office.manager.get("/intervenants").text
    assert "parti le 24/11/2026" in flat(office.manager.get(office.card).text)


ACTS = (
    "/code",
    "/contrats",
    "/competences",
    "/competences/retirer",
    "/disponibilites",
    "/disponibilites/retirer",
    "/incompatibilites",
    "/incompatibilites/retirer",
)


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [
        (Role.MANAGER, 200, 200),
        (Role.COORDINATOR, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.WORKER, 403, 403),
        (None, 303, 303),
    ],
)
def test_readers_read_and_only_those_who_may_change_do(
    office: Office, role: Role | None, sees: int, changes: int
) -> None:
    browser = office.agency.browser(role)
    for page in ("/intervenants", office.card):
        assert browser.get(page).status_code == sees
    for page in ("/intervenants/nouveau", f"{office.card}/modifier"):
        assert browser.get(page).status_code == changes


def test_a_coordinator_can_change_nothing_of_a_worker(office: Office) -> None:
    browser = office.agency.browser(Role.COORDINATOR)
    fields = signed(browser, "/intervenants")
    assert [browser.post(office.card + act, data=fields).status_code for act in ACTS] == [403] * len(ACTS)


def test_a_worker_of_another_area_opened_by_their_address_does_not_exist(office: Office) -> None:
    with office.conn() as conn:
        elsewhere = make_area(conn)
    stranger = office.agency.browser(Role.MANAGER, area=elsewhere)
    assert "ARNAUD" not in stranger.get("/intervenants").text
    fields = signed(stranger, "/intervenants")
    for page in (office.card, f"{office.card}/modifier"):
        assert stranger.get(page).status_code == 404
    assert [stranger.post(office.card + act, data=fields).status_code for act in ACTS] == [404] * len(ACTS)
