"""Chooses free loopback ports, below the range from which the kernel takes those of outgoing connections."""

import random
import socket

_FIRST, _LAST = 20000, 31999
_RTP_BLOCKS = range(10000, 20000, 2000)

RTP_PORTS = 2000
"""Size of the block of ports for voice: four a call at most, and Asterisk passes over those in use."""


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether nothing listens on `port`, neither TCP nor UDP."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:
                # A connection of the last run that still lingers does not hold the port.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def choose_port(taken: set[int], preferred: int | None = None) -> int:
    """A free port that is not in `taken`, `preferred` if that is one."""
    if preferred is not None and preferred not in taken and is_free(preferred):
        return preferred
    while True:
        port = random.randint(_FIRST, _LAST)  # noqa: S311
        if port not in taken and is_free(port):
            return port


def choose_rtp_start() -> int:
    """First port of a block for voice. Two runs may have the same: Asterisk shares it port by port."""
    return random.choice(_RTP_BLOCKS)  # noqa: S311
