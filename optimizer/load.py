"""Reads one day of one area from the database as a problem. It asks `homecare`, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day, paris_instant
from homecare.kernel.ids import AreaId, VisitId, WorkerId
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
from optimizer.problem import Commitment, Journeys, Plan, Problem, Stop, VisitJob, WorkerDay
from optimizer.travel import EstimatedTravel, Travel

_WORKING_DAYS = 5
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Loaded:
    """A problem, the plan that stands, and what a proposal needs to be written as differences.

    `unplaced` are the visits left as they are: their home is not on the map, their start is past and nobody
    has them, or they are pinned to somebody whom this day does not plan.
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


class _Clock:
    """Offsets of one day, in whole seconds since its midnight."""

    def __init__(self, day: date, now: datetime) -> None:
        self.day = day
        self._midnight = day_bounds(day)[0]
        self.now = -(-self.offset(now) // _MINUTE) * _MINUTE

    def offset(self, instant: datetime) -> int:
        return (instant - self._midnight) // timedelta(seconds=1)


def load(conn: db.Conn, area: AreaId, day: date, *, travel: Travel, now: datetime) -> Loaded:
    """Return the day as a problem. What has begun, or whose start is past, stays as it is."""
    found = list_visits(conn, area, day=day)
    workers = [
        one for one in list_workers(conn, area, day=day) if one.lon is not None and one.lat is not None
    ]
    ids = {worker.id for worker in workers}
    visits = [one for one in found if _is_planned_here(one, ids, now)]
    kept = _kept_around(conn, day, sorted(ids), but=[visit.id for visit in visits])
    clock, places = _Clock(day, now), _Places()
    at_home = {worker.id: places.number(worker.lon or 0.0, worker.lat or 0.0) for worker in workers}
    where = {one.id: _place_of(one, places, at_home) for one in kept}
    jobs = [_job(visit, workers, clock, places, now) for visit in visits]
    today = [one for one in kept if paris_day(one.starts_at) == day]
    jobs += [_kept_job(one, clock, where[one.id]) for one in today]
    journeys = measure_journeys(places.points, travel) if places.points else {}
    around: dict[WorkerId, list[Kept]] = {worker.id: [] for worker in workers}
    for one in kept:
        if one not in today:
            around[one.worker_id].append(one)
    problem = Problem(
        day=day,
        visits=tuple(jobs),
        workers=tuple(
            replace(
                _worker(worker, clock, at_home[worker.id]),
                around=_commitments(around[worker.id], clock, where, journeys[Mode(worker.travel_mode)]),
            )
            for worker in workers
        ),
        travel=journeys,
        estimated=isinstance(travel, EstimatedTravel),
    )
    held = [(one.worker_id, one.starts_at, one.id) for one in visits]
    held += [(one.worker_id, one.starts_at, one.id) for one in today]
    planned = {visit.id for visit in visits}
    return Loaded(
        problem,
        Plan(tuple(Stop(worker, clock.offset(at), visit) for worker, at, visit in held if worker in ids)),
        {visit.id: visit for visit in visits},
        tuple(visit.id for visit in found if visit.id not in planned),
    )


def _is_planned_here(visit: PlannableVisit, workers: set[WorkerId], now: datetime) -> bool:
    if visit.lon is None or visit.lat is None:
        return False
    return visit.worker_id in workers or (visit.latest_at > now and not visit.pinned)


def _kept_around(
    conn: db.Conn, day: date, workers: Sequence[WorkerId], *, but: Sequence[VisitId]
) -> list[Kept]:
    """Return what the workers have anyway: that week's other days, the day before and the one after."""
    monday = day - timedelta(days=day.weekday())
    return list_commitments(
        conn,
        workers,
        since=day_bounds(min(monday, day - timedelta(days=1)))[0],
        until=day_bounds(max(monday + timedelta(days=7), day + timedelta(days=2)))[0],
        but=but,
    )


def _place_of(kept: Kept, places: _Places, at_home: dict[WorkerId, int]) -> int:
    """Return where the visit is; at the worker's own place when no map knows, so that its time is kept."""
    if kept.lon is None or kept.lat is None:
        return at_home[kept.worker_id]
    return places.number(kept.lon, kept.lat)


def _job(
    visit: PlannableVisit,
    workers: Sequence[PlannableWorker],
    clock: _Clock,
    places: _Places,
    now: datetime,
) -> VisitJob:
    starts, ends = clock.offset(visit.starts_at), clock.offset(visit.ends_at)
    earliest, latest = clock.offset(visit.earliest_at), clock.offset(visit.latest_at)
    held = visit.worker_id in {worker.id for worker in workers}
    stays = held and (visit.pinned or visit.starts_at <= now)
    return VisitJob(
        id=visit.id,
        place=places.number(visit.lon or 0.0, visit.lat or 0.0),
        seconds=ends - starts,
        earliest=starts if stays else min(max(earliest, clock.now), latest),
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


def _kept_job(kept: Kept, clock: _Clock, place: int) -> VisitJob:
    """A visit of the day that is not ours to plan: it stands where it is, and the others fit around it."""
    start = clock.offset(kept.starts_at)
    return VisitJob(
        id=kept.id,
        place=place,
        seconds=clock.offset(kept.ends_at) - start,
        earliest=start,
        latest=start,
        fixed_to=kept.worker_id,
        fragile=kept.fragile,
    )


def _commitments(
    kept: Sequence[Kept], clock: _Clock, where: dict[VisitId, int], journeys: Journeys
) -> tuple[Commitment, ...]:
    """Return what a worker does on the other days, in order, with the way from each visit to the next."""
    ways = [
        int(journeys.seconds[where[one.id], where[following.id]])
        if paris_day(one.starts_at) == paris_day(following.starts_at)
        else 0
        for one, following in pairwise(kept)
    ]
    return tuple(
        Commitment(
            start=clock.offset(one.starts_at),
            end=clock.offset(one.ends_at),
            travel_after=way,
            fragile=one.fragile,
        )
        for one, way in zip(kept, [*ways, 0], strict=False)
    )


def _worker(worker: PlannableWorker, clock: _Clock, place: int) -> WorkerDay:
    agreement = Agreement(worker.agreement)
    return WorkerDay(
        id=worker.id,
        place=place,
        mode=Mode(worker.travel_mode.value),
        hours=tuple(
            (clock.offset(paris_instant(clock.day, starts)), clock.offset(paris_instant(clock.day, ends)))
            for starts, ends in worker.available
        ),
        skills=dict(worker.skill_levels),  # type: ignore[arg-type]
        agreement=agreement,
        limits=limits_of(parameters_on(agreement, clock.day)),
        contract=worker.weekly_minutes * 60 // _WORKING_DAYS,
    )
