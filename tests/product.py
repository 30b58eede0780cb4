"""The product behind its front, and Chromium to open it with: what journeys in a real browser start from.

It is a demonstration: whatever the machine's hour, its day is `DAY`, where the first test finds ten o'clock.
So "in twenty minutes" is never tomorrow, next week or next year, nor in a night when the clocks change.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from backoffice_web.gather import MODULES, ROOT, SOURCES, gather, publish
from homecare.kernel.calendar import paris_instant
from homecare.kernel.clock import Pace, write_pace
from tests.alone import alone
from tests.realtime.agency import Agency, settle_in
from tests.supervised import Supervised, running_supervisor

DAY = date(2026, 12, 1)  # a Tuesday
CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 15_000
FLAGS = ("--no-sandbox",)
_numbers = itertools.count(500)


@contextmanager
def running_product() -> Iterator[Supervised]:
    """Run the servers, realtime and the web behind nginx, with the front-end files of these sources."""
    with alone("publishing"):
        publish(dict(gather(SOURCES, MODULES)), ROOT / "var" / "static")
    servers = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", servers, "--programs", "realtime,web", "--demo") as running:
        with psycopg.connect(running.settings.database_url) as conn:
            write_pace(conn, Pace(datetime.now(UTC), paris_instant(DAY, time(10)), speed=1))
        yield running


@pytest.fixture(scope="session")
def product() -> Iterator[Supervised]:
    """The product of the whole run."""
    with running_product() as running:
        yield running


@pytest.fixture
def running_agency(product: Supervised) -> Agency:
    """A fresh agency in the running product."""
    return settle_in(product, next(_numbers))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Chromium's driver."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@cache
def chromium(playwright: Playwright) -> Browser:
    """The browser of the whole run: starting one takes a second, a context of its own is as fresh."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@contextmanager
def open_page(
    playwright: Playwright, agency: Agency, session: str, *, width: int = 1440, height: int = 900
) -> Iterator[Page]:
    """Open an empty page of a browser that holds this session of the agency and nothing else."""
    front = agency.settings.front_url
    with chromium(playwright).new_context(
        base_url=front, viewport={"width": width, "height": height}, locale="fr-FR"
    ) as context:
        context.add_cookies([{"name": "ponctuel_session", "value": session, "url": front}])
        yield context.new_page()
