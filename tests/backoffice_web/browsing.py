"""A browser signed in to the running product as somebody of its agency."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Playwright

from homecare.access.model import Role
from homecare.access.operations import open_session
from tests.builders import make_user
from tests.product import CHROMIUM
from tests.realtime.agency import Agency


@contextmanager
def signed_in(
    playwright: Playwright, agency: Agency, role: Role, *, width: int = 1440, height: int = 900
) -> Iterator[Page]:
    """Open a page as a new person with this role over every area."""
    with agency.connect() as conn:
        session = open_session(conn, make_user(conn, role=role), now=agency.now())
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    try:
        page = browser.new_page(
            base_url=agency.settings.front_url, viewport={"width": width, "height": height}, locale="fr-FR"
        )
        front = agency.settings.front_url
        page.context.add_cookies([{"name": "ponctuel_session", "value": session, "url": front}])
        yield page
    finally:
        browser.close()


def open_live(page: Page, address: str) -> None:
    """Open a page that follows what happens, and wait for its stream: from then on nothing is missed."""
    with page.expect_response(lambda answer: "/events" in answer.url):
        page.goto(address)
