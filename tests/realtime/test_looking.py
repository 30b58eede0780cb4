"""The parts of the program that look for work again and again, on a clock of the test's own."""

from typing import override

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from realtime.db import DatabaseAwayError
from realtime.looking import LookingService

BETWEEN = 2.0


class Part(LookingService):
    """Ends its looks as it is told."""

    name = "part"

    def __init__(self, clock: Clock) -> None:
        super().__init__(between_looks=BETWEEN, reactor=clock)
        self.looks: list[Deferred[None]] = []

    @override
    async def look(self) -> None:
        self.looks.append(Deferred())
        await self.looks[-1]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def part(clock: Clock) -> Part:
    part = Part(clock)
    part.startService()
    return part


def test_it_looks_at_start_and_then_again_and_again(part: Part, clock: Clock) -> None:
    for looks in (1, 2, 3):
        assert len(part.looks) == looks
        part.looks[-1].callback(None)
        clock.advance(BETWEEN)


def test_a_look_that_takes_long_is_not_begun_a_second_time(part: Part, clock: Clock) -> None:
    clock.pump([BETWEEN] * 3)
    assert len(part.looks) == 1
    part.looks[0].callback(None)
    clock.advance(BETWEEN)
    assert len(part.looks) == 2


@pytest.mark.parametrize("failure", [DatabaseAwayError(), OSError("no folder")])
def test_a_look_that_fails_is_not_the_last(part: Part, clock: Clock, failure: Exception) -> None:
    part.looks[0].errback(failure)
    clock.advance(BETWEEN)
    assert len(part.looks) == 2


def test_once_stopped_it_looks_no_more(part: Part, clock: Clock) -> None:
    part.looks[0].callback(None)
    part.stopService()
    clock.pump([BETWEEN] * 3)
    assert len(part.looks) == 1
