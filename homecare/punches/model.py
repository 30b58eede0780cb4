"""What a source claims and what the core answers. No input or output here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from homecare.kernel.ids import HomeId, OrganisationId, PunchId, SiteId, TabletId, VisitId, WorkerId

_IN_ORDER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


class Channel(StrEnum):
    """How the punch came in."""

    PHONE = "phone"
    NFC = "nfc"
    QR = "qr"
    APP = "app"
    BOX = "box"
    MANUAL = "manual"


class Edge(StrEnum):
    """Which end of the visit a punch marks."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class PlaceCheck(StrEnum):
    """What the phone itself found out about the place. A position never leaves the phone (CNIL)."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """Grade of proof, best first: self-proving tag or rolling code, home line, static code, declared."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Line:
    """The caller's number, as the network gave it: it names a home at most, never a worker."""

    number: str


@dataclass(frozen=True, slots=True)
class MissedCall:
    """The number of a line without keys, which let the agency's number ring and was rung back."""

    number: str


@dataclass(frozen=True, slots=True)
class HomeCode:
    """The code printed at the home, keyed on a telephone that is not the home's."""

    code: str


@dataclass(frozen=True, slots=True)
class RollingCode:
    """Eight digits of a code device, keyed in a call that was answered at `called_at`, a real instant."""

    code: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class CodeDevice:
    """The code device of a home, which showed the code of this step of thirty seconds."""

    id: int
    step: int


@dataclass(frozen=True, slots=True)
class Tag:
    """What an NFC tag at the home says: its uid or its URL's token."""

    token: str


@dataclass(frozen=True, slots=True)
class Sun:
    """What a tag that proves itself says at this tap: its URL's token and its message (`clients.sun`)."""

    token: str
    message: str


@dataclass(frozen=True, slots=True)
class Qr:
    """The token of the code printed on the home's label."""

    token: str


@dataclass(frozen=True, slots=True)
class Device:
    """A box or reader registered to a home."""

    name: str


@dataclass(frozen=True, slots=True)
class Home:
    """A home chosen by its id, on the worker's own screen."""

    id: HomeId


@dataclass(frozen=True, slots=True)
class Site:
    """Another place agreed with a client (`clients.sites`), chosen by its id on the worker's own screen."""

    id: SiteId


@dataclass(frozen=True, slots=True)
class SiteCode:
    """A site, by a code that its tablet showed during one half minute (`punches.site_codes`).

    `is_fresh`: it arrived at once, so that its time does not rest on the telephone's clock alone.
    """

    site: SiteId
    tablet: TabletId
    moment: int
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Nowhere:
    """No place was given."""


type Where = (
    Line
    | MissedCall
    | HomeCode
    | RollingCode
    | CodeDevice
    | Tag
    | Sun
    | Qr
    | Device
    | Home
    | Site
    | SiteCode
    | Nowhere
)


@dataclass(frozen=True, slots=True)
class WorkerCode:
    """The worker's keyed code, as its HMAC (`kernel.ids.code_hash`): the code itself is kept nowhere."""

    hash: bytes


@dataclass(frozen=True, slots=True)
class Badge:
    """The uid of the worker's badge."""

    token: str


@dataclass(frozen=True, slots=True)
class SignedInWorker:
    """The worker who is signed in on the phone that punches."""

    id: WorkerId


@dataclass(frozen=True, slots=True)
class PlannedWorker:
    """The only worker whom the plan expected there; whoever was there has not gainsaid it."""

    id: WorkerId


@dataclass(frozen=True, slots=True)
class Nobody:
    """No worker was given."""


type Who = WorkerCode | Badge | SignedInWorker | PlannedWorker | Nobody


@dataclass(frozen=True, slots=True)
class Claim:
    """One punch as its source states it.

    `(organisation, channel, source_ref)` is its identity, given by the source: a resend carries the same.
    `punched_at` is the claimed instant, already converted by `Clock.at`. `details` holds what the
    channel adds (JSON values; never a position).
    """

    organisation: OrganisationId
    channel: Channel
    source_ref: str
    punched_at: datetime
    where: Where = field(default_factory=Nowhere)
    who: Who = field(default_factory=Nobody)
    edge: Edge | None = None
    place_check: PlaceCheck = PlaceCheck.UNKNOWN
    details: Mapping[str, object] = field(default_factory=dict)

    def digest(self) -> bytes:
        """Return the SHA-256 of what the source said: the same key with another digest is a conflict."""
        return hashlib.sha256(claim_text(self).encode()).digest()

    def proof(self) -> Proof:
        """Return the grade of proof of this claim, once it is kept: what proves nothing is not."""
        match self.where:
            case CodeDevice() | Sun():
                return Proof.A
            case Line() | Device() | SiteCode(is_fresh=True):
                return Proof.B
            case HomeCode() | Tag() | Qr() | SiteCode():
                return Proof.C
            case RollingCode() | MissedCall() | Home() | Site() | Nowhere():
                return Proof.D


def claim_record(claim: Claim) -> dict[str, object]:
    """Return the claim as plain JSON values: what is digested, spooled and stored raw."""
    return {
        "organisation": claim.organisation,
        "channel": claim.channel.value,
        "source_ref": claim.source_ref,
        "punched_at": claim.punched_at.isoformat(),
        "where": _where_record(claim.where),
        "who": _who_record(claim.who),
        "edge": claim.edge and claim.edge.value,
        "place_check": claim.place_check.value,
        "details": dict(claim.details),
    }


def claim_text(claim: Claim) -> str:
    """Return `claim_record` as the one text that is digested: JSON, keys in order, no blanks, ASCII."""
    return _IN_ORDER.encode(claim_record(claim))


def read_claim(record: Mapping[str, object]) -> Claim:
    """Return the claim that `claim_record` wrote. Raises KeyError or ValueError on anything else."""
    organisation, edge, details = record["organisation"], record["edge"], record["details"]
    if not isinstance(organisation, int) or not isinstance(details, dict):
        raise ValueError("not a claim")  # noqa: TRY004 - the caller tells records from other texts
    return Claim(
        organisation=OrganisationId(organisation),
        channel=Channel(str(record["channel"])),
        source_ref=str(record["source_ref"]),
        punched_at=datetime.fromisoformat(str(record["punched_at"])),
        where=_read_where(record["where"]),
        who=_read_who(record["who"]),
        edge=None if edge is None else Edge(str(edge)),
        place_check=PlaceCheck(str(record["place_check"])),
        details=details,
    )


# Places that one text names.
_NAMED: Mapping[str, type[Line | MissedCall | HomeCode | Tag | Qr | Device]] = {
    "line": Line,
    "missed_call": MissedCall,
    "home_code": HomeCode,
    "tag": Tag,
    "qr": Qr,
    "device": Device,
}
_NAMES = {place: name for name, place in _NAMED.items()}


def _where_record(where: Where) -> list[object]:
    match where:
        case Line(text) | MissedCall(text) | HomeCode(text) | Tag(text) | Qr(text) | Device(text):
            return [_NAMES[type(where)], text]
        case RollingCode(code, called_at):
            return ["rolling_code", code, called_at.isoformat()]
        case CodeDevice(id=device, step=step):
            return ["code_device", device, step]
        case Sun(token, message):
            return ["sun", token, message]
        case Home(id=home):
            return ["home", int(home)]
        case Site(id=site):
            return ["site", int(site)]
        case SiteCode(site, tablet, moment, is_fresh):
            return ["site_code", int(site), int(tablet), moment, is_fresh]
        case Nowhere():
            return ["nowhere"]


def _read_where(record: object) -> Where:
    match record:
        case [str(name), str(text)] if name in _NAMED:
            return _NAMED[name](text)
        case ["rolling_code", str(code), str(called_at)]:
            return RollingCode(code, datetime.fromisoformat(called_at))
        case ["code_device", int(device), int(step)]:
            return CodeDevice(device, step)
        case ["sun", str(token), str(message)]:
            return Sun(token, message)
        case ["home", int(home)]:
            return Home(HomeId(home))
        case ["site", int(site)]:
            return Site(SiteId(site))
        case ["site_code", int(site), int(tablet), int(moment), bool(is_fresh)]:
            return SiteCode(SiteId(site), TabletId(tablet), moment, is_fresh)
        case ["nowhere"]:
            return Nowhere()
        case _:
            raise ValueError("not a place")


def _who_record(who: Who) -> list[object]:
    match who:
        case WorkerCode(hash=code):
            return ["code", code.hex()]
        case Badge(token):
            return ["badge", token]
        case SignedInWorker(id=worker):
            return ["worker", int(worker)]
        case PlannedWorker(id=worker):
            return ["planned", int(worker)]
        case Nobody():
            return ["nobody"]


def _read_who(record: object) -> Who:
    match record:
        case ["code", str(code)]:
            return WorkerCode(bytes.fromhex(code))
        case ["badge", str(token)]:
            return Badge(token)
        case ["worker", int(worker)]:
            return SignedInWorker(WorkerId(worker))
        case ["planned", int(worker)]:
            return PlannedWorker(WorkerId(worker))
        case ["nobody"]:
            return Nobody()
        case _:
            raise ValueError("not a person")


class Status(StrEnum):
    """What became of a claim."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


class TagRefusal(StrEnum):
    """Why a tap is no punch. The value is the status of the attempt that is noted (`punch_refusals`)."""

    UNPROVED = "tag_unproved"
    FORGED = "tag_forged"
    REPLAYED = "tag_replayed"
    FOREIGN = "foreign_code"


class CodeTrouble(StrEnum):
    """Why a rolling code proves nothing. The value is the status of the attempt (`punch_refusals`)."""

    WRONG = "rolling_wrong"
    EXPIRED = "rolling_expired"
    USED = "rolling_used"
    INACTIVE = "rolling_inactive"


class Doubt(StrEnum):
    """Why a punch has no visit of its own, so that somebody looks at it. A value, never an exception.

    Nobody has to look at one that repeats another, nor at a badge at the agency's own reader, nor at one that
    a coordinator rejected.
    """

    UNKNOWN_HOME = "unknown_home"
    UNKNOWN_WORKER = "unknown_worker"
    NO_VISIT = "no_visit"
    SEVERAL_VISITS = "several_visits"
    REPEATED = "repeated"
    PENDING = "pending"
    AT_AGENCY = "at_agency"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The core's answer to a claim. `punched_at` is the stored time, the one that is read back.

    A claim that is refused is not stored: it has a `refusal` and no `punch`.
    """

    source_ref: str
    status: Status
    punch: PunchId | None
    punched_at: datetime
    edge: Edge | None = None
    visit: VisitId | None = None
    worker_first_name: str | None = None
    doubt: Doubt | None = None
    refusal: TagRefusal | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer when the database is away: the claim is safe in the spool and will be replayed once."""

    source_ref: str
    punched_at: datetime
