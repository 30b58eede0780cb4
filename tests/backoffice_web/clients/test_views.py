"""Clients: found as one types, added where their address falls, their homes with what proves a presence."""

import html
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from homecare.access.call_lines import add_call_line
from homecare.access.model import Role
from homecare.access.operations import create_area
from homecare.clients.code_devices import list_code_devices
from homecare.clients.model import Client, HomeCard
from homecare.clients.queries import find_client, list_clients, list_homes
from homecare.kernel import db
from homecare.kernel.ids import ClientId
from homecare.visits.queries import list_between, list_recurrences
from homecare.workers.queries import list_refused_at
from simulators.code_device.device import Device
from tests.backoffice_web.agency import Agency, later, served, signed
from tests.builders import (
    MadeHome,
    make_area,
    make_client,
    make_company,
    make_service,
    make_visit,
    make_worker,
)
from tests.features import feature

WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Office:
    agency: Agency
    coordinator: FlaskClient
    home: MadeHome

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def card(self) -> str:
        return f"/beneficiaires/{self.home.client}"

    @property
    def place(self) -> str:
        return f"{self.card}/domiciles/{self.home.home}"

    def read(self) -> Client:
        with self.conn() as conn:
            return find_client(conn, self.home.client)

    def read_home(self) -> HomeCard:
        with self.conn() as conn:
            return list_homes(conn, self.home.client)[0]

    def post(self, address: str, **fields: str) -> tuple[int, str]:
        data = signed(self.coordinator, "/beneficiaires", **fields)
        answer = self.coordinator.post(address, data=data, follow_redirects=True)
        return answer.status_code, flat(answer.text)

    def send(self, address: str, **fields: str) -> tuple[int, str]:
        """Send the form of a page with what it carries unseen."""
        data = served(self.coordinator, address, **fields)
        answer = self.coordinator.post(address, data=data, follow_redirects=True)
        return answer.status_code, flat(answer.text)


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def office(agency: Agency) -> Office:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
        make_client(conn, agency.area, last_name="Prévost")
    return Office(agency, agency.browser(Role.COORDINATOR), home)


NEW = {
    "civility": "Mme",
    "last_name": "Guichard",
    "first_name": "Marthe",
    "street": "3 rue des Tanneurs",
    "postal_code": "99100",
    "city": "La Chesnaye",
    "area_id": "",
    "line": "05 49 00 12 34",
}


def created(office: Office) -> Client:
    with office.conn() as conn:
        row = next(one for one in list_clients(conn) if one.last_name == "Guichard")
        return find_client(conn, row.id)


def test_the_list_is_found_without_accents_as_one_types(office: Office) -> None:
    headers = {"HX-Request": "true"}
    rows = office.coordinator.get("/beneficiaires?q=prevost od", headers=headers).text
    assert "PRÉVOST Odile" in rows
    assert "BELLANGER" not in rows
    assert "<html" not in rows


def test_a_home_code_finds_its_client(office: Office) -> None:
    rows = office.coordinator.get(f"/beneficiaires?q={office.home.home_code}").text
    assert "BELLANGER Odile" in rows
    assert "PRÉVOST" not in rows


def test_a_search_without_a_match_says_what_to_do(office: Office) -> None:
    assert "Personne ne correspond" in office.coordinator.get("/beneficiaires?q=zz'%_--").text


@feature("A9")
def test_a_client_falls_in_the_area_that_was_drawn_around_their_address(office: Office) -> None:
    with office.conn() as conn:
        outline = "((0.90,47.05),(0.95,47.05),(0.95,47.15),(0.90,47.15))"
        area = create_area(
            conn,
            make_company(conn),
            name="Bord de l’eau",
            communes=[],
            duty_number="+33547000000",
            outline=outline,
        )
    office.post("/beneficiaires/nouveau", **NEW)
    assert created(office).area_id == area


@feature("A9")
def test_a_client_falls_in_the_area_of_their_commune_by_themselves(office: Office) -> None:
    with office.conn() as conn:
        area = create_area(
            conn, make_company(conn), name="Coteaux", communes=["99002"], duty_number="+33547000000"
        )
    fields = NEW | {"street": "8 rue Émile-Zola", "postal_code": "99110", "city": "Les Coteaux"}
    status, page = office.post("/beneficiaires/nouveau", **fields)
    assert (status, "Bénéficiaire ajouté." in page) == (200, True)
    assert created(office).area_id == area
    with office.conn() as conn:
        home = list_homes(conn, created(office).id)[0]
    assert (home.lon, home.lat) == (0.86, 47.16)
    assert home.lines == ["+33549001234"]


def test_an_address_that_no_area_covers_asks_for_one(office: Office) -> None:
    status, page = office.post("/beneficiaires/nouveau", **NEW)
    assert status == 422
    assert "Aucun secteur ne couvre cette adresse : choisissez-en un." in page
    status, page = office.post("/beneficiaires/nouveau", **(NEW | {"area_id": str(office.agency.area)}))
    assert status == 200
    assert created(office).area_id == office.agency.area


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("last_name", " ", "Saisissez le nom."),
        ("first_name", "\u200b", "Saisissez le prénom."),
        ("first_name", "Mar\x07the", "Un caractère invisible s’est glissé dans ce texte"),
        ("street", "\xa0", "Saisissez le numéro et la voie."),
        ("postal_code", "9910", "Un code postal a cinq chiffres."),
        ("postal_code", "٩٩١٠٠", "Un code postal a cinq chiffres."),
        ("line", "05 49", "Ce numéro est trop court"),
        ("line", "demain", "Ce n’est pas un numéro de téléphone"),
        ("area_id", "0", "À reprendre"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_summary_and_under_its_field(
    office: Office, field: str, value: str, told: str
) -> None:
    status, page = office.post("/beneficiaires/nouveau", **(NEW | {field: value}))
    assert status == 422
    assert told in page
    assert f'id="{field}-error"' in page
    assert f'href="#{field}"' in page


def test_the_card_tells_how_one_punches_and_who_comes(office: Office) -> None:
    with office.conn() as conn:
        worker = make_worker(conn, office.agency.organisation, office.agency.area)
        make_visit(conn, office.home, worker.id, starts_at=later(60))
    page = flat(office.coordinator.get(office.card).text)
    code = office.home.home_code
    assert f"{code[:3]} {code[3:]}" in page
    assert office.home.tag in page
    assert "ARNAUD Sonia" in page


def test_the_card_is_changed_and_visits_to_come_follow_into_the_new_area(office: Office) -> None:
    with office.conn() as conn:
        area = make_area(conn)
        make_visit(conn, office.home, None, starts_at=later(60))
        make_visit(conn, office.home, None, starts_at=later(-WEEK))
    office.send(
        f"{office.card}/modifier",
        civility="Mme",
        last_name="Bellanger",
        first_name="Odette",
        instructions="Sonner fort.",
        area_id=str(area),
    )
    assert (office.read().first_name, office.read().area_id) == ("Odette", area)
    with office.conn() as conn:
        visits = list_between(conn, later(-2 * WEEK), later(WEEK), client=office.home.client)
    assert [visit.area_id for visit in visits] == [office.agency.area, area]


def test_a_line_is_added_in_its_one_form_and_taken_away(office: Office) -> None:
    office.post(f"{office.place}/lignes", number="05.49.00.12.34")
    assert "+33549001234" in office.read_home().lines
    office.post(f"{office.place}/lignes/retirer", number="+33549001234")
    assert "+33549001234" not in office.read_home().lines


def test_a_line_is_said_to_have_no_keys_only_where_the_agency_has_a_number_that_rings(office: Office) -> None:
    words, line = "Téléphone sans touches", office.home.line
    assert words not in office.coordinator.get(office.card).text
    with office.conn() as conn:
        add_call_line(conn, "+33549009933", label="Appel manqué", rings_only=True)
    assert words in office.coordinator.get(office.card).text
    assert office.read_home().lines_without_keys == []
    office.post(f"{office.place}/lignes/touches", number=line, without_keys="1")
    assert office.read_home().lines_without_keys == [line]
    assert "un appel manqué pointe" in office.coordinator.get(office.card).text
    office.post(f"{office.place}/lignes/touches", number=line, without_keys="")
    assert office.read_home().lines_without_keys == []


def test_a_number_that_is_no_line_of_the_home_has_no_keys_to_miss(office: Office) -> None:
    status, page = office.post(f"{office.place}/lignes/touches", number="+33549001234", without_keys="1")
    assert (status, "pas celle de ce domicile" in page) == (404, True)


def test_a_line_that_is_none_is_refused_on_the_card(office: Office) -> None:
    status, page = office.post(f"{office.place}/lignes", number="112")
    assert status == 422
    assert "trop court" in page
    assert office.read_home().lines == [office.home.line]


def test_the_number_that_workers_call_is_refused_as_a_homes_line(office: Office) -> None:
    with office.conn() as conn:
        add_call_line(conn, "+33549009922", label="Télépointage")
    status, page = office.post(f"{office.place}/lignes", number="05 49 00 99 22")
    assert (status, "appellent pour pointer : il ne peut pas désigner un domicile" in page) == (422, True)
    assert office.read_home().lines == [office.home.line]
    new = NEW | {"area_id": str(office.agency.area), "line": "05 49 00 99 22"}
    status, page = office.post("/beneficiaires/nouveau", **new)
    assert (status, 'id="line-error"' in page) == (422, True)
    with office.conn() as conn:
        assert "Guichard" not in [one.last_name for one in list_clients(conn)]


def test_a_tag_is_added_as_readers_give_it_and_taken_away(office: Office) -> None:
    office.post(f"{office.place}/etiquettes", token="04:a1:b2:c3:d4:e5:f6")
    assert "04A1B2C3D4E5F6" in office.read_home().tags
    office.post(f"{office.place}/etiquettes/retirer", token="04A1B2C3D4E5F6")
    assert "04A1B2C3D4E5F6" not in office.read_home().tags


def test_a_tag_that_is_stuck_elsewhere_is_refused(office: Office) -> None:
    status, page = office.post(f"{office.place}/etiquettes", token=office.home.tag)
    assert (status, "Cette étiquette est déjà posée ailleurs." in page) == (422, True)


def test_the_address_changes_and_the_home_keeps_its_code(office: Office) -> None:
    office.send(
        f"{office.place}/modifier", street="3 rue des Tanneurs", postal_code="99100", city="La Chesnaye"
    )
    home = office.read_home()
    assert (home.lon, home.home_code) == (0.91, office.home.home_code)


def test_the_label_has_the_code_the_number_and_no_name(office: Office) -> None:
    with office.conn() as conn:
        add_call_line(conn, "+33549009900", label="Télépointage")
    page = flat(office.coordinator.get(f"{office.place}/etiquette").text)
    sheet = page[page.index("label-sheet") :]
    code = office.home.home_code
    assert f"{code[:3]} {code[3:]}" in sheet
    assert "05 49 00 99 00" in sheet
    assert f"/moi/pointer?qr={office.home.qr_token}" in sheet
    assert "<svg" in sheet
    assert "BELLANGER" not in sheet


def test_what_is_met_there_is_noted_once_and_taken_back(office: Office) -> None:
    office.post(f"{office.card}/particularites", name="Chien")
    office.post(f"{office.card}/particularites", name="chien ")
    assert office.read().traits == ["chien"]
    office.post(f"{office.card}/particularites/retirer", name="chien")
    assert office.read().traits == []


def test_a_worker_is_no_longer_sent_there_then_again(office: Office) -> None:
    with office.conn() as conn:
        worker = make_worker(conn, office.agency.organisation, office.agency.area).id
    office.post(f"{office.card}/refus", worker=str(worker), reason="mésentente")
    with office.conn() as conn:
        assert [(one.worker_id, one.reason) for one in list_refused_at(conn, office.home.client)] == [
            (worker, "mésentente")
        ]
    office.post(f"{office.card}/refus/retirer", worker=str(worker))
    with office.conn() as conn:
        assert list_refused_at(conn, office.home.client) == []


def test_a_weekly_plan_makes_the_visits_of_four_weeks(office: Office) -> None:
    with office.conn() as conn:
        service = make_service(conn)
    data = signed(office.coordinator, "/beneficiaires") | {
        "home": str(office.home.home),
        "service": str(service),
        "weekdays": ["2", "4"],
        "starts": "09:30",
        "minutes": "45",
        "since": "2026-11-24",
    }
    answer = office.coordinator.post(f"{office.card}/planning-type", data=data, follow_redirects=True)
    assert "8 interventions à pourvoir." in flat(answer.text)
    with office.conn() as conn:
        (recurrence,) = list_recurrences(conn, office.home.client)
    assert (recurrence.weekdays, recurrence.minutes) == ([2, 4], 45)


def test_a_weekly_plan_without_a_day_is_refused(office: Office) -> None:
    with office.conn() as conn:
        service = make_service(conn)
    status, page = office.post(
        f"{office.card}/planning-type",
        home=str(office.home.home),
        service=str(service),
        starts="09:30",
        minutes="45",
        since="2026-11-24",
        until="2026-11-01",
    )
    assert status == 422
    assert "Choisissez au moins un jour." in page
    assert "La fin précède le début." in page


@feature("N3")
def test_a_code_device_is_provisioned_by_a_code_shown_once_and_retired(office: Office) -> None:
    status, page = office.post(f"{office.place}/boitiers", label="Tablette de la cuisine")
    assert status == 200
    address = html.unescape(page.split('<code class="long-address">')[1].split("</code>")[0])
    code = Device.provision(address).show(datetime.now(UTC))
    assert len(code) == 8
    assert "<svg" in page
    with office.conn() as conn:
        (device,) = list_code_devices(conn, office.home.home)
    card = office.coordinator.get(office.card).text
    assert "Tablette de la cuisine" in card
    assert "otpauth" not in card
    assert office.post(f"{office.place}/boitiers/retirer", device=str(device.id))[0] == 200
    assert "Tablette de la cuisine" not in office.coordinator.get(office.card).text
    assert office.post(f"{office.place}/boitiers/retirer", device=str(device.id))[0] == 404
    assert office.post(f"{office.place}/boitiers/retirer", device="-1 OR 1=1")[0] == 404


@pytest.mark.parametrize("label", ["", "   ", "x" * 61])
def test_a_code_device_without_a_fitting_name_is_refused(office: Office, label: str) -> None:
    status, _ = office.post(f"{office.place}/boitiers", label=label)
    assert status == 422
    with office.conn() as conn:
        assert list_code_devices(conn, office.home.home) == []


PAGES = ("", "/modifier", "/planning-type", "/domiciles/nouveau")
ACTS = ("/particularites", "/particularites/retirer", "/refus", "/refus/retirer")
HOME_ACTS = (
    "/lignes",
    "/lignes/retirer",
    "/lignes/touches",
    "/etiquettes",
    "/etiquettes/retirer",
    "/boitiers",
    "/boitiers/retirer",
    "/modifier",
)


@pytest.mark.parametrize(
    ("role", "sees", "changes"),
    [(Role.COORDINATOR, 200, 200), (Role.AUDITOR, 200, 403), (Role.WORKER, 403, 403), (None, 303, 303)],
)
def test_readers_read_and_only_those_who_may_change_do(
    office: Office, role: Role | None, sees: int, changes: int
) -> None:
    browser = office.agency.browser(role)
    for page in ("/beneficiaires", office.card, f"{office.place}/etiquette"):
        assert browser.get(page).status_code == sees
    for page in ("/beneficiaires/nouveau", *(office.card + page for page in PAGES[1:])):
        assert browser.get(page).status_code == changes
    assert browser.get("/adresses?q=tanneurs").status_code == changes


def test_a_client_of_another_area_opened_by_its_address_does_not_exist(office: Office) -> None:
    with office.conn() as conn:
        elsewhere = make_area(conn)
    stranger = office.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert "BELLANGER" not in stranger.get("/beneficiaires").text
    fields = signed(stranger, "/beneficiaires")
    for page in (
        *(office.card + page for page in PAGES),
        f"{office.place}/etiquette",
        f"{office.place}/modifier",
    ):
        assert stranger.get(page).status_code == 404
    for act in (*(office.card + act for act in ACTS), *(office.place + act for act in HOME_ACTS)):
        assert stranger.post(act, data=fields).status_code == 404
    assert office.read_home().lines == [office.home.line]


def test_a_home_is_reached_through_its_own_client_only(office: Office) -> None:
    with office.conn() as conn:
        other = make_client(conn, office.agency.area, last_name="Delmas").client
    address = f"/beneficiaires/{ClientId(other)}/domiciles/{office.home.home}/etiquette"
    assert office.coordinator.get(address).status_code == 404


def test_text_that_looks_like_code_is_shown_as_text(office: Office) -> None:
    fields = NEW | {"last_name": "<script>alert(1)</script>", "area_id": str(office.agency.area)}
    office.post("/beneficiaires/nouveau", **fields)
    page = office.coordinator.get("/beneficiaires").text
    assert "<script>alert" not in page.lower()
    assert "&lt;SCRIPT&gt;" in page
