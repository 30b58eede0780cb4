"""The planning in a real browser: a visit given by keyboard, dragged by mouse, refused, put back."""

from datetime import UTC, datetime, time

from playwright.sync_api import Page, Playwright, expect

from homecare.access.model import Role
from homecare.clients.operations import add_trait
from homecare.kernel.calendar import paris_day, paris_instant
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.queries import find_visit
from homecare.workers.operations import ban_trait
from tests.backoffice_web.browsing import signed_in
from tests.builders import make_worker
from tests.realtime.agency import Agency
from tests.supervised import wait_until


def settle(agency: Agency) -> tuple[VisitId, WorkerId]:
    """Plan a visit about noon and hire a second worker."""
    visit = agency.plan_visit(minutes_from_now=30)
    with agency.connect() as conn:
        conn.execute(
            """UPDATE visits SET starts_at = %(noon)s, ends_at = %(noon)s + interval '1 hour',
                                 earliest_at = %(noon)s, latest_at = %(noon)s
               WHERE id = %(visit)s""",
            {"noon": paris_instant(paris_day(datetime.now(UTC)), time(12)), "visit": visit},
        )
        other = make_worker(conn, agency.organisation, agency.area, last_name="Zola", first_name="Farida").id
    return visit, other


def worker_of(agency: Agency, visit: VisitId) -> WorkerId | None:
    with agency.connect() as conn:
        return find_visit(conn, visit).worker_id


def drag(page: Page, visit: VisitId, worker: WorkerId) -> None:
    """Take the visit by the mouse and let it go over the worker's row, without aiming at an hour."""
    block, row = page.locator(f"#visit-{visit}"), page.locator(f"#row-{worker}")
    block.hover()
    start, target = block.bounding_box(), row.bounding_box()
    assert start is not None
    assert target is not None
    page.mouse.down()
    page.mouse.move(start["x"] + 40, target["y"] + target["height"] / 2, steps=8)
    expect(page.locator(f"#row-{worker} .verdict")).not_to_be_empty()
    page.mouse.up()


def test_a_visit_is_given_by_keyboard_alone_then_put_back(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit, other = settle(running_agency)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        page.locator(f"#visit-{visit}").focus()
        page.keyboard.press("m")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Qui peut")
        dialog.locator(f'input[name="worker"][value="{other}"]').focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.locator(f"#row-{other} #visit-{visit}")).to_be_visible()
        assert worker_of(running_agency, visit) == other
        page.keyboard.press("Control+z")
        expect(page.locator(f"#row-{running_agency.worker.id} #visit-{visit}")).to_be_visible()
        assert worker_of(running_agency, visit) == running_agency.worker.id


def test_a_drag_to_another_worker_keeps_the_hour(playwright: Playwright, running_agency: Agency) -> None:
    visit, other = settle(running_agency)
    with running_agency.connect() as conn:
        before = find_visit(conn, visit).starts_at
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        drag(page, visit, other)
        expect(page.locator(f"#row-{other} #visit-{visit}")).to_be_visible()
        wait_until(lambda: worker_of(running_agency, visit) == other)
    with running_agency.connect() as conn:
        assert find_visit(conn, visit).starts_at == before


def test_a_blocked_drag_says_why_and_moves_nothing(playwright: Playwright, running_agency: Agency) -> None:
    visit, other = settle(running_agency)
    with running_agency.connect() as conn:
        add_trait(conn, running_agency.home.client, "chien")
        ban_trait(conn, other, "chien", reason="mordue en 2019")
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        drag(page, visit, other)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("ne peut pas prendre cette intervention")
        expect(dialog).to_contain_text("mordue en 2019")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    assert worker_of(running_agency, visit) == running_agency.worker.id


def test_escape_lets_a_visit_go_where_it_was(playwright: Playwright, running_agency: Agency) -> None:
    visit, other = settle(running_agency)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        page.locator(f"#visit-{visit}").hover()
        target = page.locator(f"#row-{other}").bounding_box()
        assert target is not None
        page.mouse.down()
        page.mouse.move(target["x"] + 300, target["y"] + 10, steps=5)
        expect(page.locator(".drag-ghost")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".drag-ghost")).to_have_count(0)
        page.mouse.up()
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert worker_of(running_agency, visit) == running_agency.worker.id


def test_what_another_planner_does_shows_by_itself(playwright: Playwright, running_agency: Agency) -> None:
    visit, other = settle(running_agency)
    with (
        signed_in(playwright, running_agency, Role.COORDINATOR) as here,
        signed_in(playwright, running_agency, Role.COORDINATOR) as there,
    ):
        here.goto("/planning")
        there.goto("/planning")
        drag(there, visit, other)
        expect(here.locator(f"#row-{other} #visit-{visit}")).to_be_visible()
