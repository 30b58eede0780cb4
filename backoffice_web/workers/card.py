"""What a worker's card shows, read at once."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backoffice_web.workers.forms import BanForm, ContractForm, HoursForm, SkillForm
from homecare.clients.queries import list_traits
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import WorkerId
from homecare.punches.journal import JournalRow, list_journal
from homecare.visits.model import Visit
from homecare.visits.planning import minutes_of_week
from homecare.visits.queries import list_between
from homecare.workers.model import Availability, ContractOnPaper, SkillHeld, Worker
from homecare.workers.phones import Phone, list_phones_of
from homecare.workers.queries import (
    Ban,
    Skill,
    find_worker,
    list_availabilities_of,
    list_bans_of,
    list_contracts_of,
    list_skills,
    list_skills_of,
)

PUNCHES_BACK = timedelta(days=30)
PUNCHES_SHOWN = 8
EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Forms:
    """The small forms of the card; the one that was refused carries its errors."""

    contract: ContractForm = field(default_factory=ContractForm)
    skill: SkillForm = field(default_factory=SkillForm)
    hours: HoursForm = field(default_factory=HoursForm)
    ban: BanForm = field(default_factory=BanForm)


@dataclass(frozen=True, slots=True)
class Card:
    """A worker on a day, with everything that a coordinator looks for."""

    worker: Worker
    day: date
    contracts: list[ContractOnPaper]
    skills: list[SkillHeld]
    hours: list[Availability]
    bans: list[Ban]
    phones: list[Phone]
    round: list[Visit]
    week_minutes: int
    punches: list[JournalRow]
    known_skills: list[Skill]
    known_traits: list[str]

    @property
    def contract(self) -> ContractOnPaper | None:
        """The contract in force on the day."""
        in_force = (
            c for c in self.contracts if c.since <= self.day and (c.until is None or self.day < c.until)
        )
        return next(in_force, None)

    def expiry(self, skill: SkillHeld) -> str:
        """Return `held`, `soon`, `over` or `coming`: what the day makes of a skill."""
        if skill.since > self.day:
            return "coming"
        if skill.until is None:
            return "held"
        if skill.until <= self.day:
            return "over"
        return "soon" if skill.until - self.day <= EXPIRES_SOON else "held"


def read_card(conn: db.Conn, worker: WorkerId, *, day: date, now: datetime) -> Card:
    """Read the card as it stands on `day`. Raises `NotFoundError` out of reach."""
    found = find_worker(conn, worker)
    starts, ends = day_bounds(day)
    monday = day - timedelta(days=day.weekday())
    return Card(
        worker=found,
        day=day,
        contracts=list_contracts_of(conn, worker),
        skills=list_skills_of(conn, worker),
        hours=list_availabilities_of(conn, worker, day=day),
        bans=list_bans_of(conn, worker),
        phones=list_phones_of(conn, worker),
        round=list_between(conn, starts, ends, worker=worker),
        week_minutes=minutes_of_week(conn, monday).get(worker, 0),
        punches=list_journal(conn, since=now - PUNCHES_BACK, until=now, worker=worker, limit=PUNCHES_SHOWN),
        known_skills=list_skills(conn),
        known_traits=list_traits(conn),
    )


def is_today(day: date, now: datetime) -> bool:
    """Tell whether the card's day is the present one."""
    return day == paris_day(now)
