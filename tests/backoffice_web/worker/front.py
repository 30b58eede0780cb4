"""A running product behind its front, an agency in it, and the browsers of its people."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright._impl._errors import TargetClosedError
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from homecare.access.model import Role
from homecare.kernel.ids import VisitId
from tests.builders import PASSWORD, make_client, make_user, make_worker
from tests.product import CHROMIUM, FLAGS
from tests.realtime.agency import Agency
from tests.supervised import wait_until

if TYPE_CHECKING:
    from playwright._impl._api_structures import Geolocation

COPY_IS_KEPT = """async () => Boolean(
    (await navigator.serviceWorker.ready).active?.state === "activated"
    && await caches.match("/moi") && await caches.match(document.body.dataset.readerCore))"""
PHONE = {"width": 360, "height": 760}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    email: str
    password: str = PASSWORD


def worker_of(agency: Agency) -> Person:
    """Return the agency's worker."""
    with agency.connect() as conn:
        row = conn.execute(
            "SELECT email FROM users WHERE id = (SELECT user_id FROM workers WHERE id = %s)",
            (agency.worker.id,),
        ).fetchone()
    assert row is not None
    return Person(str(row[0]))


def colleague_of(agency: Agency) -> Person:
    """Hire another worker, with an account."""
    with agency.connect() as conn:
        user = make_user(conn, role=Role.WORKER, name="KONÉ Aminata")
        make_worker(conn, agency.organisation, agency.area, last_name="Koné", user=user)
        row = conn.execute("SELECT email FROM users WHERE id = %s", (user,)).fetchone()
    assert row is not None
    return Person(str(row[0]))


@contextmanager
def phone(
    playwright: Playwright,
    agency: Agency,
    folder: Path,
    *options: str,
    position: "Geolocation | None" = None,
) -> Iterator[BrowserContext]:
    """Switch a phone on: a browser that keeps what it stores in `folder` when it is switched off.

    With a `position` its owner lets pages ask where it is; without, they refuse.
    """
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=CHROMIUM,
        args=[*FLAGS, *options],
        base_url=agency.settings.front_url,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="fr-FR",
        permissions=["camera"] if position is None else ["camera", "geolocation"],
        geolocation=position,
    )
    try:
        yield context
    finally:
        with suppress(TargetClosedError):  # a test may have cut its power
            context.close()


def sign_in(context: BrowserContext, person: Person) -> Page:
    """Sign in with the form, and wait until the worker's page has kept its copy for want of network."""
    page = context.pages[0] if context.pages else context.new_page()
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(person.password)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()
    assert page.url.endswith("/moi"), page.locator("main").inner_text()
    wait_until(lambda: page.evaluate(COPY_IS_KEPT))
    return page


def press(page: Page, word: str) -> None:
    """Press the big button of the visit that is shown."""
    page.locator(".visit-card:visible .press:visible").filter(has_text=word).click()


def leave_answer(page: Page) -> None:
    """Go back to the day from the full-screen answer."""
    page.get_by_role("button", name="Revenir à ma journée").click()
    expect(page.locator("#answer")).to_be_hidden()


def stored_punches(agency: Agency, visit: VisitId) -> list[tuple[str, str, datetime]]:
    """Return (channel, edge, instant) of what is stored for a visit, by time."""
    with agency.connect() as conn:
        return conn.execute(
            "SELECT channel, edge, punched_at FROM punch_matches WHERE visit_id = %s ORDER BY punched_at",
            (visit,),
        ).fetchall()


def second_home(agency: Agency, last_name: str) -> Agency:
    """Return the same agency seen from another client's home."""
    with agency.connect() as conn:
        home = make_client(conn, agency.area, last_name=last_name)
    return replace(agency, home=home)
