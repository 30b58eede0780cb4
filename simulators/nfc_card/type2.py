"""A Type 2 tag like an NTAG213: 45 pages of 4 bytes, read 4 pages at a time."""

from dataclasses import dataclass, field

from simulators.nfc_card.ndef import uri_message

VERSION = bytes.fromhex("0004040201000F03")  # what an NTAG213 answers to GET_VERSION
CAPABILITY = bytes.fromhex("E1101200")  # NDEF mapping 1.0, 144 bytes, free access
NAK, ACK = b"\x00", b"\x0a"
FIRST_PAGE, PAGES, PAGE_BYTES = 4, 40, 4  # of the user's memory


@dataclass(frozen=True, slots=True)
class Type2Card:
    """A tag with a uid of 7 bytes; without a URI it is a badge that holds nothing."""

    uid: bytes
    uri: str | None = None

    sens_res = bytes.fromhex("4400")
    sel_res = bytes.fromhex("00")

    def answer(self, command: bytes) -> bytes:
        """Answer READ (30h) and GET_VERSION (60h); anything else is refused."""
        match list(command):
            case [0x30, page] if page * 4 < len(memory := self.memory()):
                return (memory + memory)[page * 4 : page * 4 + 16]  # reading rolls over to page 0
            case [0x60]:
                return VERSION
            case _:
                return NAK

    def memory(self) -> bytes:
        """Return all the pages."""
        uid, message = self.uid, b"" if self.uri is None else uri_message(self.uri)
        check_0, check_1 = 0x88 ^ uid[0] ^ uid[1] ^ uid[2], uid[3] ^ uid[4] ^ uid[5] ^ uid[6]
        header = bytes([*uid[:3], check_0, *uid[3:], check_1, 0x48, 0, 0]) + CAPABILITY
        return (header + bytes([0x03, len(message)]) + message + b"\xfe").ljust(180, b"\0")


@dataclass(slots=True)
class BlankType2Card:
    """A tag as it is bought: an empty message, which a station writes page by page."""

    uid: bytes
    written: dict[int, bytes] = field(default_factory=dict)

    sens_res = Type2Card.sens_res
    sel_res = Type2Card.sel_res

    def answer(self, command: bytes) -> bytes:
        """Answer as a `Type2Card`, and WRITE (A2h) of one page of the user's memory."""
        match list(command):
            case [0xA2, page, *data] if FIRST_PAGE <= page < PAGES and len(data) == PAGE_BYTES:
                self.written[page] = bytes(data)
                return ACK
            case [0x30, page] if page < PAGES:
                memory = self.memory()
                return (memory + memory)[page * 4 : page * 4 + 16]
            case _:
                return Type2Card(self.uid).answer(command)

    def memory(self) -> bytes:
        """Return all the pages."""
        blank = bytearray(Type2Card(self.uid, None).memory())
        for page, data in self.written.items():
            blank[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = data
        return bytes(blank)
