"""The product behind its front, and Chromium to open it with: what journeys in a real browser start from."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from backoffice_web.gather import MODULES, ROOT, SOURCES, gather, publish
from tests.realtime.agency import Agency, settle_in
from tests.supervised import Supervised, running_supervisor

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 15_000
_numbers = itertools.count(500)


@pytest.fixture(scope="session")
def product() -> Iterator[Supervised]:
    """The servers, realtime and the back office, behind nginx, with the front-end files of these sources."""
    publish(dict(gather(SOURCES, MODULES)), ROOT / "var" / "static")
    servers = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", servers, "--programs", "realtime,web") as running:
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
