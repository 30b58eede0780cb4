"""The map of the day in a real browser: marks by word and shape, the list reaching them, the credit shown."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Playwright, expect

from homecare.kernel import db
from tests.product import open_page
from tests.realtime.agency import Agency
from tests.supervised import wait_until


def test_a_visit_chosen_in_the_list_is_shown_on_the_map_which_follows_what_happens(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit = running_agency.plan_visit(minutes_from_now=20)
    with running_agency.connect() as conn:
        conn.execute("UPDATE homes SET lon = 2.54, lat = 46.61")
        conn.execute(
            """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
               VALUES ('nfc', 'before', 0, now() - interval '1 day', '')"""
        )
    with open_page(playwright, running_agency, running_agency.coordinator_session) as page:
        page.goto("/tableau")
        page.get_by_role("button", name="Carte", exact=True).click()
        mark = page.locator(f'.map-mark[data-visit="{visit}"]')
        expect(mark).to_have_attribute("data-status", "due")
        expect(page.locator("#map .leaflet-control-attribution")).not_to_be_empty()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".map-words")).to_contain_text("BELLANGER Odile")
        expect(page.locator(".map-words")).to_contain_text("Attendu")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        now = running_agency.now()
        with running_agency.connect() as conn:
            conn.execute("UPDATE visits SET arrived_at = %s WHERE id = %s", (now, visit))
            db.notify_board(conn, running_agency.organisation, running_agency.area, "visit", visit)
        expect(mark).to_have_attribute("data-status", "run")
        page.reload()
        expect(mark).to_be_visible()
        wait_until(lambda: page.locator("#map canvas").count() > 0)
