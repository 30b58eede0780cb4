"""Trying a visit on workers without writing: who could take it at this hour, and what it would break.

The same trial is shown before a move and decides it (`visits.assignment`): a screen never promises what the
operation refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day, paris_instant
from homecare.kernel.ids import AreaId, HomeId, WorkerId
from homecare.labour.breach import Breach, Severity
from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from homecare.visits.compliance import Slot, minutes_of_work, new_breaches
from homecare.visits.couples import are_couple, couples_among
from homecare.visits.fitness import Engagement, Obstacle, Reason, VisitFacts, WorkerFacts, is_blocked, judge
from homecare.visits.planning import PlannedVisit, list_planned, skills_needed, traits_met
from homecare.visits.travel import estimate_minutes
from homecare.workers.qualifications import Qualification, list_qualifications


@dataclass(frozen=True, slots=True)
class Trial:
    """A visit tried on one worker. `detour` is the journey it adds to their day, in minutes, estimated."""

    worker: Qualification
    reasons: Sequence[Reason]
    breaches: Sequence[Breach]
    detour: int
    week_minutes: int

    @property
    def is_refused(self) -> bool:
        """Tell whether something blocks."""
        return is_blocked(self.reasons) or any(b.severity is Severity.BLOCKING for b in self.breaches)

    @property
    def is_off(self) -> bool:
        """Tell whether it would be worked outside the hours in which the worker may be planned."""
        return any(reason.obstacle is Obstacle.UNAVAILABLE for reason in self.reasons)

    @property
    def is_doubtful(self) -> bool:
        """Tell whether it may be done, once somebody has accepted what it breaks."""
        return not self.is_refused and bool(self.reasons or self.breaches)


def try_on(conn: db.Conn, visit: PlannedVisit, worker: WorkerId, *, starts_at: datetime) -> Trial | None:
    """Try the visit on one worker at this start; None when the worker is out of reach."""
    day = paris_day(starts_at)
    found = list_qualifications(conn, day=day, worker=worker)
    return _try(conn, visit, found, starts_at, day)[0] if found else None


def try_on_all(
    conn: db.Conn, visit: PlannedVisit, *, starts_at: datetime, area: AreaId | None = None
) -> list[Trial]:
    """Try the visit at this start on every worker within reach, the best first.

    Best: nothing against it and the least detour; then doubtful ones, first those who work at that hour;
    those whom something refuses last.
    """
    day = paris_day(starts_at)
    trials = _try(conn, visit, list_qualifications(conn, day=day, area=area), starts_at, day)
    return sorted(trials, key=_rank)


def _rank(trial: Trial) -> tuple[bool, bool, bool, int, str]:
    return trial.is_refused, trial.is_doubtful, trial.is_off, trial.detour, trial.worker.name


def _try(
    conn: db.Conn, visit: PlannedVisit, workers: Sequence[Qualification], starts_at: datetime, day: date
) -> list[Trial]:
    monday = day - timedelta(days=day.weekday())
    since, _ = day_bounds(monday - timedelta(days=1))
    _, until = day_bounds(monday + timedelta(days=7))
    others: dict[WorkerId, list[PlannedVisit]] = {worker.id: [] for worker in workers}
    for other in list_planned(conn, since, until, workers=list(others)):
        if other.worker_id is not None and other.id != visit.id:
            others[other.worker_id].append(other)
    facts = VisitFacts(
        client_id=visit.client_id,
        day=day,
        starts_at=starts_at,
        ends_at=starts_at + (visit.ends_at - visit.starts_at),
        earliest_at=visit.earliest_at,
        latest_at=visit.latest_at,
        skills=skills_needed(conn, visit.service_id),
        traits=traits_met(conn, visit.client_id),
        place=visit.place,
    )
    partners = _partners(conn, visit, facts, [one for list_ in others.values() for one in list_])
    return [try_facts(worker, others[worker.id], visit, facts, partners) for worker in workers]


def _partners(
    conn: db.Conn, visit: PlannedVisit, facts: VisitFacts, others: Sequence[PlannedVisit]
) -> frozenset[HomeId]:
    """Return where the other of the visit's couple lives, among the homes of visits at the same time."""
    at_once = {o.home_id for o in others if o.starts_at < facts.ends_at and facts.starts_at < o.ends_at}
    couples = couples_among(conn, at_once | {visit.home_id}) if at_once else frozenset()
    return frozenset(home for home in at_once if are_couple(couples, home, visit.home_id))


def try_facts(
    worker: Qualification,
    others: Sequence[PlannedVisit],
    visit: PlannedVisit,
    facts: VisitFacts,
    partners: frozenset[HomeId],
) -> Trial:
    """Try the visit on one worker, given their other visits of that week and of the days around. Pure.

    At the homes of `partners` lives the other of a couple.
    """
    monday = facts.day - timedelta(days=facts.day.weekday())
    week = day_bounds(monday)[0], day_bounds(monday + timedelta(days=6))[1]
    slots = [Slot(one.starts_at, one.ends_at, one.place, one.fragile) for one in others]
    added = Slot(facts.starts_at, facts.ends_at, facts.place, visit.fragile)
    minutes = minutes_of_work(slot for slot in [*slots, added] if week[0] <= slot.starts_at < week[1])
    reasons = judge(_worker_facts(worker, others, facts.day, minutes, partners), facts)
    breaches = new_breaches(
        slots,
        added,
        mode=worker.travel_mode,
        parameters=parameters_on(Agreement(worker.agreement), facts.day),
    )
    return Trial(worker, reasons, breaches, _detour(worker, others, facts), minutes)


def _worker_facts(
    worker: Qualification,
    others: Sequence[PlannedVisit],
    day: date,
    week_minutes: int,
    partners: frozenset[HomeId],
) -> WorkerFacts:
    return WorkerFacts(
        id=worker.id,
        weekly_minutes=worker.weekly_minutes,
        travel_mode=worker.travel_mode,
        left_on=worker.left_on,
        available=[
            (paris_instant(day, since), paris_instant(day, until)) for since, until in worker.available
        ],
        skill_levels=worker.skill_levels,
        bans=worker.bans,
        refusals=worker.refusals,
        engagements=[
            Engagement(v.id, v.client, v.starts_at, v.ends_at, v.place, v.home_id in partners) for v in others
        ],
        week_minutes=week_minutes,
    )


def _detour(worker: Qualification, others: Sequence[PlannedVisit], facts: VisitFacts) -> int:
    """Return the minutes of travel that the visit adds to the day, which begins and ends at home."""
    today = [other for other in others if paris_day(other.starts_at) == facts.day]
    before = max(
        (o for o in today if o.starts_at <= facts.starts_at), key=lambda o: o.starts_at, default=None
    )
    after = min((o for o in today if o.starts_at > facts.starts_at), key=lambda o: o.starts_at, default=None)
    home = None if worker.lon is None or worker.lat is None else (worker.lon, worker.lat)
    come = home if before is None else before.place
    go = home if after is None else after.place
    mode = worker.travel_mode
    there, back = (
        estimate_minutes(come, facts.place, mode=mode),
        estimate_minutes(facts.place, go, mode=mode),
    )
    return max(0, there + back - estimate_minutes(come, go, mode=mode))
