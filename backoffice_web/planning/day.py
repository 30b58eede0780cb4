"""A day of the planning as one reader sees it: read once, narrowed to an area or not."""

from datetime import date, datetime, timedelta

from backoffice_web.planning.grid import Grid, lay_out
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import AreaId, WorkerId
from homecare.visits.planning import PlannedVisit, list_planned, minutes_of_week
from homecare.workers.qualifications import Qualification, list_qualifications


def read_grid(conn: db.Conn, day: date, *, area: AreaId | None, now: datetime) -> Grid:
    """Return the day's grid. An area shows its workers, whoever else goes there, and all that they do."""
    starts, ends = day_bounds(day)
    visits = list_planned(conn, starts, ends)
    present = list_qualifications(conn, day=day)
    workers = [*present, *_gone(conn, day, visits, {worker.id for worker in present})]
    if area is not None:
        going = {visit.worker_id for visit in visits if visit.area_id == area}
        workers = [worker for worker in workers if worker.area_id == area or worker.id in going]
        shown = {worker.id for worker in workers}
        visits = [v for v in visits if v.worker_id in shown or (v.worker_id is None and v.area_id == area)]
    monday = day - timedelta(days=day.weekday())
    return lay_out(day, workers, visits, week_minutes=minutes_of_week(conn, monday), now=now)


def _gone(
    conn: db.Conn, day: date, visits: list[PlannedVisit], present: set[WorkerId]
) -> list[Qualification]:
    """Return those who have left but still have visits: they must be seen, to be given to others."""
    absent = {v.worker_id for v in visits if v.worker_id is not None} - present
    return [gone for worker in sorted(absent) for gone in list_qualifications(conn, day=day, worker=worker)]
