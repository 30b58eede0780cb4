"""The message that an NTAG 424 DNA puts into its URL at each tap, checked with the tag's own keys. Pure.

NXP calls it SUN (secure unique NFC): the chip's uid and a counter, encrypted or in clear, and a MAC under a
key of that tap (AN12196, "Secure Dynamic Messaging"; NT4H2421Gx §9.3). The MAC covers uid and counter.
"""

import hmac
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

KEY_BYTES, UID_BYTES, COUNTER_BYTES = 16, 7, 3
_ENCRYPTED = re.compile(r"e=([0-9A-F]{32})&c=([0-9A-F]{16})")
_PLAIN = re.compile(r"uid=([0-9A-F]{14})&ctr=([0-9A-F]{6})&c=([0-9A-F]{16})")
# PICCDataTag: uid mirrored, counter mirrored, uid of 7 bytes (NT4H2421Gx, table 72).
_UID_AND_COUNTER = 0xC7
# First bytes of the session vector of the MAC key (NT4H2421Gx §9.3.9.1).
_MAC_SESSION = bytes.fromhex("3CC300010080")


@dataclass(frozen=True, slots=True, repr=False)
class TagKeys:
    """A tag's keys, 16 bytes each: the chip's master key, the key of uid and counter, the key of the MAC."""

    master: bytes
    meta: bytes
    file: bytes


@dataclass(frozen=True, slots=True)
class Tap:
    """What a message proves: this chip was read, for the `counter`-th time."""

    uid: bytes
    counter: int


def is_message(text: str) -> bool:
    """Tell whether `text` has the form of a message: the query of a tag's URL, as the chip writes it."""
    return bool(_ENCRYPTED.fullmatch(text) or _PLAIN.fullmatch(text))


def read_tap(message: str, keys: TagKeys) -> Tap | None:
    """Return what the message proves under these keys; None when it proves nothing."""
    if found := _ENCRYPTED.fullmatch(message):
        tap = _decrypt(bytes.fromhex(found[1]), keys.meta)
    elif found := _PLAIN.fullmatch(message):
        tap = Tap(bytes.fromhex(found[1]), int(found[2], 16))
    else:
        return None
    if tap is None or not hmac.compare_digest(tap_mac(tap, keys.file), bytes.fromhex(found[found.re.groups])):
        return None
    return tap


def session_key(tap: Tap, key: bytes) -> bytes:
    """Return the key of this tap's MAC (KSesSDMFileReadMAC)."""
    return _cmac(key, _MAC_SESSION + tap.uid + tap.counter.to_bytes(COUNTER_BYTES, "little"))


def tap_mac(tap: Tap, key: bytes) -> bytes:
    """Return the MAC that the chip mirrors: every second byte of a CMAC over nothing under the tap's key."""
    return _cmac(session_key(tap, key), b"")[1::2]


def _decrypt(block: bytes, key: bytes) -> Tap | None:
    decryptor = Cipher(AES(key), CBC(bytes(16))).decryptor()
    plain = decryptor.update(block) + decryptor.finalize()
    if plain[0] != _UID_AND_COUNTER:
        return None
    uid, counter = plain[1 : 1 + UID_BYTES], plain[1 + UID_BYTES : 1 + UID_BYTES + COUNTER_BYTES]
    return Tap(uid, int.from_bytes(counter, "little"))


def _cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()
