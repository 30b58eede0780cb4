"""Lists that follow what happens, in a real browser: calls to give back and alerts, each with its count."""

from playwright.sync_api import Playwright, expect

from homecare.access.model import Role
from homecare.kernel.audit import ByUser
from homecare.punches.operations import LeftByCall, close_call_task, leave_call_task
from homecare.punches.queries import list_call_tasks
from tests.backoffice_web.browsing import open_live, signed_in
from tests.builders import make_user
from tests.realtime.agency import Agency


def leave_task(agency: Agency, kind: str) -> None:
    left = LeftByCall(kind, f"call-{kind}", agency.now(), home=agency.home.home, worker=agency.worker.id)
    with agency.connect() as conn:
        leave_call_task(conn, agency.organisation, left)


def test_calls_to_give_come_and_go_by_themselves_with_their_count(
    playwright: Playwright, running_agency: Agency
) -> None:
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        open_live(page, "/pointages?vue=appels")
        count = page.locator(".view-tabs [aria-current] .count")
        expect(count).to_have_text("0")
        leave_task(running_agency, "call_back")
        expect(page.locator(".task-row")).to_contain_text("Demande à être rappelé")
        expect(count).to_have_text("1")
        leave_task(running_agency, "concern")
        expect(page.get_by_text("Signale une préoccupation")).to_be_visible()
        expect(count).to_have_text("2")
        with running_agency.connect() as conn:
            for task in list_call_tasks(conn):
                if task.kind == "call_back":
                    close_call_task(conn, ByUser(make_user(conn)), task.id, now=running_agency.now())
        expect(count).to_have_text("1")
        expect(page.get_by_text("Demande à être rappelé")).to_have_count(0)


def test_a_call_to_give_waits_while_a_row_is_pointed_at(
    playwright: Playwright, running_agency: Agency
) -> None:
    leave_task(running_agency, "call_back")
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        open_live(page, "/pointages?vue=appels")
        page.locator(".task-row").hover()
        leave_task(running_agency, "concern")
        news = page.get_by_role("button", name="1 nouveauté")
        expect(news).to_be_visible()
        expect(page.locator(".task-row")).to_have_count(1)
        news.click()
        expect(page.locator(".task-row")).to_have_count(2)


def test_alerts_show_when_they_are_raised_and_taken_by_themselves(
    playwright: Playwright, running_agency: Agency
) -> None:
    with (
        signed_in(playwright, running_agency, Role.COORDINATOR) as here,
        signed_in(playwright, running_agency, Role.COORDINATOR) as there,
    ):
        open_live(here, "/alertes")
        count = here.locator("#open-title .count")
        expect(count).to_have_text("0")
        running_agency.plan_visit(minutes_from_now=-7.97)  # its alert is due in two seconds
        expect(count).to_have_text("1")
        expect(here.get_by_role("row", name="BELLANGER Odile")).to_contain_text("personne")
        there.goto("/alertes")
        there.get_by_role("button", name="Je m’en occupe : BELLANGER Odile").click()
        expect(here.get_by_role("row", name="BELLANGER Odile")).to_contain_text("MOREL Claire")
