"""A running core: the real servers and the realtime program, supervised."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from tests.realtime.agency import Agency, settle_in
from tests.realtime.browser import OpenBoard
from tests.supervised import Supervised, running_supervisor

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def core() -> Iterator[Supervised]:
    """PostgreSQL, Mosquitto, Asterisk and the realtime program."""
    with running_supervisor("--only", "postgresql,mosquitto,asterisk", "--programs", "realtime") as running:
        yield running


@pytest.fixture
def agency(core: Supervised) -> Agency:
    """A fresh agency of the running core."""
    return settle_in(core, next(_numbers))


class Opens(Protocol):
    """Opens the live board of a session, for a page drawn at `since`."""

    def __call__(self, session: str, *, since: str | None = None) -> OpenBoard: ...


@pytest.fixture
def open_board(core: Supervised) -> Iterator[Opens]:
    """Opens live boards for a session, and closes them after the test."""
    with ExitStack() as stack:

        def open_(session: str, *, since: str | None = None) -> OpenBoard:
            board = OpenBoard(core.settings, session, since=since)
            stack.callback(board.close)
            return board

        yield open_


@pytest.fixture
def stranger(core: Supervised) -> Agency:
    """Another agency of the same core."""
    return settle_in(core, next(_numbers))
