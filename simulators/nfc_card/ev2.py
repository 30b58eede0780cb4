"""A card's side of an authenticated session (NT4H2421Gx §9.1, AN12196): its keys, counter and MACs."""

import zlib
from dataclasses import dataclass

from simulators.nfc_card.aes import cmac, decrypt, encrypt, encrypt_block, short_mac, xor

MAC = 8


@dataclass(slots=True)
class Session:
    """What both sides know once they have shown each other the key numbered `key`."""

    key: int
    encryption: bytes
    authentication: bytes
    transaction: bytes
    commands: int = 0

    def open(self, command: int, header: bytes, sent: bytes) -> bytes | None:
        """Return the data of a command sent encrypted; None when its MAC is wrong."""
        sealed, mac = sent[:-MAC], sent[-MAC:]
        said = bytes([command]) + self._count() + self.transaction + header + sealed
        if not sealed or len(sealed) % 16 or short_mac(self.authentication, said) != mac:
            return None
        iv = encrypt_block(self.encryption, b"\xa5\x5a" + self.transaction + self._count() + bytes(8))
        return decrypt(self.encryption, sealed, iv).rstrip(b"\0")[:-1]

    def confirm(self) -> bytes:
        """Count the command and return the MAC of the answer that it was done."""
        self.commands += 1
        return short_mac(self.authentication, b"\0" + self._count() + self.transaction)

    def _count(self) -> bytes:
        return self.commands.to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A first step of authentication: the card drew `random` for the key numbered `key`."""

    key: int
    random: bytes

    def answer(self, key: bytes, sent: bytes, transaction: bytes) -> tuple[bytes, Session] | None:
        """Return the card's answer and the session; None when the other side does not know the key."""
        said = decrypt(key, sent)
        theirs, ours = said[:16], said[16:]
        if ours != rotate(self.random):
            return None
        mixed = theirs[:2] + xor(theirs[2:8], self.random[:6]) + self.random[6:] + theirs[8:]
        encryption, authentication = (
            cmac(key, bytes.fromhex(label) + mixed) for label in ("A55A00010080", "5AA500010080")
        )
        session = Session(self.key, encryption, authentication, transaction)
        return encrypt(key, transaction + rotate(theirs) + bytes(12)), session


def rotate(random: bytes) -> bytes:
    """Move the first byte to the end."""
    return random[1:] + random[:1]


def checksum(key: bytes) -> bytes:
    """Return the CRC32 that goes with a new key, not complemented at the end."""
    return (zlib.crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")
