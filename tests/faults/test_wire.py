"""Links that can be harmed: what passes, what does not, and that nobody is left waiting on half a link."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest

from simulators.faults.wire import HOST, Harm, Relays, Wire

PATIENCE = 5.0


@pytest.fixture
def relays() -> Iterator[Relays]:
    with closing(Relays()) as relays:
        yield relays


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(PATIENCE)
        yield server


@pytest.fixture
def link(relays: Relays, server: socket.socket) -> Iterator[Wire]:
    with closing(Wire(relays, "test", server.getsockname())) as link:
        yield link


@pytest.fixture
def ends(link: Wire, server: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection through the link: who called, who was called."""
    with socket.create_connection((HOST, link.port), timeout=PATIENCE) as near, server.accept()[0] as far:
        far.settimeout(PATIENCE)
        yield near, far


def is_over(end: socket.socket) -> bool:
    try:
        return end.recv(1) == b""
    except ConnectionResetError:
        return True


def test_what_is_sent_arrives(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    near.sendall(b"a")
    assert far.recv(1) == b"a"
    far.sendall(b"b")
    assert near.recv(1) == b"b"


def test_a_reset_connection_ends_at_both_ends(link: Wire, ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    near.sendall(b"a")
    assert far.recv(1) == b"a"
    link.harm(Harm.RESET)
    assert is_over(near)
    assert is_over(far)
    assert link.touched == 1


def test_what_is_dropped_never_arrives_and_the_connection_does_not_go_on(
    link: Wire, ends: tuple[socket.socket, socket.socket]
) -> None:
    near, far = ends
    near.sendall(b"a")
    assert far.recv(1) == b"a"
    link.harm(Harm.DROP)
    near.sendall(b"b")
    far.settimeout(0.3)
    with pytest.raises(TimeoutError):
        far.recv(1)
    assert link.touched
    link.heal()
    assert is_over(far)


def test_a_server_that_dies_is_felt_by_who_called(
    link: Wire, ends: tuple[socket.socket, socket.socket]
) -> None:
    near, far = ends
    near.sendall(b"a")
    assert far.recv(1) == b"a"
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    far.close()
    assert is_over(near)
    assert link.touched == 0
