"""The adapter of asterisk-ami against a manager that misbehaves. Nothing may end it without a word."""

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.ami_client import Connection, ManagerAction, Pack

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
PATIENCE = 5.0


class Manager:
    """A manager of one connection, played by the test."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._peer: socket.socket | None = None

    @property
    def peer(self) -> socket.socket:
        if self._peer is None:
            self._peer, _ = self._listening.accept()
            self._peer.settimeout(PATIENCE)
        return self._peer

    def close(self) -> None:
        if self._peer is not None:
            self._peer.close()
        self._listening.close()


class Heard:
    """What the connection tells."""

    def __init__(self, *, silence: float = PATIENCE, raising: bool = False) -> None:
        self.packs: list[Pack] = []
        self.losses: list[str] = []
        self.news = threading.Condition()
        self._raising = raising
        self.connection = Connection(heard=self._hear, lost=self._lose, silence_seconds=silence)

    def _hear(self, pack: Pack) -> None:
        with self.news:
            self.packs.append(pack)
            self.news.notify_all()
        if self._raising:
            raise RuntimeError("planted")

    def _lose(self, why: str) -> None:
        with self.news:
            self.losses.append(why)
            self.news.notify_all()

    def is_lost(self) -> bool:
        with self.news:
            return self.news.wait_for(lambda: self.losses, timeout=PATIENCE) != []

    def next_pack(self) -> Pack:
        with self.news:
            assert self.news.wait_for(lambda: self.packs, timeout=PATIENCE)
            return self.packs.pop(0)


@pytest.fixture
def manager() -> Iterator[Manager]:
    manager = Manager()
    yield manager
    manager.close()


def connect(manager: Manager, heard: Heard) -> None:
    heard.connection.open("127.0.0.1", manager.port)


def test_responses_and_events_are_told_apart(manager: Manager) -> None:
    heard = Heard()
    connect(manager, heard)
    manager.peer.sendall(
        GREETING + b"Response: Success\r\nActionID: 1\r\n\r\nEvent: Hangup\r\nUniqueid: 2\r\n\r\n"
    )
    assert heard.next_pack() == Pack(response=True, name="Success", keys={"ActionID": "1"})
    assert heard.next_pack() == Pack(response=False, name="Hangup", keys={"Uniqueid": "2"})
    heard.connection.close()


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 200 OK\r\n", b"\xff\xfe\r\n", b""])
def test_a_wrong_greeting_is_told(manager: Manager, greeting: bytes) -> None:
    heard = Heard()
    connect(manager, heard)
    manager.peer.sendall(greeting)
    manager.peer.close()
    assert heard.is_lost()
    heard.connection.close()


def test_silence_is_told(manager: Manager) -> None:
    heard = Heard(silence=0.3)
    connect(manager, heard)
    manager.peer.sendall(GREETING)
    assert heard.is_lost()
    heard.connection.close()


def test_a_listener_that_fails_is_told_and_does_not_end_the_reader(manager: Manager) -> None:
    heard = Heard(raising=True)
    connect(manager, heard)
    manager.peer.sendall(GREETING + b"Event: A\r\n\r\n")
    assert heard.is_lost()
    manager.peer.sendall(b"Event: B\r\n\r\n")
    assert [heard.next_pack().name, heard.next_pack().name] == ["A", "B"]
    heard.connection.close()


def test_a_value_cannot_hold_another_action(manager: Manager) -> None:
    heard = Heard()
    connect(manager, heard)
    manager.peer.sendall(GREETING)
    forged = "x\r\n\r\nAction: Originate\r\n\r\n"
    action = ManagerAction("Hang\r\nup", {"Channel": forged, "A\r\nB": "c"}, {"V": "1,OTHER=2\r\nAction: D"})
    heard.connection.send(action, "1")
    sent = b""
    while not sent.endswith(b"\r\n\r\n"):
        sent += manager.peer.recv(4096)
    assert sent.count(b"\r\n\r\n") == 1
    assert sent.count(b"\r\nAction:") == 0
    assert b"\r\nVariable: V=1 OTHER=2 Action: D\r\n" in sent
    heard.connection.close()


def test_an_action_too_long_for_one_packet_is_refused(manager: Manager) -> None:
    heard = Heard()
    connect(manager, heard)
    with pytest.raises(ValueError, match="too long"):
        heard.connection.send(ManagerAction("Hangup", {"Channel": "x" * 5000}), "1")
    heard.connection.close()


def test_nothing_is_sent_over_no_connection() -> None:
    with pytest.raises(OSError, match="not connected"):
        Heard().connection.send(ManagerAction("Ping"), "1")


@given(st.lists(st.binary(max_size=60), max_size=6))
@settings(max_examples=40, deadline=None)
def test_whatever_a_manager_says_ends_in_packs_or_in_a_told_loss(lines: list[bytes]) -> None:
    manager, heard = Manager(), Heard()
    connect(manager, heard)
    manager.peer.sendall(GREETING + b"\r\n".join(lines) + b"\r\n\r\nEvent: Last\r\n\r\n")
    manager.peer.close()
    assert heard.is_lost()
    heard.connection.close()
    manager.close()
