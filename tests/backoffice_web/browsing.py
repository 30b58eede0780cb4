"""A browser signed in to the running product as somebody of its agency."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Playwright

from homecare.access.model import Role
from homecare.access.operations import open_session
from tests.builders import make_user
from tests.product import open_page
from tests.realtime.agency import Agency


@contextmanager
def signed_in(
    playwright: Playwright, agency: Agency, role: Role, *, width: int = 1440, height: int = 900
) -> Iterator[Page]:
    """Open a page as a new person with this role over every area."""
    with agency.connect() as conn:
        session = open_session(conn, make_user(conn, role=role), now=agency.now())
    with open_page(playwright, agency, session, width=width, height=height) as page:
        yield page


def open_live(page: Page, address: str) -> None:
    """Open a page that follows what happens, and wait for its stream: from then on nothing is missed."""
    with page.expect_response(lambda answer: "/events" in answer.url):
        page.goto(address)
