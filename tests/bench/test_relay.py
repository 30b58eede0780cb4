"""The relay between Asterisk and the core: nothing is lost in it, and every turn is counted once."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.bench.relay import Delays, listening

type Talk = tuple[socket.socket, socket.socket, Delays]


@pytest.fixture
def call() -> Iterator[Talk]:
    """Asterisk's end of one call, the core's end, and what the relay counts."""
    with socket.create_server(("127.0.0.1", 0)) as core, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        with (
            listening(port, core.getsockname()) as delays,
            closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as asterisk,
            closing(core.accept()[0]) as answering,
        ):
            answering.settimeout(10)
            yield asterisk, answering, delays


def hears(end: socket.socket, words: bytes) -> bool:
    """Whether exactly these words arrive."""
    heard = b""
    while len(heard) < len(words) and (piece := end.recv(4096)):
        heard += piece
    return heard == words


def test_what_each_says_arrives_as_it_was_said(call: Talk) -> None:
    asterisk, core, _ = call
    for teller, listener, words in (
        (asterisk, core, b"agi_network: yes\nagi_uniqueid: phone-1-1.0\n\n"),
        (core, asterisk, b'GET DATA "hello" "5000" "6"\n'),
        (asterisk, core, b"200 result=123456\n"),
    ):
        teller.sendall(words)
        assert hears(listener, words)


def test_each_command_is_one_turn_and_a_variable_that_is_set_one_of_asterisks(call: Talk) -> None:
    asterisk, core, delays = call
    for request, command in (
        (b"agi_network: yes\n\n", b'GET DATA "hello" "5000" "6"\n'),
        (b"200 result=123456\n", b'SET VARIABLE PONCTUEL_DONE "1"\n'),
        (b"200 result=1\n", b"HANGUP\n"),
    ):
        asterisk.sendall(request)
        assert hears(core, request)
        core.sendall(command)
        assert hears(asterisk, command)
    assert (len(delays.ours), len(delays.theirs)) == (3, 1)
    assert min(delays.ours + delays.theirs) > 0


def test_a_caller_who_hangs_up_amid_a_command_has_not_answered_it(call: Talk) -> None:
    asterisk, core, delays = call
    for teller, listener, words in (
        (asterisk, core, b"agi_network: yes\n\n"),
        (core, asterisk, b'SET VARIABLE PONCTUEL_DONE "1"\n'),
        (asterisk, core, b"HANGUP\n"),
        (asterisk, core, b"200 result=1\n"),
        (core, asterisk, b"HANGUP\n"),
    ):
        teller.sendall(words)
        assert hears(listener, words)
    assert (len(delays.ours), len(delays.theirs)) == (2, 1)


def test_the_end_of_one_is_the_end_of_the_other(call: Talk) -> None:
    asterisk, core, _ = call
    core.close()
    assert asterisk.recv(10) == b""
