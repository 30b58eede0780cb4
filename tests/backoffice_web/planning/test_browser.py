"""The planning in a real browser: a visit given by keyboard, dragged by mouse, refused, put back."""

import re
from datetime import time, timedelta

from playwright.sync_api import Page, Playwright, expect

from homecare.access.model import Role
from homecare.clients.operations import add_trait
from homecare.kernel.calendar import PARIS, paris_instant
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.operations import notify_visit
from homecare.visits.queries import find_visit
from homecare.workers.operations import ban_trait
from tests.backoffice_web.browsing import open_live, signed_in
from tests.builders import make_client, make_visit, make_worker
from tests.features import feature
from tests.product import DAY
from tests.realtime.agency import Agency
from tests.supervised import wait_until

NOON = paris_instant(DAY, time(12))


def settle(agency: Agency) -> tuple[VisitId, WorkerId]:
    """Plan a visit about noon and hire a second worker."""
    visit = agency.plan_visit(minutes_from_now=30)
    with agency.connect() as conn:
        conn.execute(
            """UPDATE visits SET starts_at = %(noon)s, ends_at = %(noon)s + interval '1 hour',
                                 earliest_at = %(noon)s, latest_at = %(noon)s
               WHERE id = %(visit)s""",
            {"noon": NOON, "visit": visit},
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


@feature("C1")
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


def test_a_visit_is_cancelled_by_keyboard_alone_then_comes_back(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit, _other = settle(running_agency)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        page.locator(f"#visit-{visit}").focus()
        page.keyboard.press("m")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("link", name="Annuler l’intervention…").focus()
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("radio", name="Hospitalisation")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.locator(f"#visit-{visit}")).to_have_count(0)
        page.get_by_role("link", name="1 intervention annulée").click()
        expect(page.get_by_role("dialog")).to_contain_text("Hospitalisation")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Rétablir").click()
        expect(page.locator(f"#row-{running_agency.worker.id} #visit-{visit}")).to_be_visible()
        expect(page.locator("#cancelled")).to_be_empty()


@feature("C1")
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


def test_what_publishing_would_do_is_of_the_moment_it_is_asked_and_names_are_found_on_a_telephone(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit, other = settle(running_agency)
    with running_agency.connect() as conn:
        conn.execute("UPDATE visits SET published_at = NULL")
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        assert page.evaluate("document.documentElement.scrollHeight") <= 900
        undo, publish = page.locator("#undo"), page.get_by_role("link", name="Publier…")
        drag(page, visit, other)
        expect(undo).to_have_attribute("title", re.compile("Annuler le dernier déplacement"))
        with running_agency.connect() as conn:
            conn.execute("UPDATE visits SET worker_id = NULL, published_at = NULL")  # by somebody else
        publish.click()
        expect(page.get_by_role("dialog")).to_contain_text("aucune intervention n’est pourvue")
        page.keyboard.press("Escape")
        with running_agency.connect() as conn:
            conn.execute("UPDATE visits SET worker_id = %s", (other,))
        page.reload()
        page.locator("body").press("Control+z")
        expect(page.locator(f"#row-{running_agency.worker.id} #visit-{visit}")).to_be_visible()
        expect(undo).to_have_attribute("title", "Aucun déplacement à annuler")
        publish.click()
        expect(page.get_by_role("dialog")).to_contain_text("devient visible de son intervenant")
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 360, "height": 740})
        page.get_by_placeholder("Chercher un nom").fill("zola")
        expect(page.locator(f"#row-{other}")).to_be_visible()
        expect(page.locator(f"#row-{running_agency.worker.id}")).to_be_hidden()
        page.get_by_placeholder("Chercher un nom").fill("personne ainsi")
        expect(page.get_by_text("Personne de ce nom")).to_be_visible()


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
        open_live(here, "/planning")
        there.goto("/planning")
        drag(there, visit, other)
        expect(here.locator(f"#row-{other} #visit-{visit}")).to_be_visible()


@feature("C1")
def test_what_is_against_a_move_is_shown_before_the_drop(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit, other = settle(running_agency)
    with running_agency.connect() as conn:
        at_noon = find_visit(conn, visit).starts_at
        make_visit(conn, make_client(conn, running_agency.area, last_name="Delmas"), other, starts_at=at_noon)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        page.locator(f"#visit-{visit}").hover()
        target = page.locator(f"#row-{other}").bounding_box()
        assert target is not None
        page.mouse.down()
        page.mouse.move(target["x"] + 300, target["y"] + 10, steps=5)
        expect(page.locator(f"#row-{other} .verdict")).to_contain_text("bloqué")
        expect(page.locator("#trial")).to_contain_text("Déjà chez DELMAS Odile à cette heure")
        expect(page.locator(".drag-ghost")).to_contain_text("12:00 – 13:00")
        assert worker_of(running_agency, visit) == running_agency.worker.id
        page.keyboard.press("Escape")
        page.mouse.up()
    assert worker_of(running_agency, visit) == running_agency.worker.id


@feature("C1")
def test_another_hour_is_given_by_mouse_in_the_row_or_by_keyboard(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit, _other = settle(running_agency)

    def hour() -> str:
        with running_agency.connect() as conn:
            return f"{find_visit(conn, visit).starts_at.astimezone(PARIS):%H:%M}"

    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        block = page.locator(f"#visit-{visit}")
        box = block.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + box["width"] + 1, y, steps=8)  # an hour further
        page.mouse.up()
        page.get_by_role("button", name="Déplacer quand même").click()
        wait_until(lambda: hour() == "13:00")
        block.focus()
        page.keyboard.press("m")
        page.get_by_label("Heure de début").fill("15:00")
        page.get_by_label("Heure de début").press("Enter")
        page.get_by_role("button", name="Déplacer quand même").press("Enter")
        wait_until(lambda: hour() == "15:00")


@feature("C1")
def test_what_nobody_has_is_on_top_and_unfolds_by_button_and_by_keyboard(
    playwright: Playwright, running_agency: Agency
) -> None:
    settle(running_agency)
    with running_agency.connect() as conn:
        hidden = [make_visit(conn, running_agency.home, None, starts_at=NOON) for _ in range(7)][-1]
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        lane, last = page.locator("#row-0"), page.locator(f"#visit-{hidden}")
        assert lane.evaluate("(lane) => lane.nextElementSibling.id.startsWith('row-')")
        more = page.get_by_role("button", name="voir les 2 autres")
        more.press("Enter")
        expect(page.get_by_role("button", name="en voir moins")).to_be_visible()
        expect(last).to_be_in_viewport(ratio=1)
        page.get_by_role("button", name="en voir moins").click()
        expect(page.locator("#planning")).to_have_attribute("data-lane", "folded")
        page.locator("#row-0 .plan-block").first.focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        expect(last).to_be_focused()
        expect(last).to_be_in_viewport(ratio=1)
        page.keyboard.press("ArrowDown")
        expect(page.locator(".plan-block:focus")).not_to_have_attribute("data-state", "open")


def test_now_beyond_the_hours_shown_is_told_at_the_edge_without_a_line(
    playwright: Playwright, running_agency: Agency
) -> None:
    settle(running_agency)
    now = running_agency.now()
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning")
        grid, tag, names = (
            page.locator(".plan-grid"),
            page.locator(".plan-now-tag"),
            page.locator(".plan-name"),
        )
        for hours, edge in ((1, "before"), (-30, "after")):
            grid.evaluate(
                "(grid, starts) => { grid.dataset.starts = starts; }",
                (now + timedelta(hours=hours)).isoformat(),
            )
            expect(grid).to_have_attribute("data-beyond", edge)
            expect(page.locator(".plan-now")).to_be_hidden()
            box, column, whole = tag.bounding_box(), names.first.bounding_box(), grid.bounding_box()
            assert box is not None
            assert column is not None
            assert whole is not None
            assert box["x"] >= column["x"] + column["width"]
            assert box["x"] + box["width"] <= whole["x"] + whole["width"] + 1


def test_the_days_of_a_month_are_reached_by_arrows(playwright: Playwright, running_agency: Agency) -> None:
    settle(running_agency)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning?vue=mois&jour=2026-11-24")
        page.locator('[data-day="2026-11-11"]').focus()
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
        expect(page.locator('[data-day="2026-11-04"]')).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/planning?jour=2026-11-04")
        open_live(page, "/planning?vue=mois")
        cell = page.locator(f'[data-day="{DAY.isoformat()}"]')
        expect(cell).to_contain_text("1 intervention")
        with running_agency.connect() as conn:
            later = make_visit(conn, running_agency.home, None, starts_at=running_agency.now())
            notify_visit(conn, later)
        expect(cell).to_contain_text("1 à pourvoir")


def test_a_visit_is_given_from_its_client_s_line(playwright: Playwright, running_agency: Agency) -> None:
    visit, other = settle(running_agency)
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto("/planning?par=beneficiaires")
        page.locator(f"#visit-{visit}").focus()
        page.keyboard.press("m")
        page.get_by_role("radio", name="ZOLA Farida").check()
        page.get_by_role("button", name="Déplacer", exact=True).click()
        expect(page.locator(f"#visit-{visit}")).to_contain_text("ZOLA Farida")
    assert worker_of(running_agency, visit) == other
