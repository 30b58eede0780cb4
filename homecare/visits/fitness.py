"""Whether a worker suits a visit, and if not, why. Pure: facts in, reasons out.

What the optimiser holds as hard constraints is said here in reasons, for the person who plans by hand: a
blocking reason refuses, a warning asks to be accepted. Labour law stands apart (`visits.compliance`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from homecare.kernel.ids import ClientId, SkillId, VisitId, WorkerId
from homecare.labour.breach import Severity
from homecare.visits.travel import Place, estimate_minutes
from homecare.workers.model import TravelMode


class Obstacle(StrEnum):
    """Why a worker does not suit a visit."""

    LEFT = "left"
    NO_CONTRACT = "no_contract"
    REFUSED = "refused"
    TRAIT = "trait"
    SKILL = "skill"
    SKILL_LEVEL = "skill_level"
    OVERLAP = "overlap"
    UNAVAILABLE = "unavailable"
    TRAVEL = "travel"
    WINDOW = "window"
    CONTRACT_HOURS = "contract_hours"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against an assignment.

    `about` names a skill, a trait or the client of another visit; `note` is what somebody wrote when a ban or
    a refusal was agreed; `measured` and `limit` are minutes, or levels for a skill.
    """

    obstacle: Obstacle
    severity: Severity
    about: str = ""
    note: str = ""
    measured: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Engagement:
    """Another visit of the worker: when, where, at whose home.

    `together` when it is to the other of a couple: both may be made at once.
    """

    visit_id: VisitId
    client: str
    starts_at: datetime
    ends_at: datetime
    place: Place | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """A worker on the day of the visit.

    `weekly_minutes` is None without a contract on that day. `available` holds half-open periods of the day;
    `bans` and `refusals` map a trait, or a client, to the reason noted. `engagements` are the worker's other
    visits around that day, in order; `week_minutes` what they have in that civil week with this visit.
    """

    id: WorkerId
    weekly_minutes: int | None
    travel_mode: TravelMode = TravelMode.CAR
    left_on: date | None = None
    available: Sequence[tuple[datetime, datetime]] = ()
    skill_levels: Mapping[SkillId, int] = field(default_factory=dict)
    bans: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[ClientId, str] = field(default_factory=dict)
    engagements: Sequence[Engagement] = ()
    week_minutes: int = 0


@dataclass(frozen=True, slots=True)
class NeededSkill:
    """A skill that the visit's service asks for, at this level at least."""

    id: SkillId
    name: str
    level: int
    mandatory: bool


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as it would be done. Its start is agreed with the client within [earliest_at, latest_at]."""

    client_id: ClientId
    day: date
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime
    skills: Sequence[NeededSkill] = ()
    traits: Sequence[str] = ()
    place: Place | None = None

    @property
    def minutes(self) -> int:
        """Planned length."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


def judge(worker: WorkerFacts, visit: VisitFacts) -> list[Reason]:
    """Return every reason against giving this visit to this worker, blocking ones first; none: it suits."""
    reasons = [
        *_presence(worker, visit),
        *_people(worker, visit),
        *_skills(worker, visit),
        *_time(worker, visit),
    ]
    return sorted(reasons, key=lambda reason: reason.severity is not Severity.BLOCKING)


def is_blocked(reasons: Sequence[Reason]) -> bool:
    """Tell whether one of the reasons refuses the assignment."""
    return any(reason.severity is Severity.BLOCKING for reason in reasons)


def _presence(worker: WorkerFacts, visit: VisitFacts) -> Iterator[Reason]:
    if worker.left_on is not None and worker.left_on <= visit.day:
        yield Reason(Obstacle.LEFT, Severity.BLOCKING)
    elif worker.weekly_minutes is None:
        yield Reason(Obstacle.NO_CONTRACT, Severity.BLOCKING)


def _people(worker: WorkerFacts, visit: VisitFacts) -> Iterator[Reason]:
    if visit.client_id in worker.refusals:
        yield Reason(Obstacle.REFUSED, Severity.BLOCKING, note=worker.refusals[visit.client_id])
    for trait in visit.traits:
        if trait in worker.bans:
            yield Reason(Obstacle.TRAIT, Severity.BLOCKING, about=trait, note=worker.bans[trait])


def _skills(worker: WorkerFacts, visit: VisitFacts) -> Iterator[Reason]:
    for skill in visit.skills:
        severity = Severity.BLOCKING if skill.mandatory else Severity.WARNING
        level = worker.skill_levels.get(skill.id)
        if level is None:
            yield Reason(Obstacle.SKILL, severity, about=skill.name)
        elif level < skill.level:
            yield Reason(Obstacle.SKILL_LEVEL, severity, about=skill.name, measured=level, limit=skill.level)


def _time(worker: WorkerFacts, visit: VisitFacts) -> Iterator[Reason]:
    for other in worker.engagements:
        if not other.together and other.starts_at < visit.ends_at and visit.starts_at < other.ends_at:
            yield Reason(Obstacle.OVERLAP, Severity.BLOCKING, about=other.client)
    yield from _travel(worker, visit)
    if not any(since <= visit.starts_at and visit.ends_at <= until for since, until in worker.available):
        yield Reason(Obstacle.UNAVAILABLE, Severity.WARNING)
    if not visit.earliest_at <= visit.starts_at <= visit.latest_at:
        yield Reason(Obstacle.WINDOW, Severity.WARNING)
    if worker.weekly_minutes is not None and worker.week_minutes > worker.weekly_minutes:
        yield Reason(
            Obstacle.CONTRACT_HOURS,
            Severity.WARNING,
            measured=worker.week_minutes,
            limit=worker.weekly_minutes,
        )


def _travel(worker: WorkerFacts, visit: VisitFacts) -> Iterator[Reason]:
    before = max((e for e in worker.engagements if e.ends_at <= visit.starts_at), key=_end, default=None)
    after = min((e for e in worker.engagements if e.starts_at >= visit.ends_at), key=_start, default=None)
    for other, gap in (
        (before, None if before is None else visit.starts_at - before.ends_at),
        (after, None if after is None else after.starts_at - visit.ends_at),
    ):
        if other is None or gap is None:
            continue
        journey = estimate_minutes(other.place, visit.place, mode=worker.travel_mode)
        free = gap // timedelta(minutes=1)
        if journey > free:
            yield Reason(Obstacle.TRAVEL, Severity.WARNING, about=other.client, measured=journey, limit=free)


def _start(engagement: Engagement) -> datetime:
    return engagement.starts_at


def _end(engagement: Engagement) -> datetime:
    return engagement.ends_at
