"""A worker scans the code of a day centre's tablet: the whole way, on the running product."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Playwright, expect

from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.clients.tablets import invite_tablet
from homecare.kernel.ids import OrganisationId
from homecare.punches.site_codes import make_code, moment_of
from tests.backoffice_web.worker.front import phone, sign_in, worker_of
from tests.builders import ACTOR
from tests.product import CHROMIUM
from tests.realtime.agency import Agency

CENTRE = NewSite(SiteKind.DAY_CENTRE, "Les Tilleuls", "2 place du Marché", "99100", "La Chesnaye")


def stored(agency: Agency) -> list[tuple[str, str, str]]:
    with agency.connect() as conn:
        return conn.execute(
            """SELECT p.channel, p.proof, m.edge FROM punches p JOIN punch_matches m ON m.punch_id = p.id
               WHERE m.visit_id IS NOT NULL ORDER BY p.punched_at"""
        ).fetchall()


def refusals(agency: Agency) -> list[str]:
    with agency.connect() as conn:
        return [row[0] for row in conn.execute("SELECT status FROM punch_refusals ORDER BY id").fetchall()]


def test_the_tablets_code_marks_the_arrival_with_grade_b_and_its_copy_is_refused_later(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    now = running_agency.now()
    with running_agency.connect() as conn:
        site = agree_site(conn, ACTOR, running_agency.home.client, CENTRE, now=now)
        tablet, link = invite_tablet(conn, ACTOR, site, label="Entrée", now=now)
    front = running_agency.settings.front_url
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    try:
        stand = browser.new_page(base_url=front, viewport={"width": 1024, "height": 768})
        stand.goto(f"/tablette/activer/{link}")
        stand.get_by_role("button", name="Activer").click()
        expect(stand.get_by_role("img", name="Code à scanner")).to_be_visible()
        report = Axe().run(stand)
        assert report.violations_count == 0, report.generate_report()
        with phone(playwright, running_agency, storage) as worker:
            page = sign_in(worker, worker_of(running_agency))
            stand.reload()
            page.goto(stand.locator("#code").get_attribute("data-address") or "")
            expect(page.get_by_role("heading", name="BELLANGER Odile")).to_be_visible()
            page.locator(".press:visible").click()
            expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
            expect(page.locator(".answer-proof")).to_have_text("code de tablette, niveau\u00a0B")
            assert stored(running_agency) == [("qr", "B", "arrival")]
            photo = make_code(
                running_agency.settings.code_key,
                OrganisationId(running_agency.organisation),
                tablet,
                moment_of(datetime.now(UTC) - timedelta(minutes=5)),
            )
            page.goto(f"/moi/pointer?borne={photo}")
            page.locator(".press:visible").click()
            expect(page.get_by_role("heading", name="Départ refusé")).to_be_visible()
            expect(page.locator(".answer-note")).to_contain_text("Ce code a expiré")
        assert refusals(running_agency) == ["code_expired"]
        assert len(stored(running_agency)) == 1
    finally:
        browser.close()


def test_a_tablets_page_hides_a_code_that_is_over_when_the_network_is_away(
    playwright: Playwright, running_agency: Agency
) -> None:
    now = running_agency.now()
    with running_agency.connect() as conn:
        site = agree_site(conn, ACTOR, running_agency.home.client, CENTRE, now=now)
        _tablet, link = invite_tablet(conn, ACTOR, site, label="Entrée", now=now)
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    try:
        stand = browser.new_page(base_url=running_agency.settings.front_url)
        stand.goto(f"/tablette/activer/{link}")
        stand.get_by_role("button", name="Activer").click()
        code = stand.locator("#code")
        first = code.get_attribute("data-address")
        expect(code).not_to_have_attribute("data-address", first or "", timeout=45_000)
        stand.context.set_offline(True)
        expect(stand.locator("#away")).to_be_visible(timeout=45_000)
        expect(code).to_be_hidden()
        stand.context.set_offline(False)
        expect(code).to_be_visible(timeout=15_000)
    finally:
        browser.close()
