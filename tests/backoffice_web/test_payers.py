"""Payers in the back office: their register, what each asks, who pays for a client, whose minimum it is."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.ids import PayerId
from homecare.payers.client_payers import ClientPayer, add_client_payer, list_client_payers
from homecare.payers.model import Payer, PayerKind
from homecare.payers.operations import add_payer, retire_payer
from homecare.payers.queries import list_payers
from homecare.punches.model import Channel, Claim, Line, Proof, Qr, SignedInWorker, Where
from homecare.punches.operations import record
from homecare.punches.proof_minimum import Asked, find_minimum, set_minimum
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import ACTOR, make_area, make_client, make_visit, make_worker
from tests.features import feature

PAGE = "/reglages/payeurs"
NAME = "Département de la Combe"
TODAY = NOW.date()
DAY = timedelta(days=1)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text.replace("\xa0", " ").replace("\u202f", " ")))


class Office:
    """A client and a payer, and whoever writes to them."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        with self.conn() as conn:
            self.home = make_client(conn, agency.area)
            self.payer: PayerId = add_payer(conn, ACTOR, PayerKind.DEPARTMENT, NAME, now=NOW)
        self.manager = agency.browser(Role.MANAGER)
        self.coordinator = agency.browser(Role.COORDINATOR)

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def page(self) -> str:
        return f"{PAGE}/{self.payer}"

    @property
    def card(self) -> str:
        return f"/beneficiaires/{self.home.client}"

    def post(self, browser: FlaskClient, address: str, page: str, **fields: str) -> tuple[int, str]:
        answer = browser.post(address, data=signed(browser, page, **fields), follow_redirects=True)
        return answer.status_code, answer.text

    def on_card(self, address: str, **fields: str) -> tuple[int, str]:
        return self.post(self.coordinator, f"{self.card}/payeurs{address}", self.card, **fields)

    def payers(self) -> list[Payer]:
        with self.conn() as conn:
            return list_payers(conn, day=TODAY)

    def paying(self) -> list[ClientPayer]:
        with self.conn() as conn:
            return list_client_payers(conn, self.home.client)

    def pay(self, minimum: Proof | None = None) -> int:
        with self.conn() as conn:
            set_minimum(conn, ACTOR, None, minimum, since=TODAY - 9 * DAY, now=NOW, payer=self.payer)
            client = self.home.client
            return add_client_payer(conn, ACTOR, client, self.payer, since=TODAY - 9 * DAY, now=NOW)

    def punch(self, **ways: tuple[Channel, Where]) -> None:
        with self.conn() as conn:
            worker = make_worker(conn, self.agency.organisation, self.agency.area).id
            make_visit(conn, self.home, worker, starts_at=later(-60))
            claims = [
                Claim(self.agency.organisation, channel, ref, later(-30 + n), where, SignedInWorker(worker))
                for n, (ref, (channel, where)) in enumerate(ways.items())
            ]
            record(conn, claims, core_instance="test", now=NOW)


@pytest.fixture
def office(agency: Agency) -> Office:
    return Office(agency)


# ---- the register


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER])
def test_administrators_and_managers_add_and_rename_payers(office: Office, role: Role) -> None:
    browser = office.agency.browser(role)
    assert f'href="{PAGE}"' in browser.get("/reglages").text
    status, page = office.post(browser, PAGE, PAGE, name="Mutuelle des Fontaines", kind="insurer")
    assert (status, "Payeur ajouté" in page) == (200, True)
    address = f"{PAGE}/{next(one.id for one in office.payers() if one.kind == 'insurer')}"
    assert 'value="Mutuelle des Fontaines"' in browser.get(address).text
    office.post(browser, address, address, name="Mutuelle du Val", kind="other")
    assert ("Mutuelle du Val", "other") in [(one.name, one.kind) for one in office.payers()]
    listed = flat(browser.get(PAGE).text)
    assert "Mutuelle du Val autre payeur · aucun bénéficiaire aucune preuve demandée" in listed


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_nobody_else_opens_the_register(office: Office, role: Role) -> None:
    browser = office.agency.browser(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.get(office.page).status_code == 403
    assert f'href="{PAGE}"' not in browser.get(office.card).text


def test_a_manager_of_one_area_does_not_open_what_is_the_whole_agencys(office: Office) -> None:
    browser = office.agency.browser(Role.MANAGER, area=office.agency.area)
    assert browser.get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in browser.get(office.card).text
    status, _ = office.post(browser, f"{office.page}/preuve", office.card, minimum="D", since="2026-11-20")
    assert status == 403


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("", "department", "Donnez un nom à ce payeur."),
        ("département de la COMBE", "other", "porte déjà ce nom"),
        ("x" * 81, "other", "80 caractères au plus"),
        ("Caisse <b>", "bank", "aria-invalid"),
    ],
)
def test_what_cannot_be_a_payer_is_said_where_it_was_typed(
    office: Office, name: str, kind: str, word: str
) -> None:
    answer = office.manager.post(PAGE, data=signed(office.manager, PAGE, name=name, kind=kind))
    assert answer.status_code == 422
    assert word in answer.text
    assert f'value="{name.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert [one.name for one in office.payers()] == [NAME]


def test_a_payer_asks_for_a_proof_from_a_day_on(office: Office) -> None:
    office.pay()
    address = f"{office.page}/preuve"
    status, page = office.post(office.manager, address, office.page, minimum="B", since="2026-11-20")
    assert (status, "demande la preuve B à partir du vendredi 20 novembre 2026" in flat(page)) == (200, True)
    assert "depuis le 20/11/2026" in flat(page)
    assert "1 bénéficiaire B" in flat(office.manager.get(PAGE).text).replace("Preuve ", "")
    for fields in ({"minimum": "E", "since": "2026-11-20"}, {"minimum": "A", "since": ""}):
        answer = office.manager.post(address, data=signed(office.manager, office.page, **fields))
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
        assert f'value="{NAME}"' in answer.text
    with office.conn() as conn:
        assert find_minimum(conn, office.home.client, NOW) == Asked("B", None, [NAME])
    office.post(office.manager, address, office.page, minimum="", since="2026-11-24")
    with office.conn() as conn:
        assert find_minimum(conn, office.home.client, NOW) is None


def test_a_retired_payer_is_put_aside_and_can_be_taken_back(office: Office) -> None:
    office.pay(Proof.B)
    _, page = office.post(office.manager, f"{office.page}/retirer", office.page)
    assert "ne paie et ne demande plus rien" in page
    assert "1 payeur retiré" in flat(page)
    assert "retiré le 24/11/2026" in flat(office.coordinator.get(office.card).text)
    page = office.manager.get(office.page).text
    assert "Enregistrer la preuve minimale" not in page
    for act, fields in (("retirer", {}), ("preuve", {"minimum": "A", "since": "2026-11-24"})):
        status, _ = office.post(office.manager, f"{office.page}/{act}", office.page, **fields)
        assert status == 404
    office.post(office.manager, f"{office.page}/reprendre", office.page)
    assert [one.retired_on for one in office.payers()] == [None]


def test_a_payer_that_does_not_exist_is_not_found(office: Office) -> None:
    for address in (f"{PAGE}/999999", f"{PAGE}/999999/preuve"):
        answer = office.manager.post(address, data=signed(office.manager, PAGE, name="A", kind="other"))
        assert answer.status_code == 404


# ---- on the client's card


def test_a_coordinator_notes_who_pays_for_a_client_and_until_when(office: Office) -> None:
    office.pay(Proof.B)
    with office.conn() as conn:
        mutual = add_payer(conn, ACTOR, PayerKind.INSURER, "Mutuelle", now=NOW)
    status, page = office.on_card("", payer=str(mutual), pays_since="2026-12-01")
    assert (status, "Payeur ajouté à partir du mardi 1er décembre 2026." in flat(page)) == (200, True)
    assert f"{NAME} département, depuis le 15/11/2026 demande" in flat(page)
    assert "Mutuelle mutuelle ou assurance, à partir du 01/12/2026" in flat(page)
    assert f"demandé par « {NAME} »" in flat(page)
    days = next(one.id for one in office.paying() if one.payer_id == office.payer)
    _, page = office.on_card(f"/{days}/fin", last_day="2026-11-30")
    assert "jusqu’au lundi 30 novembre 2026 compris" in flat(page)
    assert "du 15/11/2026 au 30/11/2026" in flat(page)
    assert 'value="2026-11-30"' in page
    office.on_card(f"/{days}/fin", last_day="")
    assert [one.until for one in office.paying()] == [None, None]
    office.on_card(f"/{days}/retirer")
    assert [one.name for one in office.paying()] == ["Mutuelle"]


def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(office: Office) -> None:
    days = office.pay()
    status, page = office.on_card("", payer=str(office.payer), pays_since="2026-12-05")
    assert (status, "paie déjà pour ce bénéficiaire" in page) == (422, True)
    assert 'value="2026-12-05"' in page
    status, page = office.on_card(f"/{days}/fin", last_day="2026-11-14")
    assert (status, "commence le 15/11/2026" in page, 'value="2026-11-14"' in page) == (422, True, True)
    for fields in (
        {"payer": "999999", "pays_since": "2026-12-05"},
        {"payer": str(office.payer), "pays_since": "demain"},
        {"payer": str(office.payer)},
    ):
        status, page = office.on_card("", **fields)
        assert (status, 'aria-invalid="true"' in page) == (422, True)
    assert office.on_card(f"/{days}/fin", last_day="demain")[0] == 422
    assert office.on_card("/999999/fin", last_day="")[0] == 404
    assert office.on_card("/999999/retirer")[0] == 404
    assert len(office.paying()) == 1


def test_a_retired_payer_is_not_offered(office: Office) -> None:
    with office.conn() as conn:
        retire_payer(conn, ACTOR, office.payer, now=NOW)
    assert office.on_card("", payer=str(office.payer), pays_since="2026-11-24")[0] == 422
    assert office.paying() == []


def test_whoever_may_only_read_sees_who_pays_and_changes_nothing(office: Office) -> None:
    days = office.pay(Proof.B)
    auditor = office.agency.browser(Role.AUDITOR)
    page = auditor.get(office.card).text
    assert f"{NAME} département" in flat(page)
    assert "/payeurs" not in page
    for address in ("", f"/{days}/fin", f"/{days}/retirer"):
        fields = signed(auditor, "/planning")
        assert auditor.post(f"{office.card}/payeurs{address}", data=fields).status_code == 403
    with office.conn() as conn:
        elsewhere = make_area(conn)
    stranger = office.agency.browser(Role.COORDINATOR, area=elsewhere)
    fields = signed(stranger, "/planning", last_day="2026-11-24")
    assert stranger.post(f"{office.card}/payeurs/{days}/fin", data=fields).status_code == 404
    assert [one.until for one in office.paying()] == [None]


# ---- whose minimum it is


@feature("N5")
def test_a_static_qr_is_marked_below_a_payers_minimum_with_its_name_and_a_registered_line_is_not(
    office: Office,
) -> None:
    office.pay(Proof.B)
    office.punch(line=(Channel.PHONE, Line(office.home.line)), label=(Channel.QR, Qr(office.home.qr_token)))
    words = f"sous le minimum B demandé par « {NAME} »"
    for address in ("/tableau", "/pointages?vue=tous", office.card):
        assert flat(office.coordinator.get(address).text).count(words) == 1, address
    with office.conn() as conn:
        set_minimum(conn, ACTOR, None, Proof.B, since=TODAY, now=NOW)
    page = flat(office.coordinator.get("/pointages?vue=tous").text)
    assert f"sous le minimum B demandé par l’agence et « {NAME} »" in page
    with office.conn() as conn:
        set_minimum(conn, ACTOR, office.home.client, Proof.B, since=TODAY, now=NOW)
    page = flat(office.coordinator.get("/pointages?vue=tous").text)
    assert f"sous le minimum B demandé pour ce bénéficiaire et par « {NAME} »" in page
    with office.conn() as conn:
        set_minimum(conn, ACTOR, office.home.client, Proof.D, since=TODAY, now=NOW)
        set_minimum(conn, ACTOR, None, Proof.C, since=TODAY, now=NOW, payer=office.payer)
    assert "sous le minimum" not in office.coordinator.get("/pointages?vue=tous").text
