"""An authenticated session with an NTAG 424: keys shown on both sides, commands encrypted and signed.

AuthenticateEV2First and full communication mode (NXP NT4H2421Gx §9.1, AN12196). `send` carries one APDU to
the chip and returns its answer with the two status bytes. Nothing here knows a reader.
"""

import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

type Send = Callable[[bytes], bytes]

AUTHENTICATE, CONTINUE, CHANGE_KEY, CHANGE_FILE_SETTINGS = 0x71, 0xAF, 0xC4, 0x5F
DONE, MORE = b"\x91\x00", b"\x91\xaf"
BLOCK = 16


class ChipError(Exception):
    """The chip refused, or is not who it should be."""


def authenticate(send: Send, number: int, key: bytes, *, random: bytes) -> "Session":
    """Open a session with the key of this number. `random`: 16 bytes. Raises ChipError for a wrong key."""
    sealed = _ask(send, AUTHENTICATE, bytes([number, 0]), expected=MORE)
    theirs = _decrypt(key, sealed)
    answer = _decrypt(key, _ask(send, CONTINUE, _encrypt(key, random + _rotate(theirs))))
    if not hmac.compare_digest(answer[4:20], _rotate(random)):
        raise ChipError("the chip does not know the key")
    crossed = bytes(a ^ b for a, b in zip(random[2:8], theirs[:6], strict=True))
    mixed = random[:2] + crossed + theirs[6:] + random[8:]
    encryption, authentication = (
        _cmac(key, bytes.fromhex(label) + mixed) for label in ("A55A00010080", "5AA500010080")
    )
    return Session(send, number, encryption, authentication, answer[:4])


@dataclass(slots=True)
class Session:
    """What both sides know now; `commands` counts those that were carried out."""

    send: Send
    number: int
    encryption: bytes
    authentication: bytes
    transaction: bytes
    commands: int = 0

    def change_file_settings(self, file: int, settings: bytes) -> None:
        """Change how a file is read and written. Raises ChipError."""
        self._command(CHANGE_FILE_SETTINGS, bytes([file]), settings)

    def change_key(self, number: int, *, new: bytes, old: bytes, version: int = 1) -> None:
        """Change a key; that of the session itself ends it. Raises ChipError, also when `old` is wrong."""
        if number == self.number:
            self._command(CHANGE_KEY, bytes([number]), new + bytes([version]), is_last=True)
            return
        mixed = bytes(a ^ b for a, b in zip(new, old, strict=True))
        self._command(CHANGE_KEY, bytes([number]), mixed + bytes([version]) + checksum(new))

    def _command(self, code: int, header: bytes, data: bytes, *, is_last: bool = False) -> None:
        count = self.commands.to_bytes(2, "little")
        iv = _encrypt(self.encryption, b"\xa5\x5a" + self.transaction + count + bytes(8))
        padded = data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)
        sealed = _encrypt(self.encryption, padded, iv)
        mac = _mac(self.authentication, bytes([code]) + count + self.transaction + header + sealed)
        answer = _ask(self.send, code, header + sealed + mac)
        self.commands += 1
        said = b"\0" + self.commands.to_bytes(2, "little") + self.transaction
        if not is_last and not hmac.compare_digest(answer, _mac(self.authentication, said)):
            raise ChipError("the answer was not signed by the chip")


def checksum(key: bytes) -> bytes:
    """Return the CRC32 that goes with a new key, lowest byte first, not complemented at the end."""
    return (zlib.crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")


def _ask(send: Send, code: int, data: bytes, *, expected: bytes = DONE) -> bytes:
    answer = send(bytes([0x90, code, 0, 0, len(data)]) + data + b"\0")
    if answer[-2:] != expected:
        raise ChipError(f"command {code:02X} refused: {answer[-2:].hex()}")
    return answer[:-2]


def _rotate(random: bytes) -> bytes:
    return random[1:] + random[:1]


def _encrypt(key: bytes, text: bytes, iv: bytes = bytes(BLOCK)) -> bytes:
    encryptor = Cipher(AES(key), CBC(iv)).encryptor()
    return encryptor.update(text) + encryptor.finalize()


def _decrypt(key: bytes, text: bytes) -> bytes:
    if not text or len(text) % BLOCK:
        raise ChipError("the chip answered no whole blocks")
    decryptor = Cipher(AES(key), CBC(bytes(BLOCK))).decryptor()
    return decryptor.update(text) + decryptor.finalize()


def _cmac(key: bytes, text: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(text)
    return mac.finalize()


def _mac(key: bytes, text: bytes) -> bytes:
    return _cmac(key, text)[1::2]
