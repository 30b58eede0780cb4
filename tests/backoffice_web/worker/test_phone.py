"""A worker's day on a real browser, against the running product: presses, cuts, restarts, printed codes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Playwright, Request, expect

from backoffice_web.clients.label import label_address
from backoffice_web.layout.formats import clock_time
from homecare.punches.signing import SIGNED_FIELDS
from tests.backoffice_web.worker.camera import film_code
from tests.backoffice_web.worker.front import (
    colleague_of,
    leave_answer,
    phone,
    press,
    second_home,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.features import feature
from tests.product import open_page
from tests.realtime.agency import Agency
from tests.supervised import wait_until


def test_a_press_is_stored_told_in_full_and_moves_the_board(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit(minutes_from_now=3)
    with (
        phone(playwright, running_agency, storage) as worker,
        open_page(playwright, running_agency, running_agency.coordinator_session) as board,
    ):
        page = sign_in(worker, worker_of(running_agency))
        _punch_once_elsewhere(running_agency)
        board.goto("/tableau")
        expect(board.locator(f"#row-{visit}")).to_have_attribute("data-status", "due")
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        ((channel, edge, at),) = stored_punches(running_agency, visit)
        assert (channel, edge) == ("app", "arrival")
        expect(page.locator(".answer-time")).to_have_text(clock_time(at))
        expect(board.locator(f"#row-{visit}")).to_have_attribute("data-status", "run")
        leave_answer(page)
        expect(page.locator(".press:visible")).to_have_text("Départ")
        expect(page.locator("#punches")).to_contain_text("Arrivée · BELLANGER Odile")


def test_a_punch_made_without_network_survives_a_restart_and_is_stored_once_with_its_own_time(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    person = worker_of(running_agency)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, person)
        press(page, "Arrivée")
        leave_answer(page)
        worker.set_offline(True)
        press(page, "Départ")
        expect(page.get_by_role("heading", name="Départ gardé ici")).to_be_visible()
        gesture = running_agency.now()
        leave_answer(page)
        # Its own attempt is over: none is under way when the phone, switched off, gets its network back.
        with page.expect_event("requestfailed", lambda one: one.url.endswith("/punch")):
            page.reload()
        expect(page.locator("#network")).to_contain_text("1 pointage gardé ici")
        expect(page.locator("#waiting")).to_contain_text("BELLANGER Odile")
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, person)
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 2)
        expect(page.locator("#waiting")).to_be_hidden()
        page.reload()
        expect(page.locator("#freshness")).to_have_text("À jour")
    (_, (_, edge, at)) = stored_punches(running_agency, visit)
    assert edge == "departure"
    assert at <= gesture
    assert len(running_agency.punches()) == 2


def test_a_press_while_the_database_is_away_is_said_to_be_kept_by_the_agency_and_stored_once(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        leave_answer(page)
        running_agency.core.command("stop postgresql")
        try:
            press(page, "Départ")
            expect(page.get_by_role("heading", name="Départ gardé à l’agence")).to_be_visible()
            leave_answer(page)
            expect(page.locator("#waiting")).to_be_hidden()
        finally:
            running_agency.core.command("start postgresql")
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 2)
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival", "departure"]


@feature("K1")
def test_the_page_installs_and_shows_the_day_while_the_front_is_down(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    elsewhere = second_home(running_agency, "Vanderstraeten")
    later = elsewhere.plan_visit(minutes_from_now=2)
    with elsewhere.connect() as conn:
        conn.execute("UPDATE homes SET access_notes = 'Code 4512B' WHERE id = %s", (elsewhere.home.home,))
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        errors = worker.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert errors == []
        running_agency.core.command("stop nginx")
        try:
            page.reload()
            expect(page.locator(".visit-card:visible h2")).to_have_text("BELLANGER Odile")
            page.get_by_role("button", name="VANDERSTRAETEN Odile").click()
            expect(page.locator(f"#visit-{later}")).to_contain_text("Code 4512B")
            for width in (360, 320):
                page.set_viewport_size({"width": width, "height": 760})
                assert _width_needed(page) == width
            press(page, "Arrivée")
            expect(page.get_by_role("heading", name="Arrivée gardée ici")).to_be_visible()
        finally:
            running_agency.core.command("start nginx")
        wait_until(lambda: len(stored_punches(running_agency, later)) == 1, seconds=60)


@feature("G5")
def test_a_printed_code_is_read_by_the_camera_and_stored_as_such(
    playwright: Playwright, running_agency: Agency, storage: Path, tmp_path: Path
) -> None:
    visit = running_agency.plan_visit()
    address = label_address(running_agency.settings.front_url, running_agency.home.qr_token)
    film = film_code(address, tmp_path / "label.y4m")
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    with phone(playwright, running_agency, storage, *camera) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.get_by_role("button", name="Scanner le code").click()
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        expect(page.locator(".answer-proof")).to_have_text("code du domicile, niveau\u00a0C")
    assert [(c, e) for c, e, _ in stored_punches(running_agency, visit)] == [("qr", "arrival")]


@feature("N13")
def test_nothing_that_the_camera_sees_leaves_the_telephone_but_the_code(
    playwright: Playwright, running_agency: Agency, storage: Path, tmp_path: Path
) -> None:
    running_agency.plan_visit()
    address = label_address(running_agency.settings.front_url, running_agency.home.qr_token)
    film = film_code(address, tmp_path / "label.y4m")
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    with phone(playwright, running_agency, storage, *camera) as worker:
        page = sign_in(worker, worker_of(running_agency))
        sent: list[Request] = []
        page.on("request", lambda one: sent.append(one))  # noqa: PLW0108 - no method of C is taken
        page.get_by_role("button", name="Scanner le code").click()
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        assert page.request.get("/moi").headers["permissions-policy"].endswith("microphone=()")
    posted = {
        one.url.removeprefix(running_agency.settings.front_url): one for one in sent if one.method != "GET"
    }
    assert set(posted) <= {"/punch", "/moi/telephone"}  # the second enrols the telephone's key
    wrapped = posted["/punch"].post_data_json or {}
    assert set(wrapped) == {"v", "signed", "signature", "sent"}
    signed = json.loads(wrapped["signed"])
    assert set(signed) <= {"v", "at", "qr", "edge", "place", "beside"} | SIGNED_FIELDS
    assert signed["qr"] == running_agency.home.qr_token
    assert max(len(one.url) for one in sent) < 200  # nor is a picture hidden in an address


def test_opening_a_label_consumes_nothing_and_its_button_punches(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.goto(f"/t/{running_agency.home.tag}")
        expect(page.get_by_role("heading", name="BELLANGER Odile")).to_be_visible()
        assert running_agency.punches() == []
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
    assert [(c, e) for c, e, _ in stored_punches(running_agency, visit)] == [("nfc", "arrival")]


def test_a_refused_code_says_why_and_leaves_a_trace(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        worker.set_offline(True)
        page.get_by_role("link", name="Tous mes pointages et reçus").click()  # stays: it leads nowhere now
        expect(page.locator("#network.reminds")).to_contain_text("Hors réseau")
        page.goto("/moi/pointer?qr=ce-code-n-existe-pas")
        page.locator("#code-read").get_by_role("button", name="Arrivée").click()
        leave_answer(page)
        worker.set_offline(False)
        expect(page.locator("#refused")).to_contain_text("n’est pas celui d’un domicile de votre agence")
        page.reload()
        expect(page.locator("#refused")).to_be_visible()
    assert running_agency.punches() == []


def test_what_one_person_left_in_a_phone_is_never_sent_in_another_name(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        worker.clear_cookies()
        press(page, "Arrivée")
        leave_answer(page)
        expect(page.locator("#network")).to_contain_text("Session fermée")
        page = sign_in(worker, colleague_of(running_agency))
        expect(page.locator("#network")).to_contain_text("1 pointage d’une autre personne")
        assert running_agency.punches() == []
        worker.clear_cookies()
        sign_in(worker, worker_of(running_agency))
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 1)


def test_a_phone_whose_clock_is_wrong_is_told_so(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        worker.clock.install(time=datetime.now(UTC) + timedelta(minutes=7))
        page = sign_in(worker, worker_of(running_agency))
        expect(page.locator("#clock-notice")).to_contain_text("avance de 7\u00a0min")


def test_nothing_on_the_phone_is_out_of_reach(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        _no_fault(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main a")].filter((e) => e.offsetParent)
                     .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
                     .filter(([, box]) => box.height < 48 || box.width < 48).map(([text]) => text)"""
        )
        assert small == []
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        _no_fault(page)
        page.keyboard.press("Tab")
        expect(page.locator(".answer-return")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("#answer")).to_be_hidden()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert _width_needed(page) == 360
        cut = "[...document.querySelectorAll('.press')].filter((b) => b.scrollWidth > b.clientWidth).length"
        assert page.evaluate(cut) == 0


def _width_needed(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def _no_fault(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def _punch_once_elsewhere(agency: Agency) -> None:
    """Leave the organisation's first day behind: until a first punch its board shows the steps to take."""
    with agency.connect() as conn:
        conn.execute(
            """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
               VALUES ('nfc', 'before', 0, now() - interval '1 day', '')"""
        )
