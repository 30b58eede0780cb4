"""Reads one day of one area from the database as a problem. It asks `homecare`, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_instant
from homecare.kernel.ids import AreaId, VisitId
from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from homecare.visits.model import PlannableVisit
from homecare.visits.queries import Commitment as Kept
from homecare.visits.queries import list_commitments
from homecare.visits.queries import list_plannable as list_visits
from homecare.workers.model import PlannableWorker
from homecare.workers.queries import list_plannable as list_workers
from optimizer.journeys import measure_journeys
from optimizer.limits import limits_of
from optimizer.modes import Mode, Point
from optimizer.problem import Commitment, Plan, Problem, Stop, VisitJob, WorkerDay
from optimizer.travel import EstimatedTravel, Travel

_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """A problem, the plan that stands, and what a proposal needs to be written as differences.

    `unplaced` are the visits left out because their home, or nobody's, is on the map.
    """

    problem: Problem
    standing: Plan
    visits: dict[int, PlannableVisit]
    unplaced: tuple[VisitId, ...]


class _Places:
    """The points of a problem, each once."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._numbers: dict[Point, int] = {}

    def number(self, lon: float, lat: float) -> int:
        point = Point(lon, lat)
        if point not in self._numbers:
            self._numbers[point] = len(self.points)
            self.points.append(point)
        return self._numbers[point]


def load(conn: db.Conn, area: AreaId, day: date, *, travel: Travel, now: datetime) -> Loaded:
    """Return the day as a problem. What has begun, or whose start is past, stays as it is."""
    found = list_visits(conn, area, day=day)
    workers = [
        one for one in list_workers(conn, area, day=day) if one.lon is not None and one.lat is not None
    ]
    ids = {worker.id for worker in workers}
    # A start that is past and given to nobody cannot be planned any more.
    visits = [
        one
        for one in found
        if one.lon is not None and one.lat is not None and (one.starts_at > now or one.worker_id in ids)
    ]
    monday = day - timedelta(days=day.weekday())
    kept = list_commitments(
        conn,
        sorted(ids),
        since=min(day_bounds(monday)[0], day_bounds(day)[0] - timedelta(days=1)),
        until=day_bounds(max(monday + timedelta(days=7), day + timedelta(days=2)))[0],
        but=[visit.id for visit in visits],
    )
    clock = _Clock(day)
    places = _Places()
    jobs = [_job(visit, workers, clock, places, fixed=visit.starts_at <= now) for visit in visits]
    today = [one for one in kept if day_bounds(day)[0] <= one.starts_at < day_bounds(day)[1]]
    other_days = [one for one in kept if one not in today]
    jobs += [_kept_job(one, clock, places) for one in today if one.lon is not None and one.lat is not None]
    problem = Problem(
        day=day,
        visits=tuple(jobs),
        workers=tuple(
            _worker(worker, clock, places, [one for one in other_days if one.worker_id == worker.id])
            for worker in workers
        ),
        travel=measure_journeys(places.points, travel) if places.points else {},
        estimated=isinstance(travel, EstimatedTravel),
    )
    held = [(one.worker_id, one.starts_at, one.id) for one in visits]
    held += [(one.worker_id, one.starts_at, one.id) for one in today]
    standing = Plan(
        tuple(Stop(worker, clock.offset(at), visit) for worker, at, visit in held if worker in ids)
    )
    placed = {visit.id for visit in visits}
    return Loaded(
        problem,
        standing,
        {visit.id: visit for visit in visits},
        tuple(visit.id for visit in found if visit.id not in placed),
    )


class _Clock:
    """Offsets of one day, in whole seconds since its midnight."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._midnight = day_bounds(day)[0]

    def offset(self, instant: datetime) -> int:
        return (instant - self._midnight) // timedelta(seconds=1)


def _job(
    visit: PlannableVisit, workers: Sequence[PlannableWorker], clock: _Clock, places: _Places, *, fixed: bool
) -> VisitJob:
    starts, ends = clock.offset(visit.starts_at), clock.offset(visit.ends_at)
    earliest, latest = clock.offset(visit.earliest_at), clock.offset(visit.latest_at)
    stays = (visit.pinned or fixed) and visit.worker_id in {worker.id for worker in workers}
    return VisitJob(
        id=visit.id,
        place=places.number(visit.lon or 0.0, visit.lat or 0.0),
        seconds=ends - starts,
        earliest=starts if stays else earliest,
        latest=starts if stays else latest,
        wished=starts if stays else (earliest + latest) // 2,
        skills=dict(visit.mandatory_skills),  # type: ignore[arg-type]
        refused=frozenset(
            worker.id
            for worker in workers
            if visit.client_id in worker.refused_clients or set(visit.traits) & set(worker.banned_traits)
        ),
        known=frozenset(visit.usual_workers) or None,
        fixed_to=visit.worker_id if stays else None,
        fragile=visit.fragile,
    )


def _kept_job(kept: Kept, clock: _Clock, places: _Places) -> VisitJob:
    """A visit of the day that is not ours to plan: it stands where it is, and the others fit around it."""
    start = clock.offset(kept.starts_at)
    return VisitJob(
        id=kept.id,
        place=places.number(kept.lon or 0.0, kept.lat or 0.0),
        seconds=clock.offset(kept.ends_at) - start,
        earliest=start,
        latest=start,
        fixed_to=kept.worker_id,
        fragile=kept.fragile,
    )


def _worker(worker: PlannableWorker, clock: _Clock, places: _Places, kept: Sequence[Kept]) -> WorkerDay:
    agreement = Agreement(worker.agreement)
    around = tuple(
        Commitment(start=clock.offset(one.starts_at), end=clock.offset(one.ends_at), fragile=one.fragile)
        for one in kept
    )
    return WorkerDay(
        id=worker.id,
        place=places.number(worker.lon or 0.0, worker.lat or 0.0),
        mode=Mode(worker.travel_mode.value),
        hours=tuple(
            (clock.offset(paris_instant(clock.day, starts)), clock.offset(paris_instant(clock.day, ends)))
            for starts, ends in worker.available
        ),
        skills=dict(worker.skill_levels),  # type: ignore[arg-type]
        agreement=agreement,
        limits=limits_of(parameters_on(agreement, clock.day)),
        around=around,
        contract=worker.weekly_minutes * 60 // _WORKING_DAYS,
    )
