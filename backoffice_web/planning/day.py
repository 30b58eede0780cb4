"""The planning as one reader sees it: read once, narrowed to an area or not, a day or its whole week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice_web.planning.grid import Grid, lay_out
from backoffice_web.planning.week import Week, days_of_week, fold_week
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import AreaId, WorkerId
from homecare.visits.planning import PlannedVisit, list_planned, minutes_of_week
from homecare.workers.qualifications import Qualification, list_qualifications


@dataclass(frozen=True, slots=True)
class Plan:
    """The unfolded day, with the rest of its week when that was asked."""

    grid: Grid
    week: Week | None


def read_plan(conn: db.Conn, day: date, *, area: AreaId | None, whole_week: bool, now: datetime) -> Plan:
    """Return the plan. An area shows its workers, whoever else goes there that day, and all that they do."""
    visits = list_planned(conn, *day_bounds(day))
    present = list_qualifications(conn, day=day)
    workers = [*present, *_gone(conn, day, visits, {worker.id for worker in present})]
    if area is not None:
        going = {visit.worker_id for visit in visits if visit.area_id == area}
        workers = [worker for worker in workers if worker.area_id == area or worker.id in going]
    shown = [worker.id for worker in workers]
    monday = day - timedelta(days=day.weekday())
    return Plan(
        grid=lay_out(
            day,
            workers,
            _narrow(visits, shown, area),
            week_minutes=minutes_of_week(conn, monday),
            now=now,
        ),
        week=_read_week(conn, day, shown, area, now=now) if whole_week else None,
    )


def _read_week(
    conn: db.Conn, day: date, shown: list[WorkerId], area: AreaId | None, *, now: datetime
) -> Week:
    days = days_of_week(day)
    visits = list_planned(conn, day_bounds(days[0])[0], day_bounds(days[-1])[1])
    available = {
        one: frozenset(worker.id for worker in list_qualifications(conn, day=one) if worker.available)
        for one in days
        if one != day
    }
    return fold_week(day, shown, _narrow(visits, shown, area), available=available, now=now)


def _narrow(visits: Iterable[PlannedVisit], shown: list[WorkerId], area: AreaId | None) -> list[PlannedVisit]:
    """Keep the visits of the workers shown, and what nobody has in the area."""
    known = set(shown)
    return [
        visit
        for visit in visits
        if visit.worker_id in known or (visit.worker_id is None and area in (None, visit.area_id))
    ]


def _gone(
    conn: db.Conn, day: date, visits: list[PlannedVisit], present: set[WorkerId]
) -> list[Qualification]:
    """Return those who have left but still have visits: they must be seen, to be given to others."""
    absent = {v.worker_id for v in visits if v.worker_id is not None} - present
    return [gone for worker in sorted(absent) for gone in list_qualifications(conn, day=day, worker=worker)]
