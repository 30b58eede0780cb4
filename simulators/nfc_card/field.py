"""The radio field in front of a reader that polls by UDP: a card is laid in it, answers, and is taken away.

The datagrams are those of nfcpy's UDP device: `106A <hex>` for a frame of type A, `RFOFF` when the reader
switches its field off. The card listens on the port that the reader sends to.
"""

import socket
import time
from binascii import hexlify, unhexlify
from functools import reduce
from operator import xor
from typing import Protocol

SENS_REQ = b"\x26"
CASCADE = 0x88  # stands before the first part of a uid that goes on in the next level
LEVELS = (0x93, 0x95, 0x97)
LAST_PART = 4  # bytes; a longer uid goes on


class Card(Protocol):
    """What a card is to the field: its answers to discovery, then to commands."""

    @property
    def uid(self) -> bytes:
        """4, 7 or 10 bytes."""

    @property
    def sens_res(self) -> bytes:
        """2 bytes: the size of the uid and the anticollision."""

    @property
    def sel_res(self) -> bytes:
        """1 byte: whether the card speaks ISO-DEP."""

    def answer(self, command: bytes) -> bytes:
        """Answer one frame once the card is selected."""


def lay(card: Card, port: int, *, host: str = "127.0.0.1", patience: float = 5.0, hold: float = 1.0) -> bool:
    """Hold `card` before the reader on this port, until `hold` seconds after the reader has selected it.

    Return whether it did so within `patience` seconds.
    """
    present = Present(card)
    met = False
    until = time.monotonic() + patience
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as air:
        air.bind((host, port))
        while (left := until - time.monotonic()) > 0:
            air.settimeout(left)
            try:
                datagram, reader = air.recvfrom(1024)
            except TimeoutError:
                break
            answer = present.hear(datagram)
            if answer is not None:
                air.sendto(b"106A " + hexlify(answer), reader)
            if present.selected and not met:
                met, until = True, time.monotonic() + hold
    return met


class Present:
    """A card in the field. Until the reader has selected it by its whole uid it answers discovery alone."""

    def __init__(self, card: Card) -> None:
        """Lay it there, not selected."""
        self.card = card
        self.selected = False
        self._parts = uid_parts(card.uid)

    def hear(self, datagram: bytes) -> bytes | None:
        """Return the answer to one datagram, None for silence."""
        technology, _, frame = datagram.partition(b" ")
        if technology == b"RFOFF":
            self.selected = False
        if technology != b"106A" or not frame:
            return None
        command = unhexlify(frame)
        answer = self._discover(command)
        return self.card.answer(command) if answer is None and self.selected else answer

    def _discover(self, command: bytes) -> bytes | None:
        """Answer a frame of discovery (ISO/IEC 14443-3 A), None to any other."""
        if command == SENS_REQ:
            self.selected = False
            return self.card.sens_res
        for level, part in zip(LEVELS, self._parts, strict=False):
            if command == bytes([level, 0x20]):
                return part
            if command == bytes([level, 0x70]) + part:
                self.selected = part is self._parts[-1]
                return bytes([self.card.sel_res[0] | (0 if self.selected else 0x04)])
        return None


def uid_parts(uid: bytes) -> list[bytes]:
    """Cut a uid into what each cascade level says: 4 bytes and their check byte."""
    if len(uid) not in (4, 7, 10):
        raise ValueError("a uid has 4, 7 or 10 bytes")
    parts: list[bytes] = []
    while len(uid) > LAST_PART:
        parts.append(bytes([CASCADE]) + uid[:3])
        uid = uid[3:]
    return [part + bytes([reduce(xor, part)]) for part in [*parts, uid]]
