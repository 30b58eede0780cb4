"""The planning as one reader sees it: what the address asks, read once and laid out for its piece of page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice_web.planning.asked import Asked, By, View
from backoffice_web.planning.blocks import find_overlaps
from backoffice_web.planning.clients import ClientGrid, lay_out_clients
from backoffice_web.planning.grid import Grid, lay_out
from backoffice_web.planning.month import Month, lay_out_month, month_bounds
from backoffice_web.planning.person import PersonWeek, lay_out_week
from backoffice_web.planning.week import Week, days_of_week, fold_week, of_client
from homecare.clients.queries import find_client
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import AreaId, VisitId, WorkerId
from homecare.visits.cancelling import CancelledVisit, list_cancelled
from homecare.visits.couples import find_couples
from homecare.visits.planning import PlannedVisit, count_by_day, list_planned, minutes_of_week
from homecare.workers.qualifications import Qualification, list_qualifications
from homecare.workers.queries import find_worker


@dataclass(frozen=True, slots=True)
class Plan:
    """What one page shows: one of `grid`, `clients`, `person` and `month`.

    `week` folds days around the grids; `name` is whose it is, when it is one person's.
    """

    name: str | None = None
    grid: Grid | None = None
    clients: ClientGrid | None = None
    week: Week | None = None
    person: PersonWeek | None = None
    month: Month | None = None

    @property
    def piece(self) -> str:
        """The template that draws it."""
        if self.month is not None:
            return "planning/_month.html"
        if self.person is not None:
            return "planning/_person.html"
        return "planning/_clients.html" if self.clients is not None else "planning/_grid.html"

    @property
    def is_a_day(self) -> bool:
        """Tell whether it unfolds a day of everybody: what can be published or optimised from here."""
        return self.name is None and (self.grid is not None or self.clients is not None)


def read_plan(conn: db.Conn, asked: Asked, *, now: datetime) -> Plan:
    """Return what is asked. Raises `NotFoundError` for a person out of reach."""
    name = _name(conn, asked)
    if asked.view is View.MONTH:
        return Plan(name, month=_read_month(conn, asked, now=now))
    if asked.is_of_one and asked.view is View.WEEK:
        return Plan(name, person=_read_person(conn, asked, now=now))
    if asked.by is By.CLIENTS:
        return _read_clients(conn, asked, name, now=now)
    return _read_workers(conn, asked, name, now=now)


def read_cancelled(conn: db.Conn, asked: Asked) -> list[CancelledVisit]:
    """Return what was cancelled of the day asked, or of one person's week; a month tells nothing of it."""
    if asked.view is View.MONTH:
        return []
    days = days_of_week(asked.day) if asked.is_of_one and asked.view is View.WEEK else (asked.day,)
    return list_cancelled(
        conn, *_week_bounds(days), area=asked.area, worker=asked.worker, client=asked.client
    )


def _name(conn: db.Conn, asked: Asked) -> str | None:
    if asked.worker is not None:
        return find_worker(conn, asked.worker).name
    return None if asked.client is None else find_client(conn, asked.client).name


def _read_month(conn: db.Conn, asked: Asked, *, now: datetime) -> Month:
    since, until = month_bounds(asked.day)
    counts = count_by_day(
        conn, since, until, now=now, area=asked.area, worker=asked.worker, client=asked.client
    )
    return lay_out_month(asked.day, {one.day: one for one in counts}, today=paris_day(now))


def _read_person(conn: db.Conn, asked: Asked, *, now: datetime) -> PersonWeek:
    days = days_of_week(asked.day)
    if asked.worker is not None:
        visits = list_planned(conn, *_week_bounds(days), workers=[asked.worker])
        who = {
            day: found for day in days for found in list_qualifications(conn, day=day, worker=asked.worker)
        }
        return lay_out_week(days, visits, overlapping=_overlapping(conn, visits), worker=who, now=now)
    visits = list_planned(conn, *_week_bounds(days), client=asked.client)
    met = list({visit.worker_id for visit in visits if visit.worker_id is not None})
    whole = list_planned(conn, *_week_bounds(days), workers=met)
    return lay_out_week(days, visits, overlapping=_overlapping(conn, whole), worker={}, now=now)


def _read_clients(conn: db.Conn, asked: Asked, name: str | None, *, now: datetime) -> Plan:
    """An area shows its own visits: clients are of one area."""
    days = days_of_week(asked.day) if asked.view is View.WEEK else (asked.day,)
    whole = list_planned(conn, *_week_bounds(days))
    shown = [
        visit
        for visit in whole
        if asked.area in (None, visit.area_id) and asked.client in (None, visit.client_id)
    ]
    grid = lay_out_clients(asked.day, shown, overlapping=_overlapping(conn, whole), now=now)
    if asked.view is not View.WEEK:
        return Plan(name, clients=grid)
    lines = [row.id for row in grid.rows]
    return Plan(
        name,
        clients=grid,
        week=fold_week(asked.day, lines, shown, available=None, now=now, line_of=of_client),
    )


def _read_workers(conn: db.Conn, asked: Asked, name: str | None, *, now: datetime) -> Plan:
    """An area shows its workers, whoever else goes there that day, and all that they do."""
    day, area = asked.day, asked.area
    visits = list_planned(conn, *day_bounds(day))
    present = list_qualifications(conn, day=day)
    workers = [*present, *_gone(conn, day, visits, {worker.id for worker in present})]
    if asked.worker is not None:
        workers = list_qualifications(conn, day=day, worker=asked.worker)
    elif area is not None:
        going = {visit.worker_id for visit in visits if visit.area_id == area}
        workers = [worker for worker in workers if worker.area_id == area or worker.id in going]
    shown = [worker.id for worker in workers]
    monday = day - timedelta(days=day.weekday())
    return Plan(
        name,
        grid=lay_out(
            day,
            workers,
            _narrow(visits, shown, area),
            overlapping=_overlapping(conn, visits),
            week_minutes=minutes_of_week(conn, monday),
            now=now,
        ),
        week=_read_week(conn, day, shown, area, now=now) if asked.view is View.WEEK else None,
    )


def _read_week(
    conn: db.Conn, day: date, shown: list[WorkerId], area: AreaId | None, *, now: datetime
) -> Week:
    days = days_of_week(day)
    visits = list_planned(conn, *_week_bounds(days))
    available = {
        one: frozenset(worker.id for worker in list_qualifications(conn, day=one) if worker.available)
        for one in days
        if one != day
    }
    return fold_week(day, shown, _narrow(visits, shown, area), available=available, now=now)


def _overlapping(conn: db.Conn, visits: Sequence[PlannedVisit]) -> frozenset[VisitId]:
    return find_overlaps(visits, find_couples(conn, visits))


def _week_bounds(days: tuple[date, ...]) -> tuple[datetime, datetime]:
    return day_bounds(days[0])[0], day_bounds(days[-1])[1]


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
