"""In a hand: a planning folded to what happens now, buttons that can be read; on a wall no cut row."""

from datetime import timedelta

from playwright.sync_api import Playwright, expect

from homecare.access.model import Role
from homecare.alerts.operations import arm
from tests.backoffice_web.browsing import signed_in
from tests.builders import make_client, make_visit
from tests.realtime.agency import Agency


def test_a_narrow_row_shows_its_next_visit_until_all_are_asked_for(
    playwright: Playwright, running_agency: Agency
) -> None:
    following = running_agency.plan_visit(minutes_from_now=30)
    last = running_agency.plan_visit(minutes_from_now=120)
    with signed_in(playwright, running_agency, Role.COORDINATOR, width=360, height=760) as page:
        page.goto("/planning")
        row = page.locator(f"#row-{running_agency.worker.id}")
        expect(row.locator(f"#visit-{following}")).to_be_visible()
        expect(row.locator(f"#visit-{last}")).to_be_hidden()
        row.get_by_role("button", name="2 interventions").click()
        expect(row.locator(f"#visit-{last}")).to_be_visible()

        row.locator(f"#visit-{following}").click()
        for word in ("Fermer", "Déplacer"):
            button = page.locator("#move .form-acts").get_by_text(word, exact=True)
            expect(button).to_be_in_viewport()
            assert button.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_the_wall_cuts_no_row_and_counts_those_that_have_no_room(
    playwright: Playwright, running_agency: Agency
) -> None:
    now = running_agency.now()
    with running_agency.connect() as conn:
        for minutes in (*range(-50, -20, 4), *range(5, 50, 5)):
            home = make_client(conn, running_agency.area)
            visit = make_visit(
                conn, home, running_agency.worker.id, starts_at=now + timedelta(minutes=minutes)
            )
            arm(conn, [visit], now=now)
    with signed_in(playwright, running_agency, Role.COORDINATOR, width=1280, height=720) as page:
        page.goto("/tableau/mur")
        shown = page.locator('.wall-table tr[data-status="due"]:visible')
        expect(shown.first).to_be_visible()
        foot = page.locator(".wall-foot").bounding_box()
        assert foot is not None
        for row in page.locator(":is(.wall-row, .wall-table tr, .wall-others):visible").all():
            box = row.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= foot["y"] + 1
        column = page.locator(".wall-list").filter(has=page.locator('[data-status="due"]'))
        beyond = int(column.locator(".wall-others span").inner_text())
        assert beyond + shown.count() == int(page.locator('[data-status="due"] .amount').inner_text())

        page.set_viewport_size({"width": 360, "height": 760})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
