"""The one place that knows nfcpy: waits for a card, reads its uid and its URI, waits until it is taken away.

Blocking, and made to be: the gateway is its own process. It never decides what a card means.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import ndef  # type: ignore[import-untyped]
import nfc  # type: ignore[import-untyped]
import nfc.tag  # type: ignore[import-untyped]

POLL = {"targets": ["106A"], "iterations": 2, "interval": 0.1, "on-connect": lambda _tag: False}
"""Type A alone (Types 2 and 4A, NTAG, MIFARE): each other technology would add its own wait to every poll."""

UDP_PATIENCE = 0.25
"""Seconds. Over UDP the answer of a simulated card waits for two processes' turns; nfcpy's 5 ms would take a
late answer for that of the next question. A radio has no late answers."""


class ReaderLostError(Exception):
    """The reader is not there, or no longer."""


class ReadOnlyError(Exception):
    """The card takes no message of ours."""


class CardGoneError(Exception):
    """The card left, or speaks no such commands."""


@dataclass(frozen=True, slots=True)
class Card:
    """What was read: the uid in upper-case hexadecimal and the first URI of its NDEF message."""

    uid: str
    uri: str | None = None


class _Frontend(nfc.ContactlessFrontend):  # type: ignore[misc]
    patience = 0.0

    def exchange(self, send_data: Any, timeout: float) -> Any:
        return super().exchange(send_data, max(timeout, self.patience))


class Reader:
    """An open reader. Its path is nfcpy's: `usb`, `tty:USB0:pn532`; `udp:127.0.0.1:54321` simulates one."""

    def __init__(self, path: str) -> None:
        """Open the reader. Raises ReaderLostError when there is none."""
        self._tag: Any = None
        try:
            self._frontend = _Frontend(path)
        except OSError as error:
            raise ReaderLostError(f"no reader at {path}: {error}") from error
        if path.startswith("udp"):
            self._frontend.patience = UDP_PATIENCE

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._frontend.close()

    def wait_card(self, *, stopped: Callable[[], bool]) -> Card | None:
        """Return the next card, None when `stopped` or when the card left before it was read whole."""
        with _losses():
            self._tag = self._frontend.connect(rdwr=POLL, terminate=stopped)
            if self._tag is False:
                raise ReaderLostError("the reader no longer answers")
            return None if self._tag is None else self._read()

    def write(self, uri: str) -> None:
        """Write a message that holds this URI alone. Raises ReadOnlyError where the card takes none."""
        with _losses():
            try:
                message = self._tag.ndef
                if message is None or not message.is_writeable:
                    raise ReadOnlyError("the card takes no message")
                message.octets = b"".join(ndef.message_encoder([ndef.UriRecord(uri)]))
            except (nfc.tag.TagCommandError, ValueError) as error:
                raise ReadOnlyError(str(error)) from error

    def read_again(self) -> Card | None:
        """Return what the card holds now, read anew; None when it left."""
        with _losses():
            try:
                if self._tag.ndef is not None:
                    _ = self._tag.ndef.has_changed  # reads it anew
                return self._read()
            except nfc.tag.TagCommandError:
                return None

    def send(self, apdu: bytes) -> bytes:
        """Send one APDU to a Type 4 card, return its answer. Raises CardGoneError when there is none."""
        with _losses():
            try:
                return bytes(self._tag.transceive(apdu))
            except (nfc.tag.TagCommandError, AttributeError) as error:
                raise CardGoneError(str(error)) from error

    def signal(self) -> None:
        """Tell the person, with the light or the sound that the reader has, that the tap is kept."""
        with _losses():
            self._frontend.device.turn_on_led_and_buzzer()

    def wait_removal(self, *, stopped: Callable[[], bool], pause: Callable[[float], object]) -> None:
        """Return once the card has been taken away."""
        with _losses():
            while self._tag is not None and not stopped() and self._tag.is_present:
                pause(0.1)
            self._frontend.device.turn_off_led_and_buzzer()

    def _read(self) -> Card | None:
        uid = bytes(self._tag.identifier).hex().upper()
        try:
            message = self._tag.ndef
            if message is None and not self._tag.is_present:
                return None  # a tag that left in the middle would pass for a badge without a message
            return Card(uid, None if message is None else first_uri(message.octets))
        except nfc.tag.TagCommandError:
            return None


def first_uri(octets: bytes) -> str | None:
    """Return the first address in what a card holds, None when there is none or it cannot be read."""
    try:
        records = list(ndef.message_decoder(octets, errors="relax"))
    except (ndef.DecodeError, ValueError):  # the library lets out what a text in a wrong encoding raises
        return None
    return next((str(record.iri) for record in records if isinstance(record, ndef.UriRecord)), None)


@contextmanager
def _losses() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReaderLostError(f"the reader failed: {error}") from error
