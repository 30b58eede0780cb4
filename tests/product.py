"""The product behind its front, and Chromium to open it with: what journeys in a real browser start from.

It is a demonstration: whatever the machine's hour, its day is `DAY`, where the first test finds ten o'clock.
So "in twenty minutes" is never tomorrow, next week or next year, nor in a night when the clocks change.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import psycopg
import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from backoffice_web.gather import MODULES, ROOT, SOURCES, gather, publish
from homecare.kernel.calendar import paris_instant
from homecare.kernel.clock import Pace, write_pace
from tests.realtime.agency import Agency, settle_in
from tests.supervised import Supervised, running_supervisor

DAY = date(2026, 12, 1)  # a Tuesday
CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 15_000
_numbers = itertools.count(500)


@pytest.fixture(scope="session")
def product() -> Iterator[Supervised]:
    """The servers, realtime and the back office behind nginx, with the front-end files of these sources."""
    publish(dict(gather(SOURCES, MODULES)), ROOT / "var" / "static")
    servers = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", servers, "--programs", "realtime,web", "--demo") as running:
        with psycopg.connect(running.settings.database_url) as conn:
            write_pace(conn, Pace(datetime.now(UTC), paris_instant(DAY, time(10)), speed=1))
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
