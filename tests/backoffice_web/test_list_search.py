"""The lists of people are looked through as one types, in a real browser: Enter races with nothing."""

import re

from playwright.sync_api import Playwright, Request, expect

from homecare.access.model import Role
from tests.backoffice_web.browsing import signed_in
from tests.builders import make_client
from tests.realtime.agency import Agency


def test_typing_fast_and_pressing_enter_breaks_no_request_off(
    playwright: Playwright, running_agency: Agency
) -> None:
    with running_agency.connect() as conn:
        make_client(conn, running_agency.area, last_name="Prévost")
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        errors: list[str] = []
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        asked: set[Request] = set()

        def answered(request: Request) -> None:
            asked.discard(request)

        def broken_off(request: Request) -> None:
            asked.discard(request)
            errors.append(request.url)

        page.on("requestfinished", answered)
        page.on("requestfailed", broken_off)
        page.on("request", lambda request: asked.add(request) if "q=" in request.url else None)
        for address, typed, found, other in (
            ("/beneficiaires", "prevo", "PRÉVOST", "BELLANGER"),
            ("/intervenants", "zzz", "Personne ne correspond", "ARNAUD"),
        ):
            page.goto(address)
            search = page.locator("#q")
            for sign in typed:
                search.press(sign)
                page.wait_for_timeout(260)
            search.press("Enter")
            search.press("Enter")
            expect(page.locator("#results")).to_contain_text(found)
            expect(page.locator("#results")).not_to_contain_text(other)
            expect(page).to_have_url(re.compile(f"q={typed}"))
            while asked:  # going on to the next page would break off what is still on its way
                page.wait_for_timeout(50)
        assert errors == []
