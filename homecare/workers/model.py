"""Workers and what qualifies them on a day. No input or output here."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from homecare.kernel.ids import AreaId, SkillId, WorkerId


class Language(StrEnum):
    """What a worker reads and hears: chosen once for both, on their card or on their own page."""

    FRENCH = "fr"
    EASY_FRENCH = "fr-facile"  # « facile à lire et à comprendre »: short sentences, slowly
    ENGLISH = "en"
    ARABIC = "ar"
    PORTUGUESE = "pt"
    SPANISH = "es"


class TravelMode(StrEnum):
    """How a worker goes from home to home."""

    CAR = "car"
    BIKE = "bike"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker in a list, with the contract in force on the day asked."""

    id: WorkerId
    area_id: AreaId
    area: str
    last_name: str
    first_name: str
    travel_mode: TravelMode
    weekly_minutes: int | None
    skills: list[str]

    @property
    def name(self) -> str:
        """« NOM Prénom »."""
        return f"{self.last_name.upper()} {self.first_name}"

    @property
    def initials(self) -> str:
        """Two capitals for a small round mark."""
        return f"{self.last_name[:1]}{self.first_name[:1]}".upper()


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's card. `revision` grows with each change of it: who changes it says which one they read."""

    id: WorkerId
    area_id: AreaId
    area: str
    company: str
    agreement: str
    last_name: str
    first_name: str
    phone: str | None
    language: Language
    travel_mode: TravelMode
    street: str
    postal_code: str
    city: str
    lon: float | None
    lat: float | None
    left_on: date | None
    has_code: bool
    revision: int

    @property
    def name(self) -> str:
        """« NOM Prénom »."""
        return f"{self.last_name.upper()} {self.first_name}"


@dataclass(frozen=True, slots=True)
class SkillHeld:
    """A skill with its level, valid until `until` excluded (None: no end)."""

    skill_id: SkillId
    name: str
    level: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ContractOnPaper:
    """A contract or amendment, in force from `since` until `until` excluded (None: no end)."""

    since: date
    until: date | None
    weekly_minutes: int


@dataclass(frozen=True, slots=True)
class Availability:
    """Weekly hours in which the worker may be planned: ISO weekday, wall time in Paris."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class PlannableWorker:
    """What the optimiser has to know of a worker on one day. Lists are parallel (skill ids and levels)."""

    id: WorkerId
    name: str
    agreement: str
    travel_mode: TravelMode
    lon: float | None
    lat: float | None
    weekly_minutes: int
    available: list[tuple[time, time]]
    skill_levels: dict[SkillId, int]
    banned_traits: list[str]
    refused_clients: list[int]
