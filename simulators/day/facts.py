"""Reads the published visits of a day, with all that a worker may use to punch there."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from homecare.alerts.queries import list_dues
from homecare.clients.queries import find_home
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import VisitId
from homecare.visits.queries import list_between
from homecare.workers.queries import find_worker
from simulators.day.model import Stop
from simulators.seed.keepsakes import PlacedDevice

_STEPS = 2


def read_stops(
    conn: db.Conn, day: date, devices: Mapping[str, PlacedDevice], *, resumes_at: datetime | None = None
) -> list[Stop]:
    """Return the stops of a day: published visits to come, whose lateness is watched, and those under way.

    With `resumes_at` also those that nobody came to by then: their alerts may have rung already.
    A line that rings in several homes names none of them: it is left out.
    """
    starts, ends = day_bounds(day)
    dues: dict[VisitId, list[datetime]] = defaultdict(list)
    for due in list_dues(conn, since=starts, until=ends):
        dues[due.visit_id].append(due.due_at)
    visits = [
        visit
        for visit in list_between(conn, starts, ends, published_only=True)
        if visit.cancelled_at is None
        and visit.left_at is None
        and (
            visit.arrived_at is not None
            or len(dues[visit.id]) == _STEPS
            or (resumes_at is not None and visit.starts_at < resumes_at)
        )
    ]
    homes = {home: find_home(conn, home) for home in {visit.home_id for visit in visits}}
    workers = {
        id_: find_worker(conn, id_) for id_ in {visit.worker_id for visit in visits} if id_ is not None
    }
    rings = Counter(line for home in homes.values() for line in home.lines)
    at_home = {device.home: name for name, device in devices.items() if device.password is not None}
    return [
        Stop(
            visit=visit.id,
            worker=visit.worker_id,
            home=visit.home_id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            first_due=(dues[visit.id] or [visit.starts_at])[0],
            second_due=(dues[visit.id] or [visit.starts_at])[-1],
            has_begun=visit.arrived_at is not None,
            home_code=homes[visit.home_id].home_code,
            qr_token=homes[visit.home_id].qr_token,
            line=next((line for line in homes[visit.home_id].lines if rings[line] == 1), None),
            tag=next(iter(homes[visit.home_id].tags), None),
            device=at_home.get(visit.home_id),
            mobile=workers[visit.worker_id].phone,
        )
        for visit in visits
        if visit.worker_id is not None
    ]
