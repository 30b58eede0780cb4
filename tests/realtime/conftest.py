"""A running core: the real servers and the realtime program, supervised."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

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


type Opens = Callable[[str], OpenBoard]


@pytest.fixture
def open_board(core: Supervised) -> Iterator[Opens]:
    """Opens live boards for a session, and closes them after the test."""
    with ExitStack() as stack:

        def open_(session: str) -> OpenBoard:
            board = OpenBoard(core.settings, session)
            stack.callback(board.close)
            return board

        yield open_


@pytest.fixture
def stranger(core: Supervised) -> Agency:
    """Another agency of the same core."""
    return settle_in(core, next(_numbers))
