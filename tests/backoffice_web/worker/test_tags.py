"""A home's tag on a worker's phone: its address opened from the lock screen, and read by the page itself."""

import json
import re
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.backoffice_web.worker.front import (
    leave_answer,
    phone,
    press,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.backoffice_web.worker.keys import SEALED, flags
from tests.backoffice_web.worker.taps import WEB_NFC, grades, read_address, refusals, stick_card
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

# And of one whose owner refused that the page reads tags.
REFUSED_NFC = """() => {
    window.NDEFReader = class extends EventTarget {
        async scan() { throw new DOMException("refused", "NotAllowedError"); }
    };
}"""


def hold_tag(page: Page, address: str) -> None:
    """Ask the page to read a tag, and hold one to the phone."""
    page.evaluate(f"({WEB_NFC})({json.dumps(address)})")
    page.locator(".visit-card:visible .way[data-way=nfc]:visible").click()


def fill_sign_in(page: Page, agency: Agency) -> None:
    person = worker_of(agency)
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(person.password)
    page.get_by_role("button", name="Se connecter").click()


def preview(address: str) -> None:
    """Open the address as a messenger does that wants to show what is behind it."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own front
        answer.read()


@feature("N2")
def test_a_tags_address_opened_from_the_lock_screen_punches_with_no_application(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    with phone(playwright, running_agency, storage) as worker:
        page = worker.new_page()
        address = read_address(card)
        preview(address)
        page.goto(address)
        fill_sign_in(page, running_agency)
        expect(page.get_by_text("Étiquette lue")).to_be_visible()
        assert stored_punches(running_agency, visit) == []
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        expect(page.locator(".answer-proof")).to_have_text("étiquette qui se prouve, niveau A")
        leave_answer(page)
        expect(page).to_have_url(re.compile("/moi$"))

        page.goto(read_address(card))
        press(page, "Départ")
        expect(page.get_by_role("heading", name="Départ enregistré")).to_be_visible()
    assert [punch[:2] for punch in stored_punches(running_agency, visit)] == [
        ("nfc", "arrival"),
        ("nfc", "departure"),
    ]
    assert grades(running_agency) == ["A", "A"]
    assert refusals(running_agency) == []


def test_the_page_that_reads_the_tag_itself_is_checked_in_the_same_way(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    address = read_address(card)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        for heading in ("Arrivée enregistrée", "Départ refusé"):
            hold_tag(page, address)
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            leave_answer(page)
    assert [punch[:2] for punch in stored_punches(running_agency, visit)] == [("nfc", "arrival")]
    assert (grades(running_agency), refusals(running_agency)) == (["A"], ["tag_replayed"])


@feature("G4")
def test_a_tap_on_an_android_is_kept_and_signed_without_network_and_stored_once(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        worker.set_offline(True)
        hold_tag(page, read_address(card))
        expect(page.get_by_role("heading", name="Arrivée gardée ici")).to_be_visible()
        assert page.evaluate(SEALED) == [True]
        worker.set_offline(False)
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 1)
        wait_until(lambda: page.evaluate(SEALED) == [])
    assert running_agency.punches() == [("nfc", "arrival", None)]
    assert (flags(running_agency), grades(running_agency)) == ([[]], ["A"])


@feature("G4")
def test_the_workers_word_is_always_there_beside_the_tag_and_counts_less(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        hold_tag(page, read_address(card))
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        expect(page.locator(".answer-proof")).to_have_text("étiquette qui se prouve, niveau A")
        leave_answer(page)
        page.evaluate(f"({REFUSED_NFC})()")
        page.locator(".visit-card:visible .way[data-way=nfc]:visible").click()
        expect(page.locator("#tag .reader-note")).to_contain_text("refusé à cette page")
        page.locator("#tag").get_by_role("button", name="Sans badge").click()
        expect(page.get_by_role("heading", name="Départ enregistré")).to_be_visible()
        expect(page.locator(".answer-proof")).to_have_text("déclaré, niveau D")
    assert [punch[:2] for punch in stored_punches(running_agency, visit)] == [
        ("nfc", "arrival"),
        ("app", "departure"),
    ]
    assert grades(running_agency) == ["A", "D"]


def test_a_copied_address_is_refused_in_words_and_the_tag_goes_on_working(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    copied = read_address(card)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        for address in (copied.partition("?")[0], copied[:-1] + "Z"):
            page.goto(address)
            press(page, "Arrivée")
            expect(page.locator(".answer-note")).to_contain_text("ne s’est pas prouvée")
            leave_answer(page)
            expect(page).to_have_url(re.compile("/moi$"))
        page.goto(copied)
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
    assert len(stored_punches(running_agency, visit)) == 1
    assert refusals(running_agency) == ["tag_unproved", "tag_unproved"]
