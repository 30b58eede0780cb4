"""The words between devices and core: topics, and payloads in JSON, version 1. Imports nothing of ours.

    ponctuel/v1/<organisation>/<device>/punch    device → core   Punch
    ponctuel/v1/<organisation>/<device>/ack      core → device   Ack
    ponctuel/v1/<organisation>/<device>/status   device → all    DeviceStatus, retained, also the last will

Decoding is strict: a field that is not in the format is refused, so that a position at the time of a punch
can never travel. What is refused carries its reason (`Refusal`), which the device gets in its `Ack`.
"""

import json
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

VERSION = 1
MAX_BYTES = 2048
ROOT = "ponctuel/v1"
ALL_PUNCHES = f"$share/core/{ROOT}/+/+/punch"
ALL_STATUSES = f"{ROOT}/+/+/status"  # not shared: a broker sends retained messages to no shared subscription

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_REF = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
SUN = re.compile(r"[A-Za-z0-9=&]{1,128}")
_REASON = re.compile(r"[a-z0-9_-]{1,64}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")


class Subject(StrEnum):
    """The last word of a topic."""

    PUNCH = "punch"
    ACK = "ack"
    STATUS = "status"


class Edge(StrEnum):
    """Which end of the visit, when the device knows."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class AckStatus(StrEnum):
    """What became of a punch. Each is final: the device keeps it no longer."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a punch will never be taken."""

    NOT_JSON = "not-json"
    TOO_LARGE = "too-large"
    WRONG_VERSION = "wrong-version"
    UNKNOWN_FIELD = "unknown-field"
    MISSING_FIELD = "missing-field"
    BAD_FIELD = "bad-field"
    EMPTY = "empty"
    UNKNOWN_DEVICE = "unknown-device"
    FUTURE = "future"
    ANCIENT = "ancient"
    REJECTED = "rejected"


class WireError(ValueError):
    """A message that is not in the format. `ref` is the punch's, when at least that could be read."""

    def __init__(self, refusal: Refusal, detail: str, *, ref: str | None = None) -> None:
        """Keep the typed reason; `detail` names the field, never its value."""
        super().__init__(f"{refusal}: {detail}")
        self.refusal = refusal
        self.detail = detail
        self.ref = ref


@dataclass(frozen=True, slots=True)
class Address:
    """A device and the organisation that it says it belongs to (its number), as topics name them.

    Each is 1 to 40 lower-case letters, digits and inner hyphens. A device's name is its user name at the
    broker, which lets it write under that name alone; whether the organisation is its own, the core checks.
    """

    organisation: str
    device: str

    def topic(self, subject: Subject) -> str:
        """Return the device's topic on this subject."""
        return f"{ROOT}/{self.organisation}/{self.device}/{subject}"


@dataclass(frozen=True, slots=True)
class Punch:
    """One tap or entry as the device saw it: real time, in UTC; a tag, a badge or both.

    `sun` is the query of the tag's URL when it has one: what a tag that proves itself says at this tap.
    """

    ref: str
    at: datetime
    tag: str | None = None
    badge: str | None = None
    edge: Edge | None = None
    sun: str | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """The core's final answer. `ref` is null when the refused payload had none that could be read."""

    ref: str | None
    status: AckStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """Whether the device is there, and how it feels; `offline` alone is what its last will says."""

    online: bool
    waiting: int | None = None
    reader: bool | None = None


def read_topic(topic: str) -> tuple[Address, Subject]:
    """Return whose topic this is and its subject. Raises ValueError on any other topic."""
    match topic.removeprefix(f"{ROOT}/").split("/"):
        case [organisation, device, subject] if (
            topic.startswith(f"{ROOT}/") and _NAME.fullmatch(organisation) and _NAME.fullmatch(device)
        ):
            return Address(organisation, device), Subject(subject)
        case _:
            raise ValueError(f"not a topic of ours: {topic!r}")


def encode_punch(punch: Punch) -> bytes:
    """Write a punch. `sun` is left out when there is none, as by devices that never heard of it."""
    sun = {} if punch.sun is None else {"sun": punch.sun}
    return _write(
        v=VERSION,
        ref=punch.ref,
        at=punch.at.astimezone(UTC).isoformat(),
        tag=punch.tag,
        badge=punch.badge,
        edge=punch.edge,
        **sun,
    )


def decode_punch(payload: bytes) -> Punch:
    """Read a punch. Raises WireError."""
    if len(payload) > MAX_BYTES:
        raise WireError(Refusal.TOO_LARGE, f"{len(payload)} bytes")
    fields = _read_object(payload)
    try:
        return _read_punch(fields)
    except WireError as error:
        ref = fields.get("ref")
        error.ref = ref if isinstance(ref, str) and _REF.fullmatch(ref) else None
        raise


def _read_punch(fields: Mapping[str, object]) -> Punch:
    fields = {"sun": None, **fields}
    _expect(fields, {"v", "ref", "at", "tag", "badge", "edge", "sun"})
    punch = Punch(
        ref=_read(fields, "ref", _text(_REF)),
        at=_read(fields, "at", _instant),
        tag=_optional(fields, "tag", _text(_TOKEN)),
        badge=_optional(fields, "badge", _text(_TOKEN)),
        edge=_optional(fields, "edge", _word(Edge)),
        sun=_optional(fields, "sun", _text(SUN)),
    )
    if punch.tag is None and punch.badge is None:
        raise WireError(Refusal.EMPTY, "neither tag nor badge")
    if punch.tag is None and punch.sun is not None:
        raise WireError(Refusal.BAD_FIELD, "sun")
    return punch


def encode_ack(ack: Ack) -> bytes:
    """Write an acknowledgement."""
    return _write(v=VERSION, ref=ack.ref, status=ack.status, reason=ack.reason)


def decode_ack(payload: bytes) -> Ack:
    """Read an acknowledgement. Raises WireError."""
    fields = _read_object(payload)
    _expect(fields, {"v", "ref", "status", "reason"})
    return Ack(
        ref=_optional(fields, "ref", _text(_REF)),
        status=_read(fields, "status", _word(AckStatus)),
        reason=_optional(fields, "reason", _text(_REASON)),
    )


OFFLINE = b'{"status":"offline"}'


def encode_status(status: DeviceStatus) -> bytes:
    """Write a status."""
    if not status.online:
        return OFFLINE
    return _write(status="online", waiting=status.waiting, reader=status.reader)


def decode_status(payload: bytes) -> DeviceStatus:
    """Read a status; what an older or simpler device leaves out is None. Raises WireError."""
    fields = {"waiting": None, "reader": None, **_read_object(payload)}
    _expect(fields, {"status", "waiting", "reader"}, versioned=False)
    return DeviceStatus(
        online=_read(fields, "status", _presence),
        waiting=_optional(fields, "waiting", _count),
        reader=_optional(fields, "reader", _flag),
    )


def _write(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()


def _read_object(payload: bytes) -> dict[str, object]:
    """Parse one JSON object in UTF-8; a repeated field, NaN or a nest too deep is no JSON of ours."""
    try:
        value = json.loads(payload.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(Refusal.NOT_JSON, type(error).__name__) from error
    if not isinstance(value, dict):
        raise WireError(Refusal.NOT_JSON, "not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("repeated field")
    return fields


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _expect(fields: Mapping[str, object], names: AbstractSet[str], *, versioned: bool = True) -> None:
    """Check the version first: another version may well have other fields."""
    if versioned and (type(fields.get("v")) is not int or fields["v"] != VERSION):
        raise WireError(Refusal.WRONG_VERSION, "v")
    if unknown := fields.keys() - names:
        raise WireError(Refusal.UNKNOWN_FIELD, f"{len(unknown)} unknown")
    if missing := names - fields.keys():
        raise WireError(Refusal.MISSING_FIELD, ", ".join(sorted(missing)))


def _read[T](fields: Mapping[str, object], name: str, read: Callable[[object], T]) -> T:
    try:
        return read(fields[name])
    except (ValueError, TypeError, OverflowError) as error:
        raise WireError(Refusal.BAD_FIELD, name) from error


def _optional[T](fields: Mapping[str, object], name: str, read: Callable[[object], T]) -> T | None:
    return None if fields[name] is None else _read(fields, name, read)


def _text(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(value)
        return value

    return read


def _word[E: StrEnum](words: type[E]) -> Callable[[object], E]:
    def read(value: object) -> E:
        if not isinstance(value, str):
            raise TypeError(value)
        return words(value)

    return read


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError(value)
    return datetime.fromisoformat(value).astimezone(UTC)


def _presence(value: object) -> bool:
    if value not in ("online", "offline"):
        raise ValueError(value)
    return value == "online"


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value
