"""Visits as values. No input or output here."""

from dataclasses import dataclass
from datetime import date, datetime, time

from homecare.kernel.ids import (
    AreaId,
    ClientId,
    HomeId,
    RecurrenceId,
    RunId,
    ServiceId,
    SkillId,
    UserId,
    VisitId,
    WorkerId,
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What makes visits: days of the week and a wall time in Paris, within a half-open period of dates."""

    id: RecurrenceId
    client_id: ClientId
    home_id: HomeId
    service_id: ServiceId
    service: str
    weekdays: list[int]
    starts: time
    minutes: int
    flexible_minutes: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with the names that screens show. All instants are aware, in UTC."""

    id: VisitId
    area_id: AreaId
    client_id: ClientId
    client_last_name: str
    client_first_name: str
    home_id: HomeId
    service_id: ServiceId
    service: str
    worker_id: WorkerId | None
    worker_last_name: str | None
    worker_first_name: str | None
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime
    pinned: bool
    published_at: datetime | None
    cancelled_at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None
    revision: int

    @property
    def minutes(self) -> int:
        """Planned length."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def client(self) -> str:
        """« NOM Prénom » of the person visited."""
        return f"{self.client_last_name.upper()} {self.client_first_name}".strip()

    @property
    def worker(self) -> str | None:
        """« NOM Prénom » of the worker, None while nobody is assigned."""
        if self.worker_last_name is None:
            return None
        return f"{self.worker_last_name.upper()} {self.worker_first_name or ''}".strip()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visit that a punch may belong to. With an outing its departure may be punched elsewhere."""

    id: VisitId
    area_id: AreaId
    home_id: HomeId
    worker_id: WorkerId
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    has_outing: bool = False


@dataclass(frozen=True, slots=True)
class PlannableVisit:
    """What the optimiser has to know of a visit. `mandatory_skills` maps a skill to its least level."""

    id: VisitId
    client_id: ClientId
    lon: float | None
    lat: float | None
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime
    worker_id: WorkerId | None
    pinned: bool
    fragile: bool
    revision: int
    mandatory_skills: dict[SkillId, int]
    traits: list[str]
    usual_workers: list[WorkerId]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the optimiser over one area and one day."""

    id: RunId
    area_id: AreaId
    area: str
    day: date
    seed: int
    seconds: int
    status: str
    asked_by: UserId | None
    asked_by_name: str | None
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    stop_asked: bool
    progress: list[dict[str, object]]
    instance_hash: str | None
    outcome: dict[str, object] | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a run proposes for one visit, beside what stands."""

    visit_id: VisitId
    client: str
    from_worker_id: WorkerId | None
    from_worker: str | None
    to_worker_id: WorkerId | None
    to_worker: str | None
    from_start: datetime
    to_start: datetime
    stale: bool
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewChange:
    """One line of a proposal, as the optimiser hands it over."""

    visit_id: VisitId
    revision: int
    worker_id: WorkerId | None
    starts_at: datetime
