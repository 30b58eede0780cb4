"""What the phone's pages show, to whom, and that reading them changes nothing."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from backoffice_web.access import SESSION_COOKIE
from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel.ids import VisitId
from tests.backoffice_web.agency import NOW, Agency, later
from tests.builders import MadeHome, make_area, make_client, make_user, make_visit, make_worker


@dataclass(frozen=True, slots=True)
class Day:
    """A worker's browser, and what they have to do at `NOW`."""

    browser: FlaskClient
    home: MadeHome
    visit: VisitId


@pytest.fixture
def day(agency: Agency) -> Day:
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn, role=Role.WORKER)
        worker = make_worker(conn, agency.organisation, agency.area, user=user)
        colleague = make_worker(conn, agency.organisation, agency.area, last_name="Koné")
        home = make_client(conn, agency.area, last_name="Aubry")
        conn.execute("UPDATE homes SET access_notes = 'Code 4512B' WHERE id = %s", (home.home,))
        visit = make_visit(conn, home, worker.id, starts_at=later(10))
        make_visit(conn, make_client(conn, agency.area, last_name="Hamel"), colleague.id, starts_at=later(10))
        draft = make_client(conn, agency.area, last_name="Brouillon")
        make_visit(conn, draft, worker.id, starts_at=later(90), published=False)
        token = open_session(conn, user, now=NOW)
    browser = agency.browser()
    browser.set_cookie(SESSION_COOKIE, token)
    return Day(browser, home, visit)


def test_a_worker_who_signs_in_lands_on_their_day(day: Day) -> None:
    assert day.browser.get("/").location == "/moi"


def test_a_worker_sees_their_own_published_visits_and_no_others(day: Day) -> None:
    page = day.browser.get("/moi").text
    assert "AUBRY Odile" in page
    assert "Code 4512B" in page
    assert "HAMEL" not in page
    assert "BROUILLON" not in page


def test_the_office_has_no_such_page(agency: Agency) -> None:
    assert agency.browser(Role.COORDINATOR).get("/moi").status_code == 403
    assert agency.browser(Role.WORKER).get("/moi").status_code == 403


def test_a_stranger_signs_in_and_comes_back_to_the_code(agency: Agency) -> None:
    answer = agency.browser().get("/moi/pointer?qr=abc")
    assert answer.location == "/connexion?suite=%2Fmoi%2Fpointer%3Fqr%3Dabc"


@pytest.mark.parametrize("argument", ["qr", "etiquette"])
def test_a_code_shows_the_visit_at_its_home(day: Day, argument: str) -> None:
    token = day.home.qr_token if argument == "qr" else day.home.tag
    page = day.browser.get(f"/moi/pointer?{argument}={token}").text
    assert f'data-visit="{day.visit}"' in page
    assert f'data-token="{token}"' in page


def test_a_code_of_another_organisation_is_not_recognised(day: Day, agency: Agency) -> None:
    other = agency.database.create_organisation("Une autre agence")
    with agency.database.connect(other) as conn:
        foreign = make_client(conn, make_area(conn), last_name="Ailleurs")
    page = day.browser.get(f"/moi/pointer?qr={foreign.qr_token}").text
    assert "Code non reconnu" in page
    assert "AILLEURS" not in page
    assert "data-press" not in page.partition("<dialog")[0]


def test_only_the_phone_may_run_web_assembly(day: Day, agency: Agency) -> None:
    assert "'wasm-unsafe-eval'" in day.browser.get("/moi").headers["Content-Security-Policy"]
    board = agency.browser(Role.COORDINATOR).get("/tableau")
    assert "wasm" not in board.headers["Content-Security-Policy"]


def test_the_script_for_want_of_network_may_hold_the_phone_and_what_a_tag_opens_and_nothing_else(
    day: Day,
) -> None:
    answer = day.browser.get("/moi/service-worker.js")
    answer.close()
    assert answer.headers["Service-Worker-Allowed"] == "/moi"
    for_tags = day.browser.get("/moi/service-worker.js?etiquettes")
    for_tags.close()
    assert for_tags.headers["Service-Worker-Allowed"] == "/t/"
    assert answer.mimetype == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]


def test_a_receipt_that_is_none_is_told_what_one_looks_like(day: Day) -> None:
    page = day.browser.get("/moi/pointages?registre=n%27importe&empreinte=quoi").text
    assert "Un reçu a un numéro comme" in page
    page = day.browser.get("/moi/pointages?registre=core-1/9&empreinte=aaaaaaaaaaaa").text
    assert "Aucun pointage à vous ne porte ce numéro" in page
