"""The whole of the servers and the core, as for the tests of the core, and a demonstration."""

import itertools
from collections.abc import Iterator

import pytest

from backoffice_web.gather import MODULES, ROOT, SOURCES, gather, publish
from tests.acceptance.shown import ShownAgency
from tests.realtime.agency import settle_in
from tests.realtime.conftest import agency, core, open_board, stranger
from tests.supervised import Supervised, running_supervisor

__all__ = ["agency", "core", "open_board", "stranger"]

_numbers = itertools.count(800)


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Supervised]:
    """The core and the back office behind nginx, as a demonstration."""
    publish(dict(gather(SOURCES, MODULES)), ROOT / "var" / "static")
    servers = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", servers, "--programs", "realtime,web", "--demo") as running:
        yield running


@pytest.fixture
def shown_agency(demonstration: Supervised) -> ShownAgency:
    """A fresh agency of the demonstration."""
    return ShownAgency(settle_in(demonstration, next(_numbers)))
