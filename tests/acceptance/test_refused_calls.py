"""P12: how a call ends without a punch, seen on an open board; and the lines from which no call is taken."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from homecare.access.model import Role
from simulators.handset.call import CallReport
from telephony.speech import Phrase
from tests.acceptance.phone import Phone
from tests.backoffice_web.browsing import open_live, signed_in
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

MOBILE, SHOWN = "+33699887766", "06\u00a099\u00a088\u00a077\u00a066"


@pytest.fixture
def phone(running_agency: Agency, tmp_path: Path) -> Phone:
    return Phone(running_agency, tmp_path / "heard.wav")


def punch_once(phone: Phone) -> None:
    """Leave the organisation's first day behind: until a first punch its board shows the steps to take."""
    phone.agency.plan_visit()
    phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code))
    assert len(phone.agency.punches()) == 1


def three_times(phone: Phone, caller: str | None, keys: str) -> CallReport:
    return phone.call(caller, (0.8, keys), (2.0, keys), (2.0, keys))


def refuse_by_keyboard(page: Page, number: str, reason: str) -> None:
    """Refuse a line from the page of punches, without a mouse."""
    page.goto("/pointages")
    page.get_by_role("link", name="Lignes refusées").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Numéro à refuser").focus()
    page.keyboard.type(number)
    page.keyboard.press("Tab")
    page.keyboard.type(reason)
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name=SHOWN, exact=True)).to_be_visible()


@feature("P12")
def test_the_four_ways_in_which_a_call_ends_without_a_punch_are_seen_on_an_open_board(
    playwright: Playwright, phone: Phone
) -> None:
    agency = phone.agency
    wrong = "000000" if agency.worker.code != "000000" else "111111"
    punch_once(phone)
    with (
        signed_in(playwright, agency, Role.COORDINATOR) as board,
        signed_in(playwright, agency, Role.ADMINISTRATOR) as office,
    ):
        refuse_by_keyboard(office, "06 99 88 77 66", "Appels malveillants")
        open_live(board, "/tableau")
        attempts = board.locator(".attempt-row")
        expect(attempts).to_have_count(0)

        report = three_times(phone, agency.home.line, wrong)
        assert report["ended_by"] == "them"
        assert phone.heard(Phrase.THREE_ERRORS)
        expect(attempts).to_have_count(1)
        expect(attempts.first).to_contain_text("Code d’intervenant erroné")
        expect(attempts.first).to_contain_text("BELLANGER Odile")

        report = three_times(phone, None, "111111")
        assert report["ended_by"] == "them"
        expect(attempts).to_have_count(2)
        expect(attempts.first).to_contain_text("Code de domicile erroné")
        expect(attempts.first).to_contain_text("numéro masqué")

        phone.call(agency.home.line, hang_up_after=1.0)
        expect(attempts).to_have_count(3)
        expect(attempts.first).to_contain_text("Appel terminé avant le code")

        report = phone.call(MOBILE)
        assert report["ended_by"] == "them"
        assert phone.heard(Phrase.REFUSED_LINE)
        assert not phone.heard(Phrase.HOME_CODE)
        expect(attempts).to_have_count(4)
        expect(attempts.first).to_contain_text("Téléphone non autorisé")
        expect(attempts.first).to_contain_text(SHOWN)

        board.get_by_role("link", name="Toutes les tentatives du jour").click()
        expect(board.locator(".punch-row .status-word")).to_have_text(
            [
                "Téléphone non autorisé",
                "Appel terminé avant le code",
                "Code de domicile erroné",
                "Code d’intervenant erroné",
            ]
        )
    statuses = phone.rows("SELECT status FROM punch_refusals ORDER BY id")
    assert statuses == [("bad_pin",), ("bad_home_code",), ("hang_up",), ("unauthorised_phone",)]
    assert len(agency.punches()) == 1


def test_a_line_that_is_let_in_again_punches_by_the_home_code(playwright: Playwright, phone: Phone) -> None:
    visit = phone.agency.plan_visit()
    with signed_in(playwright, phone.agency, Role.ADMINISTRATOR, width=360, height=760) as office:
        refuse_by_keyboard(office, "06 99 88 77 66", "Essai")
        assert office.evaluate("document.documentElement.scrollWidth") == 360
        phone.call(MOBILE)
        assert phone.heard(Phrase.REFUSED_LINE)
        office.get_by_role("button", name=f"Lever le refus du {SHOWN}").focus()
        office.keyboard.press("Enter")
        expect(office.get_by_text("Aucun : les appels de tous les numéros sont pris.")).to_be_visible()
    phone.call(MOBILE, (0.8, phone.agency.home.home_code), (1.5, phone.agency.worker.code))
    wait_until(lambda: phone.rows("SELECT visit_id FROM punch_matches") == [(visit,)])


def test_the_line_of_a_home_rings_through_whatever_other_lines_are_refused(
    playwright: Playwright, phone: Phone
) -> None:
    with signed_in(playwright, phone.agency, Role.ADMINISTRATOR) as office:
        refuse_by_keyboard(office, "06 99 88 77 66", "Essai")
        office.get_by_label("Numéro à refuser").fill(phone.agency.home.line)
        office.get_by_label("Motif").fill("Essai")
        office.get_by_role("button", name="Refuser", exact=True).click()
        expect(office.locator(".error-summary")).to_contain_text("Ce numéro est la ligne d’un domicile")
    punch_once(phone)
