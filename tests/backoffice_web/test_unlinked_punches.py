"""What waits is emptied to zero in a real browser, by keys alone, and the live board follows."""

from datetime import timedelta

from playwright.sync_api import Playwright, expect

from homecare.access.model import Role
from homecare.kernel.ids import PunchId
from homecare.punches.model import Channel, Claim, Edge, Line, SignedInWorker
from homecare.punches.operations import record
from tests.backoffice_web.browsing import open_live, signed_in
from tests.features import feature
from tests.realtime.agency import Agency

STRANGE_LINES = ("+33547000099", "+33547000098")


def call(agency: Agency, line: str, *, minutes_ago: int) -> PunchId:
    now = agency.now()
    at = now - timedelta(minutes=minutes_ago)
    claim = Claim(
        agency.organisation,
        Channel.PHONE,
        line,
        at,
        Line(line),
        SignedInWorker(agency.worker.id),
        Edge.ARRIVAL,
    )
    with agency.connect() as conn:
        (receipt,) = record(conn, [claim], core_instance="core-t", now=now)
    assert receipt.punch is not None
    return receipt.punch


@feature("P14")
def test_the_list_is_emptied_by_keys_alone_and_the_board_follows(
    playwright: Playwright, running_agency: Agency
) -> None:
    visit = running_agency.plan_visit(minutes_from_now=-2)
    for minutes, line in enumerate(STRANGE_LINES, start=1):
        call(running_agency, line, minutes_ago=minutes)
    with (
        signed_in(playwright, running_agency, Role.COORDINATOR) as page,
        signed_in(playwright, running_agency, Role.COORDINATOR) as board,
    ):
        open_live(board, "/tableau")
        on_time = board.locator(f"#visit-{visit}, [data-visit='{visit}']").first
        expect(on_time).to_be_visible()
        page.goto("/pointages")
        count = page.locator(".main-nav .count")
        expect(count).to_contain_text("2")

        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/pointages/*")
        page.keyboard.press("j")
        expect(page.locator(".link-choice").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#decided")).to_contain_text("rattaché : arrivée de BELLANGER Odile")
        expect(count).to_contain_text("1")
        expect(board.locator('.rows [data-status="run"], li[data-status="run"]').first).to_be_visible()

        expect(page.locator(".punch-row").first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/pointages/*")
        page.keyboard.press("r")
        page.keyboard.press("Space")
        page.locator("#reject button.btn-danger").press("Enter")
        expect(page.get_by_text("Tout est traité")).to_be_visible()
        expect(count).to_have_count(0)

        page.locator("#decided").get_by_role("button", name="Annuler").click()
        expect(page.get_by_role("heading", name="Interventions proposées")).to_be_visible()
        expect(count).to_contain_text("1")
