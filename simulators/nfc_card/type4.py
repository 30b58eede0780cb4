"""A Type 4A tag: ISO-DEP blocks that carry the NDEF application's files (NFC Forum Type 4 Tag 2.0)."""

from dataclasses import dataclass, field

from simulators.nfc_card.ndef import uri_message

ATS = bytes.fromhex("0578809002")  # answer to RATS: frames of 256 bytes, 1.2 s at most for an answer
APPLICATION = bytes.fromhex("D2760000850101")
CAPABILITY = bytes.fromhex("000F20003B00340406E104010000FF")
OK, NOT_FOUND, UNKNOWN = b"\x90\x00", b"\x6a\x82", b"\x6d\x00"


@dataclass(slots=True)
class Type4Card:
    """A tag that answers any reader of Type 4A tags; without a URI it has no NDEF application."""

    uid: bytes
    uri: str | None = None
    selected: bytes = field(default=b"", init=False)

    sens_res = bytes.fromhex("4403")
    sel_res = bytes.fromhex("20")

    def answer(self, command: bytes) -> bytes:
        """Answer RATS (E0h), presence checks and blocks of information; other blocks end the exchange."""
        match list(command):
            case [0xE0, _]:
                self.selected = b""
                return ATS
            case [0xB2 | 0xB3 as nak]:
                return bytes([0xA2 | ~nak & 1])
            case [0x02 | 0x03 as block, *apdu]:
                return bytes([block]) + self._apdu(bytes(apdu))
            case _:
                return b"\xc2"

    def _apdu(self, apdu: bytes) -> bytes:
        match list(apdu):
            case [0, 0xA4, 4, 0, _, *name] if self.uri is not None and bytes(name[:7]) == APPLICATION:
                return OK
            case [0, 0xA4, 0, _, 2, 0xE1, 3]:
                self.selected = CAPABILITY
                return OK
            case [0, 0xA4, 0, _, 2, 0xE1, 4] if self.uri is not None:
                message = uri_message(self.uri)
                self.selected = len(message).to_bytes(2) + message
                return OK
            case [0, 0xB0, high, low, length]:
                start = high << 8 | low
                return self.selected[start : start + length] + OK
            case [0, 0xA4, *_]:
                return NOT_FOUND
            case _:
                return UNKNOWN
