"""The page of a punch: what it was, what it waits for, its two outcomes, each traced and taken back."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.alerts.operations import arm, raise_due
from homecare.alerts.queries import list_alerts
from homecare.kernel import db
from homecare.kernel.ids import PunchId, VisitId, WorkerId
from homecare.punches.cases import find_punch
from homecare.punches.model import Channel, Claim, Edge, Line, SignedInWorker
from homecare.punches.operations import record
from homecare.visits.queries import find_visit
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import MadeHome, make_area, make_client, make_visit, make_worker
from tests.features import feature

STRANGE_LINE = "+33547000099"


class Waiting:
    """A worker whose visit began twenty minutes ago, and a call of theirs from a line that nobody knows."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        with agency.database.connect(agency.organisation) as conn:
            self.worker = make_worker(conn, agency.organisation, agency.area).id
            self.home: MadeHome = make_client(conn, agency.area)
            self.visit = make_visit(conn, self.home, self.worker, starts_at=later(-20))
            arm(conn, [self.visit], now=later(-60))
            self.punch = self.call(conn, self.worker, STRANGE_LINE)

    def call(self, conn: db.Conn, worker: WorkerId, line: str, minutes: int = -17) -> PunchId:
        claim = Claim(
            self.agency.organisation, Channel.PHONE, f"{worker}-{line}-{minutes}", later(minutes), Line(line),
            SignedInWorker(worker), Edge.ARRIVAL,
        )  # fmt: skip
        (receipt,) = record(conn, [claim], core_instance="core-1", now=later(minutes))
        assert receipt.punch is not None
        return receipt.punch

    @property
    def page(self) -> str:
        return f"/pointages/{self.punch}"

    def decide(self, browser: FlaskClient, act: str, **fields: object) -> tuple[int, str]:
        """Send one of the page's forms; return what is shown then."""
        return self.decide_of(self.punch, browser, act, **fields)

    def decide_of(self, punch: PunchId, browser: FlaskClient, act: str, **fields: object) -> tuple[int, str]:
        """Send a form of another punch's page."""
        page = f"/pointages/{punch}"
        texts = {name: str(value) for name, value in fields.items()}
        answer = browser.post(f"{page}/{act}", data=signed(browser, page, **texts), follow_redirects=True)
        return answer.status_code, flat(answer.text)

    def link(self, browser: FlaskClient, **fields: object) -> tuple[int, str]:
        return self.decide(browser, "rattacher", **({"visit": self.visit, "edge": "arrival"} | fields))

    def seen(self) -> tuple[str | None, VisitId | None]:
        with self.agency.database.connect(self.agency.organisation) as conn:
            found = find_punch(conn, self.punch)
            return found.doubt, found.visit_id

    def has_arrived(self) -> bool:
        with self.agency.database.connect(self.agency.organisation) as conn:
            return find_visit(conn, self.visit).arrived_at is not None


@pytest.fixture
def waiting(agency: Agency) -> Waiting:
    return Waiting(agency)


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def menu_count(page: str) -> str | None:
    """Return the count beside « Pointages » in the top bar."""
    found = re.search(r'Pointages <span class="count">(\d+)', page)
    return found and found[1]


@feature("P14")
def test_a_punch_that_waits_shows_its_reason_its_proposed_visits_and_two_outcomes(waiting: Waiting) -> None:
    browser = waiting.agency.browser(Role.COORDINATOR)
    page = flat(browser.get(waiting.page).text)
    assert "Pointage de 08:30:00" in page
    assert "Ligne inconnue : 05 47 00 00 99" in page
    assert "3 min après le début prévu" in page
    assert "même intervenant" in page
    assert "ni arrivée ni départ pointés" in page
    assert "Rattacher : arrivée" in page
    assert "Rejeter le pointage" in page
    assert "core-1/1</code> · <code>" in page
    assert menu_count(page) == "1"


@feature("P14")
def test_linked_it_marks_the_visit_closes_its_alert_leaves_its_trace_and_the_list_empties(
    waiting: Waiting,
) -> None:
    agency = waiting.agency
    with agency.database.connect(agency.organisation) as conn:
        raise_due(conn, agency.organisation, now=later(-11))
    browser = agency.browser(Role.COORDINATOR)
    status, page = waiting.link(browser)
    assert status == 200
    assert "Pointage de 08:30:00 rattaché : arrivée de BELLANGER Odile." in page
    assert "Tout est traité" in page
    assert menu_count(page) is None
    assert waiting.has_arrived()
    with agency.database.connect(agency.organisation) as conn:
        assert [one.closing for one in list_alerts(conn, since=later(-60))] == ["arrived"]
    case = flat(browser.get(waiting.page).text)
    assert "Rattaché à la main : arrivée, BELLANGER Odile · MOREL Claire" in re.sub(r"<[^>]+>", "", case)
    assert "08:47" in case

    _, page = waiting.decide(browser, "annuler")
    assert "Décision annulée : le pointage attend de nouveau" in page
    assert not waiting.has_arrived()
    assert waiting.seen() == ("unknown_home", None)
    with agency.database.connect(agency.organisation) as conn:
        assert [one.closing for one in list_alerts(conn, since=later(-60))] == [None]


@feature("P14")
def test_rejected_it_keeps_its_reason_and_words_and_may_be_taken_back(waiting: Waiting) -> None:
    browser = waiting.agency.browser(Role.COORDINATOR)
    status, page = waiting.decide(browser, "rejeter", reason="other", comment="Numéro de démonstration")
    assert status == 200
    assert "Pointage de 08:30:00 rejeté." in page
    assert waiting.seen() == ("rejected", None)
    case = flat(browser.get(waiting.page).text)
    assert "« Numéro de démonstration »" in case
    assert "Rejeté : autre motif" in case
    assert "Rejeté" in browser.get("/pointages?vue=tous").text
    waiting.decide(browser, "annuler")
    assert waiting.seen() == ("unknown_home", None)


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("rejeter", {}, "Choisissez un motif."),
        ("rejeter", {"reason": "nothing_such"}, "choix valide"),
        ("rejeter", {"reason": "other", "comment": "…"}, "Écrivez pourquoi ce pointage est rejeté."),
        ("rejeter", {"reason": "mistake", "comment": "x" * 501}, "500"),
        ("rattacher", {}, "Choisissez une intervention proposée."),
        ("rattacher", {"visit": "1; DROP", "edge": "arrival"}, "Choisissez une intervention proposée."),
        ("rattacher", {"visit": "9" * 19, "edge": "arrival"}, "Choisissez une intervention proposée."),
        ("rattacher", {"visit": "1", "edge": "sideways"}, "Choisissez une intervention proposée."),
        ("annuler", {}, "pas de décision à annuler"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_the_punch_waits_on(
    waiting: Waiting, act: str, fields: dict[str, str], sentence: str
) -> None:
    status, page = waiting.decide(waiting.agency.browser(Role.COORDINATOR), act, **fields)
    assert status == 422
    assert sentence in page
    assert waiting.seen() == ("unknown_home", None)


def test_a_visit_that_is_not_there_is_not_found(waiting: Waiting) -> None:
    status, _ = waiting.link(waiting.agency.browser(Role.COORDINATOR), visit=10**15)
    assert status == 404
    assert waiting.seen() == ("unknown_home", None)


@feature("P14")
def test_the_second_of_two_coordinators_is_told_who_did_what(waiting: Waiting) -> None:
    first, second = (waiting.agency.browser(Role.COORDINATOR) for _ in range(2))
    waiting.link(first)
    status, page = waiting.decide(second, "rejeter", reason="mistake")
    assert status == 422
    assert "MOREL Claire a déjà rattaché ce pointage à l’intervention de BELLANGER Odile, à 08:47" in page
    assert waiting.seen() == (None, waiting.visit)


def test_a_colleagues_visit_says_what_linking_changes_and_needs_that_to_be_known(waiting: Waiting) -> None:
    agency = waiting.agency
    with agency.database.connect(agency.organisation) as conn:
        karim = make_worker(
            conn, agency.organisation, agency.area, last_name="Roussel", first_name="Karim"
        ).id
        punch = waiting.call(conn, karim, waiting.home.line)
    browser = agency.browser(Role.COORDINATOR)
    page = flat(browser.get(f"/pointages/{punch}").text)
    assert "Rattacher donne cette intervention à ROUSSEL Karim, à la place de ARNAUD Sonia." in page
    asked = {"visit": waiting.visit, "edge": "arrival"}
    status, page = waiting.decide_of(punch, browser, "rattacher", **asked)
    assert status == 422
    assert "prévue pour ARNAUD Sonia" in page
    assert not waiting.has_arrived()
    status, _ = waiting.decide_of(punch, browser, "rattacher", instead_of=waiting.worker, **asked)
    assert status == 200
    assert "ROUSSEL Karim a remplacé ARNAUD Sonia." in flat(browser.get(f"/pointages/{punch}").text)


def test_a_visit_that_is_not_proposed_is_found_by_name_whatever_its_accents(waiting: Waiting) -> None:
    agency = waiting.agency
    with agency.database.connect(agency.organisation) as conn:
        karim = make_worker(
            conn, agency.organisation, agency.area, last_name="Roussel", first_name="Karim"
        ).id
        elsewhere = make_client(conn, agency.area, last_name="Éluard")
        make_visit(conn, elsewhere, karim, starts_at=later(-20))
    browser = agency.browser(Role.COORDINATOR)
    assert "ÉLUARD" not in browser.get(waiting.page).text
    assert "ÉLUARD Odile" in browser.get(f"{waiting.page}?q=eluard").text
    assert "ÉLUARD Odile" in browser.get(f"{waiting.page}?q=rouss").text
    assert "Aucune intervention de « zz »" in flat(browser.get(f"{waiting.page}?q=zz").text)


def test_an_auditor_reads_the_page_and_decides_nothing(waiting: Waiting) -> None:
    auditor = waiting.agency.browser(Role.AUDITOR)
    page = auditor.get(waiting.page).text
    assert "BELLANGER Odile" in page
    assert "Rattacher : arrivée" not in page
    assert "Rejeter" not in page
    for act in ("rattacher", "rejeter", "annuler"):
        assert waiting.decide(auditor, act, visit=waiting.visit, edge="arrival")[0] == 403


def test_a_coordinator_of_another_area_reaches_neither_the_punch_nor_its_count(waiting: Waiting) -> None:
    with waiting.agency.database.connect(waiting.agency.organisation) as conn:
        elsewhere = make_area(conn)
    stranger = waiting.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert stranger.get(waiting.page).status_code == 404
    assert menu_count(stranger.get("/pointages").text) is None


def test_the_list_links_at_once_what_nothing_speaks_against_and_tells_of_other_days(waiting: Waiting) -> None:
    agency = waiting.agency
    with agency.database.connect(agency.organisation) as conn:
        waiting.call(conn, waiting.worker, STRANGE_LINE, minutes=-24 * 60)
    browser = agency.browser(Role.COORDINATOR)
    page = flat(browser.get("/pointages").text)
    assert page.count(f'action="{waiting.page}/rattacher"') == 1
    assert "Rejeter…" in page
    assert "1 pointage d’un autre jour attend aussi" in page
    assert menu_count(page) == "2"
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    assert f"jour={yesterday}" in page


def test_a_punch_is_opened_from_every_place_that_shows_it(waiting: Waiting) -> None:
    browser = waiting.agency.browser(Role.COORDINATOR)
    for address in ("/pointages", "/pointages?vue=tous", f"/intervenants/{waiting.worker}"):
        assert f'href="{waiting.page}"' in browser.get(address).text, address
    waiting.link(browser)
    assert f'href="{waiting.page}"' in browser.get(f"/beneficiaires/{waiting.home.client}").text
