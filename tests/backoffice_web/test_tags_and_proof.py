"""What the office sees of tags, grades of proof, silent lines and readers that are away."""

import re
from datetime import timedelta

import pytest

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.ids import WorkerId
from homecare.punches.devices import Health, note_device_status
from homecare.punches.model import (
    Badge,
    Channel,
    Claim,
    Device,
    Home,
    Line,
    Proof,
    SignedInWorker,
    Sun,
    Where,
)
from homecare.punches.operations import record, register_device
from homecare.punches.proof_minimum import Asked, find_minimum
from homecare.punches.silence import find_silence_setting, watch_silence
from homecare.workers.operations import enrol_badge
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import MadeHome, make_area, make_client, make_visit, make_worker
from tests.tags import SEALER, MadeTag, make_sun_tag

SETTINGS = "/reglages/pointage"


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text.replace("\xa0", " ").replace("\u202f", " ")))


class Office:
    """A home with a tag that proves itself, a worker, a coordinator and an administrator."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        with self.conn() as conn:
            self.home: MadeHome = make_client(conn, agency.area)
            self.worker: WorkerId = make_worker(conn, agency.organisation, agency.area).id
            number = 0xCC0000 + self.home.home
            self.tag: MadeTag = make_sun_tag(conn, self.home.home, now=later(-3000), number=number)
        self.coordinator = agency.browser(Role.COORDINATOR)
        self.administrator = agency.browser(Role.ADMINISTRATOR)

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def card(self) -> str:
        return f"/beneficiaires/{self.home.client}"

    def punch(self, where: Where, *, minutes: int) -> None:
        channel = Channel.NFC if isinstance(where, Sun) else Channel.APP
        claim = Claim(
            organisation=self.agency.organisation,
            channel=channel,
            source_ref=f"{minutes}",
            punched_at=later(minutes),
            where=where,
            who=SignedInWorker(self.worker),
        )
        with self.conn() as conn:
            record(conn, [claim], core_instance="test", now=NOW, sealer=SEALER)

    def ask(self, minimum: str, *, since: str = "2026-11-01") -> str:
        fields = signed(self.administrator, SETTINGS, minimum=minimum, since=since)
        return flat(self.administrator.post(f"{SETTINGS}/preuve", data=fields, follow_redirects=True).text)


@pytest.fixture
def office(agency: Agency) -> Office:
    return Office(agency)


# ---- tags


def test_the_homes_card_tells_of_each_tag_its_kind_its_grade_its_last_use_and_its_counter(
    office: Office,
) -> None:
    office.punch(Sun(office.tag.token, office.tag.message(7)), minutes=-5)
    page = office.coordinator.get(office.card).text
    sun, plain = (
        page.partition(f"<code>{token}</code>")[2].partition("</li>")[0]
        for token in (office.tag.token, office.home.tag)
    )
    assert "se prouve à chaque passage · posée le 22/11/2026 · dernier passage 08:42 · compteur 7" in flat(
        sun
    )
    assert "simple · posée le 24/11/2026 · jamais lue" in flat(plain)
    assert 'data-proof="A"' in page.partition(f"<code>{office.tag.token}</code>")[0].rpartition("<li")[2]


def test_a_tag_that_was_retired_leaves_the_card(office: Office) -> None:
    address = f"{office.card}/domiciles/{office.home.home}/etiquettes/retirer"
    fields = signed(office.coordinator, office.card, token=office.tag.token)
    page = office.coordinator.post(address, data=fields, follow_redirects=True).text
    assert office.tag.token not in page


def test_a_copied_address_shows_in_words_on_the_board_and_among_the_refused_attempts(office: Office) -> None:
    office.punch(Home(office.home.home), minutes=-30)
    office.punch(Sun(office.tag.token, office.tag.message(7)), minutes=-9)
    office.punch(Sun(office.tag.token, office.tag.message(7)), minutes=-4)
    for address in ("/tableau", "/pointages?vue=refus"):
        page = flat(office.coordinator.get(address).text)
        assert "Passage d’étiquette déjà utilisé" in page
        assert "BELLANGER Odile" in page


# ---- proof


def test_a_punch_below_the_agencys_minimum_is_marked_in_the_journal_on_the_card_and_on_the_board(
    office: Office,
) -> None:
    office.punch(Home(office.home.home), minutes=-30)
    for address in ("/tableau", "/pointages?vue=tous", office.card):
        assert "sous le minimum" not in office.coordinator.get(address).text
    assert "Preuve B demandée à partir du" in office.ask("B")
    for address in ("/tableau", "/pointages?vue=tous", office.card):
        page = flat(office.coordinator.get(address).text)
        assert "sous le minimum B demandé par l’agence" in page, address


def test_a_punch_that_proves_enough_is_not_marked(office: Office) -> None:
    office.ask("A")
    office.punch(Sun(office.tag.token, office.tag.message(7)), minutes=-30)
    for address in ("/tableau", "/pointages?vue=tous", office.card):
        assert "sous le minimum" not in office.coordinator.get(address).text
    assert 'data-proof="A"' in office.coordinator.get("/pointages?vue=tous").text


def test_a_client_may_ask_for_something_else_than_the_agency(office: Office) -> None:
    office.ask("B")
    card = flat(office.coordinator.get(office.card).text)
    assert "demandé par l’agence" in card
    fields = signed(office.coordinator, office.card, minimum="D", since="2026-11-20")
    page = flat(office.coordinator.post(f"{office.card}/preuve", data=fields, follow_redirects=True).text)
    assert "Preuve D demandée ici à partir du" in page
    with office.conn() as conn:
        assert find_minimum(conn, office.home.client, NOW) == Asked(Proof.D, "client", [])
        assert find_minimum(conn, None, NOW) == Asked(Proof.B, "agency", [])


@pytest.mark.parametrize(
    "fields", [{"minimum": "E", "since": "2026-11-20"}, {"minimum": "B", "since": "demain"}, {"minimum": "B"}]
)
def test_a_minimum_that_makes_no_sense_is_refused_and_changes_nothing(
    office: Office, fields: dict[str, str]
) -> None:
    for browser, page, address in (
        (office.administrator, SETTINGS, f"{SETTINGS}/preuve"),
        (office.coordinator, office.card, f"{office.card}/preuve"),
    ):
        answer = browser.post(address, data=signed(browser, page, **fields))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    with office.conn() as conn:
        assert find_minimum(conn, office.home.client, NOW) is None


# ---- silence and readers


def test_a_silent_line_is_listed_where_calls_are_with_its_number_and_the_card_to_open(office: Office) -> None:
    fields = signed(office.administrator, SETTINGS, visits="3")
    said = office.administrator.post(f"{SETTINGS}/silence", data=fields, follow_redirects=True).text
    assert "signalée après 3 interventions" in flat(said)
    with office.conn() as conn:
        watch_silence(conn, office.agency.organisation, now=later(-6000))
        for day in (3, 2, 1):
            make_visit(conn, office.home, office.worker, starts_at=NOW - timedelta(days=day))
        watch_silence(conn, office.agency.organisation, now=NOW)
    page = office.coordinator.get("/pointages?vue=appels").text
    assert "Ligne du domicile muette" in page
    assert "Aucun pointage ne vient plus du 05 55 1" in flat(page)
    assert office.card in page


@pytest.mark.parametrize("visits", ["", "2", "abc", "1000"])
def test_a_silence_that_makes_no_sense_is_refused_beside_its_field(office: Office, visits: str) -> None:
    answer = office.administrator.post(
        f"{SETTINGS}/silence", data=signed(office.administrator, SETTINGS, visits=visits)
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    with office.conn() as conn:
        assert find_silence_setting(conn) == 10


def test_a_reader_that_is_away_is_on_the_board_with_the_hour_since_when(office: Office) -> None:
    office.punch(Line(office.home.line), minutes=-60)
    device = f"gw-{office.home.home}away"
    with office.conn() as conn:
        register_device(conn, device, label="Lecteur de l’entrée", home=office.home.home)
        note_device_status(conn, office.agency.organisation, device, Health(online=False), at=later(-12))
    page = flat(office.coordinator.get("/tableau").text)
    assert "Hors ligne depuis 08:35" in page
    assert "Lecteur de l’entrée · BELLANGER Odile" in page
    with office.conn() as conn:
        elsewhere = make_area(conn)
        make_visit(conn, make_client(conn, elsewhere), office.worker)
    stranger = office.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert "Lecteur de l’entrée" not in flat(stranger.get("/tableau").text)


# ---- ordering a tag


def test_the_office_orders_a_tag_and_the_code_is_shown_once_to_who_may_change_the_home(
    office: Office,
) -> None:
    poses = f"{office.card}/domiciles/{office.home.home}/poses"
    plain = office.coordinator.post(poses, data=signed(office.coordinator, office.card, kind="plain"))
    assert plain.status_code == 200
    assert plain.headers["Cache-Control"] == "no-store"
    code = re.search(r"nfc_gateway\.station ([\w-]{22})<", plain.text)
    assert code
    assert code[1] not in office.coordinator.get(office.card).text
    station = office.agency.browser()
    ordered = station.post("/pose/commande", json={"code": code[1]})
    assert ordered.status_code == 200
    assert (ordered.json or {})["keys"] is None
    auditor = office.agency.browser(Role.AUDITOR)
    refused = auditor.post(poses, data=signed(auditor, office.card, kind="plain"))
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"code": 7}',
        b'{"code": "x"}',
        b'{"code": "' + b"x" * 500 + b'"}',
        rb'{"code": "\ud800"}',
        b"[" * 50_000,
        b"\xff",
    ],
)
def test_a_station_that_makes_no_sense_is_refused_in_json(office: Office, body: bytes) -> None:
    for what in ("commande", "fin"):
        answer = office.agency.browser().post(f"/pose/{what}", data=body, content_type="application/json")
        assert answer.status_code == 422
        assert set(answer.json or {}) == {"message"}


def test_a_badge_at_the_agencys_door_is_told_in_the_journal_and_is_nothing_to_process(office: Office) -> None:
    door, badge = f"gw-door{office.home.home}", f"04D00D{office.home.home:06d}"
    with office.conn() as conn:
        register_device(conn, door, label="Entrée", home=None)
        enrol_badge(conn, office.worker, badge, now=NOW)
        claim = Claim(office.agency.organisation, Channel.NFC, "gw/1", later(-20), Device(door), Badge(badge))
        record(conn, [claim], core_instance="test", now=NOW)
    assert "Tout est traité" in office.coordinator.get("/pointages").text
    page = flat(office.coordinator.get("/pointages?vue=tous").text)
    assert "Passage à l’agence" in page
    assert "ARNAUD Sonia" in page
    assert "Bénéficiaire inconnu" not in page
