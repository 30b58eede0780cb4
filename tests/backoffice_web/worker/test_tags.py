"""A home's tag on a worker's phone: its address opened from the lock screen, and read by the page itself."""

import json
import re
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from homecare.kernel.sealing import Sealer
from simulators.nfc_card.ntag424 import Ntag424, make_sun_card
from tests.backoffice_web.worker.front import (
    leave_answer,
    phone,
    press,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.features import feature
from tests.realtime.agency import Agency
from tests.tags import make_sun_tag

# What a browser with Web NFC tells a page of the tag that is held to the phone.
WEB_NFC = """address => {
    window.NDEFReader = class extends EventTarget {
        async scan() {
            const data = new DataView(new TextEncoder().encode(address).buffer);
            const reading = new Event("reading");
            reading.message = { records: [{ recordType: "url", data }] };
            window.setTimeout(() => this.dispatchEvent(reading), 50);
        }
    };
}"""


def stick_card(agency: Agency) -> Ntag424:
    """Stick a tag at the home, enrolled."""
    sealer, now = Sealer(agency.settings.tag_key), agency.now()
    with agency.connect() as conn:
        tag = make_sun_tag(conn, agency.home.home, now=now, number=0xBB0000 + agency.home.home, sealer=sealer)
    address = f"{agency.settings.front_url}/t/{tag.token}"
    return make_sun_card(tag.uid, address, meta_key=tag.keys.meta, file_key=tag.keys.file, counter=9)


def read_address(card: Ntag424) -> str:
    """Read the card as a telephone does; return the address that it opens."""
    card.apdu(bytes.fromhex("00A4040007D276000085010100"))
    card.apdu(bytes.fromhex("00A4000C02E104"))
    length = card.apdu(bytes.fromhex("00B0000002"))[1]
    message = card.apdu(bytes([0, 0xB0, 0, 2, length]))[:-2]
    return {3: "http://", 4: "https://"}[message[4]] + message[5:].decode()


def grades(agency: Agency) -> list[str]:
    with agency.connect() as conn:
        return [grade for (grade,) in conn.execute("SELECT proof FROM punches ORDER BY punched_at")]


def refusals(agency: Agency) -> list[str]:
    with agency.connect() as conn:
        return [status for (status,) in conn.execute("SELECT status FROM punch_refusals ORDER BY id")]


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
            page.evaluate(f"({WEB_NFC})({json.dumps(address)})")
            page.locator(".visit-card:visible [data-way=nfc]:visible").first.click()
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            leave_answer(page)
    assert [punch[:2] for punch in stored_punches(running_agency, visit)] == [("nfc", "arrival")]
    assert (grades(running_agency), refusals(running_agency)) == (["A"], ["tag_replayed"])


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
