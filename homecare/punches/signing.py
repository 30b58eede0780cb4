"""An entry that a worker's telephone signed: what it says of itself, and what does not fit in it. Pure.

The text is JSON, signed byte for byte by the telephone's key and kept byte for byte in the claim, so that the
signature can be checked for ever. Beside the punch itself (`realtime.checkin_wire`) it carries:

    "key":      the punch's own number, which is its identity
    "phone":    the telephone: SHA-256 of its public key
    "number":   1, 2, 3… on this telephone, never twice
    "previous": SHA-256 of the entry before it; of the first one, the telephone's id
    "clock":    {"boot": the page's run, "mono": ms since it began, "latest": the latest instant that this
                 telephone's clock ever showed, "seen": the agency's last answer, as {"server", "phone",
                 "boot", "mono"}, or null}; instants in ms since 1970
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel.errors import InvalidError
from homecare.punches.model import Claim

SIGNED_FIELDS = frozenset({"key", "phone", "number", "previous", "clock"})
SIGNATURE_BYTES = 64
HASH_DIGITS = 64
SLACK_MS = 60_000
"""What a clock may go back by itself: the network's time corrects it by seconds."""
WRONG_SECONDS = 120
FURTHEST_SKEW = 10 * 366 * 86_400
"""What is kept of a skew at most, in seconds: a clock may claim any year."""
_CLOCK = frozenset({"boot", "mono", "latest", "seen"})
_SEEN = frozenset({"server", "phone", "boot", "mono"})
_NO_ENTRY = "La signature de ce pointage est illisible."


class Flag(StrEnum):
    """What does not fit in a signed punch, which is kept all the same."""

    GAP = "gap"
    FORK = "fork"
    CLOCK_BACK = "clock_back"
    CLOCK_WRONG = "clock_wrong"
    UNKNOWN_PHONE = "unknown_phone"


@dataclass(frozen=True, slots=True)
class Seen:
    """The agency's last answer: its instant, the phone's, and where in which run of the page. In ms."""

    server: int
    phone: int
    boot: str
    mono: int


@dataclass(frozen=True, slots=True)
class PhoneClock:
    """The telephone's clocks at the gesture. In ms."""

    boot: str
    mono: int
    latest: int
    seen: Seen | None

    @property
    def skew_seconds(self) -> int | None:
        """By how much the phone's clock was ahead of the agency's, as it measured itself."""
        return None if self.seen is None else bound_skew((self.seen.phone - self.seen.server) / 1000)

    def went_back(self, at: datetime) -> bool:
        """Tell whether the clock had been set back before it showed `at`.

        It must be no earlier than it was ever seen, and must have gone on with the time that passed since
        the agency's last answer, which counts on whatever the clock is set to. (Forward is not told: that
        count rests while a telephone sleeps.)
        """
        shown = round(at.timestamp() * 1000)
        if shown < self.latest - SLACK_MS:
            return True
        seen = self.seen
        if seen is None or seen.boot != self.boot:
            return False
        return shown - seen.phone < self.mono - seen.mono - SLACK_MS


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """A signed text and what it says of itself. `at` is the instant that the telephone showed: real time."""

    text: str
    signature: bytes
    key: str
    phone: str
    number: int
    previous: bytes
    at: datetime
    clock: PhoneClock

    @property
    def hash(self) -> bytes:
        """What the next entry of the telephone names as its previous."""
        return hashlib.sha256(self.text.encode()).digest()

    def record(self) -> dict[str, str]:
        """Return what the claim keeps of it, under `signed`."""
        return {"text": self.text, "signature": write_bytes(self.signature)}


def bound_skew(seconds: float) -> int:
    """Return by how much a clock is ahead as it is kept: whole seconds, within `FURTHEST_SKEW`."""
    return round(max(-FURTHEST_SKEW, min(FURTHEST_SKEW, seconds)))


def write_bytes(value: bytes) -> str:
    """Return bytes as base64url without padding, as the telephone writes them."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def read_bytes(text: object) -> bytes:
    """Return what `write_bytes` wrote. Raises `InvalidError`."""
    try:
        value = base64.b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except ValueError:
        value = b""
    if not isinstance(text, str) or write_bytes(value) != text:
        raise InvalidError(_NO_ENTRY)
    return value


def read_entry(text: str, signature: str, fields: Mapping[str, object]) -> SignedEntry:
    """Return the entry of a signed text, whose JSON object is `fields`. Raises `InvalidError`."""
    raw = read_bytes(signature)
    match fields:
        case {
            "key": str(key),
            "phone": str(phone),
            "number": int(number),
            "previous": str(previous),
            "at": str(at),
        } if _is_hash(phone) and _is_hash(previous) and _is_count(number) and number > 0:
            if len(raw) != SIGNATURE_BYTES or not text.isascii():
                raise InvalidError(_NO_ENTRY)
            clock = _read_clock(fields.get("clock"))
            return SignedEntry(
                text, raw, key, phone, number, bytes.fromhex(previous), _read_instant(at), clock
            )
        case _:
            raise InvalidError(_NO_ENTRY)


def entry_of(claim: Claim) -> SignedEntry | None:
    """Return the signed entry that a claim keeps; None for one that was not signed."""
    match claim.details.get("signed"):
        case {"text": str(text), "signature": str(signature)}:
            return read_entry(text, signature, json.loads(text))
        case _:
            return None


def _read_instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidError(_NO_ENTRY)
    return at


def _is_hash(text: str) -> bool:
    return len(text) == HASH_DIGITS and set(text) <= set("0123456789abcdef")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _has(value: object, fields: frozenset[str]) -> bool:
    return isinstance(value, dict) and set(value) == fields


def _read_clock(value: object) -> PhoneClock:
    match value:
        case {"boot": str(boot), "mono": int(mono), "latest": int(latest), "seen": seen} if (
            _has(value, _CLOCK) and len(boot) <= HASH_DIGITS and _is_count(mono) and _is_count(latest)
        ):
            return PhoneClock(boot, mono, latest, _read_seen(seen))
        case _:
            raise InvalidError(_NO_ENTRY)


def _read_seen(value: object) -> Seen | None:
    match value:
        case None:
            return None
        case {"server": int(server), "phone": int(phone), "boot": str(boot), "mono": int(mono)} if (
            _has(value, _SEEN) and len(boot) <= HASH_DIGITS and all(map(_is_count, (server, phone, mono)))
        ):
            return Seen(server, phone, boot, mono)
        case _:
            raise InvalidError(_NO_ENTRY)
