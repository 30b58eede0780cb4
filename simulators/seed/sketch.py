"""What is drawn of the agency, before anything is written: plain values, no ids."""

from dataclasses import dataclass, field
from datetime import date, time

from homecare.payers.model import PayerKind
from homecare.punches.model import Proof
from homecare.workers.model import TravelMode


@dataclass(frozen=True, slots=True)
class Place:
    """A front door. `lon` and `lat` are degrees (WGS 84)."""

    street: str
    postal_code: str
    city: str
    commune_code: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class CompanySketch:
    """A legal entity."""

    name: str
    siret: str
    iban: str
    agreement: str


@dataclass(frozen=True, slots=True)
class SectorSketch:
    """An area, of the company of that rank: by its communes, or by a drawn outline where there are none."""

    name: str
    company: int
    communes: tuple[str, ...]
    outline: str | None
    duty_number: str


@dataclass(frozen=True, slots=True)
class Need:
    """A weekly recurrence. ISO weekdays; the start may move by `flexible_minutes` either way."""

    service: str
    weekdays: tuple[int, ...]
    starts: time
    minutes: int
    flexible_minutes: int


@dataclass(frozen=True, slots=True)
class ClientSketch:
    """A client with a home. `strict`: late from the very minute; `device`: what stands there, if anything."""

    sector: int
    civility: str
    last_name: str
    first_name: str
    fragile: bool
    strict: bool
    instructions: str
    place: Place
    line: str | None
    has_tag: bool
    traits: tuple[str, ...]
    needs: tuple[Need, ...]
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SkillSketch:
    """A skill held until `until` excluded (None: no end)."""

    name: str
    level: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours in which the worker may be planned."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class WorkerSketch:
    """A worker with a contract, skills, hours, a badge and an account for the telephone."""

    sector: int
    last_name: str
    first_name: str
    nir: str
    email: str
    phone: str
    travel_mode: TravelMode
    place: Place
    hired_on: date
    weekly_minutes: int
    skills: tuple[SkillSketch, ...]
    hours: tuple[Hours, ...]
    badge: str
    bans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeSketch:
    """Somebody of the office. `sector` None: all of them."""

    name: str
    email: str
    role: str
    sector: int | None = None


@dataclass(frozen=True, slots=True)
class PayerSketch:
    """A payer, the least proof that it asks (None: nothing), and the ranks of the clients it pays for."""

    kind: PayerKind
    name: str
    minimum: Proof | None
    clients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The whole agency."""

    name: str
    called_number: str
    second_number: str
    companies: tuple[CompanySketch, ...]
    sectors: tuple[SectorSketch, ...]
    office: tuple[OfficeSketch, ...]
    clients: tuple[ClientSketch, ...]
    workers: tuple[WorkerSketch, ...]
    refusals: tuple[tuple[int, int], ...] = field(default=())
    """Ranks of clients and of the workers they do not want."""
    payers: tuple[PayerSketch, ...] = ()
