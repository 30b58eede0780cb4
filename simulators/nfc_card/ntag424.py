"""A tag like an NTAG 424 DNA: a Type 4 tag whose URL changes at each reading, and that can be personalised.

It answers what a phone or a station needs: reading and writing the NDEF file, AuthenticateEV2First, ChangeKey
and ChangeFileSettings in full communication mode. Its counter goes up once for each selection of the file
that is read without authentication.
"""

import secrets
from dataclasses import dataclass, field

from simulators.nfc_card.aes import encrypt, sun_message, xor
from simulators.nfc_card.ev2 import Challenge, Session, checksum
from simulators.nfc_card.ndef import uri_message
from simulators.nfc_card.sdm import FileSettings, Mirrors, read_settings
from simulators.nfc_card.type4 import APPLICATION, ATS, NOT_FOUND, OK, UNKNOWN

CAPABILITY = bytes.fromhex("000F20010000800406E10401000000")
NDEF_FILE, NDEF_BYTES = 2, 256
CHANGE_KEY = 0xC4
DENIED, LENGTH = b"\x69\x82", b"\x67\x00"
DONE, MORE = b"\x91\x00", b"\x91\xaf"
NO_SUCH_KEY, WRONG_KEY, INTEGRITY, BAD_PARAMETER = b"\x91\x40", b"\x91\xae", b"\x91\x1e", b"\x91\x9e"


@dataclass(slots=True)
class Ntag424:
    """A tag as it leaves the factory: keys of zeros, an empty file that anybody may write."""

    uid: bytes
    keys: list[bytes] = field(default_factory=lambda: [bytes(16)] * 5)
    settings: FileSettings = field(default_factory=FileSettings)
    counter: int = 0
    content: bytearray = field(default_factory=lambda: bytearray(NDEF_BYTES))
    draws: list[bytes] = field(default_factory=list)
    _selected: bytes = field(default=b"", init=False)
    _said: bytes = field(default=b"", init=False)
    _challenge: Challenge | None = field(default=None, init=False)
    session: Session | None = field(default=None, init=False)

    sens_res = bytes.fromhex("4403")
    sel_res = bytes.fromhex("20")

    def answer(self, command: bytes) -> bytes:
        """Answer RATS (E0h), presence checks and blocks of information; other blocks end the exchange."""
        match list(command):
            case [0xE0, _]:
                self._forget()
                return ATS
            case [0xB2 | 0xB3 as nak]:
                return bytes([0xA2 | ~nak & 1])
            case [0x02 | 0x03 as block, *apdu]:
                return bytes([block]) + self.apdu(bytes(apdu))
            case _:
                return b"\xc2"

    def apdu(self, apdu: bytes) -> bytes:
        """Answer one command of ISO/IEC 7816-4, or one of the chip's own wrapped in such (class 90h)."""
        match list(apdu):
            case [0, 0xA4, 4, 0, _, *name] if bytes(name[:7]) == APPLICATION:
                self._forget()
                return OK
            case [0, 0xA4, 0, _, 2, 0xE1, 3 | 4 as file]:
                self._selected = {3: b"E103", 4: b"E104"}[file]
                self._said = b""
                return OK
            case [0, 0xA4, *_]:
                return NOT_FOUND
            case [0, 0xB0, high, low, length]:
                start = high << 8 | low
                return self._read()[start : start + (length or 256)] + OK
            case [0, 0xD6, high, low, length, *data] if len(data) == length:
                return self._write(high << 8 | low, bytes(data))
            case [0x90, code, 0, 0, length, *data, 0] if len(data) == length:
                return self._own(code, bytes(data))
            case _:
                return UNKNOWN

    def _forget(self) -> None:
        self._selected, self._said = b"", b""
        self._challenge = self.session = None

    # ---- the file

    def _read(self) -> bytes:
        if self._selected == b"E103":
            return CAPABILITY
        if not self._said:
            self._said = self._mirrored()
        return self._said

    def _mirrored(self) -> bytes:
        mirrors = self.settings.mirrors
        if mirrors is None or self.session is not None:
            return bytes(self.content)
        self.counter += 1
        return _mirror(bytes(self.content), mirrors, uid=self.uid, counter=self.counter, keys=self.keys)

    def _write(self, start: int, data: bytes) -> bytes:
        if self._selected != b"E104" or not (self.settings.write_is_free or self.session):
            return DENIED
        if start + len(data) > NDEF_BYTES:
            return LENGTH
        self.content[start : start + len(data)] = data
        self._said = b""
        return OK

    # ---- the chip's own commands

    def _own(self, code: int, data: bytes) -> bytes:
        match code:
            case 0x71 if data and data[0] < len(self.keys):
                self.session = None
                self._challenge = Challenge(data[0], self._draw(16))
                return encrypt(self.keys[data[0]], self._challenge.random) + MORE
            case 0x71:
                return NO_SUCH_KEY
            case 0xAF if self._challenge is not None and len(data) == 32:  # noqa: PLR2004 - two blocks
                return self._authenticate(self._challenge, data)
            case 0x5F | 0xC4 if self.session is not None and data:
                return self._change(self.session, code, data)
            case _:
                return WRONG_KEY

    def _draw(self, length: int) -> bytes:
        return self.draws.pop(0) if self.draws else secrets.token_bytes(length)

    def _authenticate(self, challenge: Challenge, sent: bytes) -> bytes:
        self._challenge = None
        answered = challenge.answer(self.keys[challenge.key], sent, self._draw(4))
        if answered is None:
            return WRONG_KEY
        answer, self.session = answered
        return answer + DONE

    def _change(self, session: Session, code: int, data: bytes) -> bytes:
        header, plain = data[:1], session.open(code, data[:1], data[1:])
        if plain is None:
            self.session = None
            return INTEGRITY
        is_key = code == CHANGE_KEY
        refused = self._change_key(session, header[0], plain) if is_key else self._set_file(header, plain)
        if refused:
            self.session = None
            return refused
        confirmed = session.confirm()
        if is_key and header[0] == session.key:  # the key of the session itself is gone
            self.session = None
            return DONE
        return confirmed + DONE

    def _set_file(self, header: bytes, plain: bytes) -> bytes:
        if header[0] != NDEF_FILE:
            return BAD_PARAMETER
        try:
            self.settings = read_settings(plain)
        except (ValueError, IndexError):
            return BAD_PARAMETER
        return b""

    def _change_key(self, session: Session, number: int, plain: bytes) -> bytes:
        if number >= len(self.keys) or session.key != 0:
            return NO_SUCH_KEY
        if number == session.key:
            self.keys[number] = plain[:16]
            return b""
        new = xor(plain[:16], self.keys[number])
        if plain[17:] != checksum(new):
            return INTEGRITY
        self.keys[number] = new
        return b""


def _mirror(content: bytes, mirrors: Mirrors, *, uid: bytes, counter: int, keys: list[bytes]) -> bytes:
    meta = None if mirrors.meta_key is None else keys[mirrors.meta_key]
    message = sun_message(
        uid, counter, meta_key=meta, file_key=keys[mirrors.file_key], salt=secrets.token_bytes(5)
    )
    said = dict(part.split("=") for part in message.split("&"))
    places = {"e": mirrors.picc_at, "uid": mirrors.uid_at, "ctr": mirrors.counter_at, "c": mirrors.mac_at}
    mirrored = bytearray(content)
    for name, text in said.items():
        at = places[name]
        if at is not None:
            mirrored[at : at + len(text)] = text.encode()
    return bytes(mirrored)


def make_sun_card(
    uid: bytes, url: str, *, meta_key: bytes, file_key: bytes, counter: int = 0, clear: bool = False
) -> Ntag424:
    """Return a tag that was personalised for this address: `url` and what it says at each reading."""
    blank = "uid=00000000000000&ctr=000000" if clear else f"e={'0' * 32}"
    message = uri_message(f"{url}?{blank}&c={'0' * 16}")
    content = bytearray(len(message).to_bytes(2) + message).ljust(NDEF_BYTES, b"\0")
    places = {name: content.find(f"{name}=".encode()) + len(name) + 1 for name in ("e", "uid", "ctr")}
    mirrors = Mirrors(
        meta_key=None if clear else 1,
        file_key=2,
        picc_at=None if clear else places["e"],
        uid_at=places["uid"] if clear else None,
        counter_at=places["ctr"] if clear else None,
        mac_at=content.find(b"&c=") + 3,
    )
    keys = [secrets.token_bytes(16), meta_key, file_key, bytes(16), bytes(16)]
    return Ntag424(uid, keys, FileSettings(write_is_free=False, mirrors=mirrors), counter, content)
