"""Making a tag of ours out of a blank chip: its address, its keys, what it says at each reading.

It may be begun again with the same keys after the chip was taken away in the middle.
"""

from dataclasses import dataclass

import ndef  # type: ignore[import-untyped]

from nfc_gateway.ev2 import ChipError, Send, Session, authenticate

FACTORY_KEY = bytes(16)
MASTER, META, FILE = 0, 1, 2
NDEF_FILE = 2
_PICC, _MAC = "e=", "&c="
# Mirroring on; reading free, all else under the master key; uid and counter mirrored in ASCII, under the key
# META; the MAC under the key FILE; no reading of the counter (NT4H2421Gx §10.7.1).
_SETTINGS = bytes.fromhex("4000E0C1") + (META << 12 | FILE << 8 | 0xFF).to_bytes(2, "little")


@dataclass(frozen=True, slots=True, repr=False)
class ChipKeys:
    """The keys that the chip is given, 16 bytes each."""

    master: bytes
    meta: bytes
    file: bytes


def blank_address(url: str) -> str:
    """Return the address with room for what the chip writes into it at each reading."""
    return f"{url}?{_PICC}{'0' * 32}{_MAC}{'0' * 16}"


def file_settings(address: str) -> bytes:
    """Return the settings that mirror uid, counter and MAC into the file that holds this address."""
    message = b"".join(ndef.message_encoder([ndef.UriRecord(address)]))
    picc = (
        2 + message.index(b"?" + _PICC.encode()) + 1 + len(_PICC)
    )  # the file begins with the message's length
    mac = 2 + message.index(_MAC.encode(), picc - 2) + len(_MAC)
    return _SETTINGS + b"".join(at.to_bytes(3, "little") for at in (picc, mac, mac))


def personalise(send: Send, keys: ChipKeys, *, address: str, random: bytes) -> None:
    """Give the chip its settings and its keys; the address is written already. Raises ChipError."""
    session = _open(send, keys, random=random)
    session.change_file_settings(NDEF_FILE, file_settings(address))
    for number, new in ((META, keys.meta), (FILE, keys.file)):
        session = _give_key(send, session, keys, number, new, random=random)
    session.change_key(MASTER, new=keys.master, old=FACTORY_KEY)


def _open(send: Send, keys: ChipKeys, *, random: bytes) -> Session:
    """Open a session as with a new chip, else as with one that has its master key already."""
    try:
        return authenticate(send, MASTER, FACTORY_KEY, random=random)
    except ChipError:
        return authenticate(send, MASTER, keys.master, random=random)


def _give_key(
    send: Send, session: Session, keys: ChipKeys, number: int, new: bytes, *, random: bytes
) -> Session:
    try:
        session.change_key(number, new=new, old=FACTORY_KEY)
    except ChipError:  # it has the key already, from a first attempt; a refusal ends the session
        session = _open(send, keys, random=random)
        session.change_key(number, new=new, old=new)
    return session
