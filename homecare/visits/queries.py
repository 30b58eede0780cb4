"""Reading visits: of a day, of a worker, of a client; what the planner may still change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from homecare.kernel import db
from homecare.kernel.clock import day_bounds
from homecare.kernel.ids import AreaId, ClientId, HomeId, ServiceId, SkillId, VisitId, WorkerId
from homecare.visits.model import Candidate, PlannableVisit, Recurrence, Visit

_VISIT = """
    SELECT v.id, v.area_id, v.client_id, c.last_name AS client_last_name,
           c.first_name AS client_first_name, v.home_id, v.service_id, s.name AS service,
           v.worker_id, w.last_name AS worker_last_name, w.first_name AS worker_first_name,
           v.starts_at, v.ends_at, v.earliest_at, v.latest_at, v.pinned, v.published_at,
           v.cancelled_at, v.arrived_at, v.left_at, v.revision
    FROM visits v JOIN clients c ON c.id = v.client_id JOIN services s ON s.id = v.service_id
    LEFT JOIN workers w ON w.id = v.worker_id
    """


def find_visit(conn: db.Conn, visit: VisitId) -> Visit:
    """Return one visit. Raises `NotFoundError`, also for a visit of an area out of reach."""
    return db.one(
        conn,
        Visit,
        _VISIT + "WHERE v.id = %s",
        (visit,),
    )


def list_day(conn: db.Conn, day: date, *, area: AreaId | None = None) -> list[Visit]:
    """Return the visits that start on a day (Paris), cancelled ones included, by start."""
    starts, ends = day_bounds(day)
    return list_between(conn, starts, ends, area=area)


def list_between(
    conn: db.Conn,
    starts: datetime,
    ends: datetime,
    *,
    area: AreaId | None = None,
    worker: WorkerId | None = None,
    client: ClientId | None = None,
    published_only: bool = False,
) -> list[Visit]:
    """Return the visits that start within [starts, ends), by start."""
    return db.many(
        conn,
        Visit,
        _VISIT
        + """WHERE v.starts_at >= %(starts)s AND v.starts_at < %(ends)s
             AND (%(area)s::bigint IS NULL OR v.area_id = %(area)s)
             AND (%(worker)s::bigint IS NULL OR v.worker_id = %(worker)s)
             AND (%(client)s::bigint IS NULL OR v.client_id = %(client)s)
             AND (NOT %(published_only)s OR v.published_at IS NOT NULL)
           ORDER BY v.starts_at, v.id""",
        {
            "starts": starts,
            "ends": ends,
            "area": area,
            "worker": worker,
            "client": client,
            "published_only": published_only,
        },
    )


def list_near(
    conn: db.Conn,
    *,
    workers: Sequence[WorkerId],
    homes: Sequence[HomeId],
    since: datetime,
    until: datetime,
) -> list[Visit]:
    """Return the visits of these workers or at these homes that start within [since, until), by start."""
    return db.many(
        conn,
        Visit,
        _VISIT
        + """WHERE v.starts_at >= %(since)s AND v.starts_at < %(until)s
             AND (v.worker_id = ANY (%(workers)s) OR v.home_id = ANY (%(homes)s))
           ORDER BY v.starts_at, v.id""",
        {"workers": list(workers), "homes": list(homes), "since": since, "until": until},
    )


def candidates(
    conn: db.Conn, workers: list[WorkerId], *, since: datetime, until: datetime
) -> list[Candidate]:
    """Return the workers' visits, not cancelled, whose planned or real time touches [since, until).

    No visit lasts two days: the bound keeps the index from reading a worker's whole past.
    """
    return db.many(
        conn,
        Candidate,
        """SELECT id, area_id, home_id, worker_id, starts_at, ends_at, arrived_at, left_at,
                  EXISTS (SELECT FROM outings WHERE visit_id = visits.id) AS has_outing
           FROM visits
           WHERE worker_id = ANY (%(workers)s) AND cancelled_at IS NULL
             AND starts_at < %(until)s AND starts_at > %(since)s - interval '2 days'
             AND greatest(ends_at, left_at) >= %(since)s
           ORDER BY starts_at, id""",
        {"workers": workers, "since": since, "until": until},
    )


def candidates_at(
    conn: db.Conn, homes: Sequence[HomeId], *, since: datetime, until: datetime
) -> list[Candidate]:
    """Return anybody's published visits at these homes, as `candidates` does for some workers."""
    return db.many(
        conn,
        Candidate,
        """SELECT id, area_id, home_id, worker_id, starts_at, ends_at, arrived_at, left_at,
                  EXISTS (SELECT FROM outings WHERE visit_id = visits.id) AS has_outing
           FROM visits
           WHERE home_id = ANY (%(homes)s) AND worker_id IS NOT NULL
             AND published_at IS NOT NULL AND cancelled_at IS NULL
             AND starts_at < %(until)s AND starts_at > %(since)s - interval '2 days'
             AND greatest(ends_at, left_at) >= %(since)s
           ORDER BY starts_at, id""",
        {"homes": list(homes), "since": since, "until": until},
    )


@dataclass(frozen=True, slots=True)
class Commitment:
    """A visit that somebody has anyway: of another day, of another area, or already begun."""

    id: VisitId
    worker_id: WorkerId
    starts_at: datetime
    ends_at: datetime
    lon: float | None
    lat: float | None
    fragile: bool


def list_commitments(
    conn: db.Conn,
    workers: Sequence[WorkerId],
    *,
    since: datetime,
    until: datetime,
    but: Sequence[VisitId],
) -> list[Commitment]:
    """Return the workers' visits that touch [since, until), without those named in `but`, by start."""
    return db.many(
        conn,
        Commitment,
        """SELECT v.id, v.worker_id, v.starts_at, v.ends_at, h.lon, h.lat, c.fragile
           FROM visits v JOIN homes h ON h.id = v.home_id JOIN clients c ON c.id = v.client_id
           WHERE v.worker_id = ANY (%(workers)s) AND v.cancelled_at IS NULL
             AND v.starts_at < %(until)s AND v.ends_at > %(since)s AND v.id <> ALL (%(but)s)
           ORDER BY v.starts_at, v.id""",
        {"workers": list(workers), "since": since, "until": until, "but": list(but)},
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """A published visit as its worker hears it on the telephone."""

    starts_at: datetime
    street: str


def list_schedule(conn: db.Conn, worker: WorkerId, *, since: datetime, until: datetime) -> list[Stop]:
    """Return what the worker has still to do within [since, until), by start."""
    return db.many(
        conn,
        Stop,
        """SELECT v.starts_at, h.street FROM visits v JOIN homes h ON h.id = v.home_id
           WHERE v.worker_id = %s AND v.starts_at >= %s AND v.starts_at < %s
             AND v.published_at IS NOT NULL AND v.cancelled_at IS NULL AND v.arrived_at IS NULL
           ORDER BY v.starts_at, v.id""",
        (worker, since, until),
    )


def list_recurrences(conn: db.Conn, client: ClientId | None = None) -> list[Recurrence]:
    """Return the recurrences of one client, or of all within reach."""
    return db.many(
        conn,
        Recurrence,
        """SELECT r.id, r.client_id, r.home_id, r.service_id, s.name AS service, r.weekdays, r.starts,
                  r.minutes, r.flexible_minutes, lower(r.period) AS since, upper(r.period) AS until
           FROM recurrences r JOIN services s ON s.id = r.service_id JOIN clients c ON c.id = r.client_id
           WHERE (%(client)s::bigint IS NULL OR r.client_id = %(client)s)
           ORDER BY r.client_id, r.starts, r.id""",
        {"client": client},
    )


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of visit, with the tasks that are asked about at departure."""

    id: ServiceId
    name: str
    tasks: list[str]


def list_services(conn: db.Conn) -> list[Service]:
    """Return the catalogue, by name."""
    return db.many(conn, Service, "SELECT id, name, tasks FROM services ORDER BY name")


def tasks_of(conn: db.Conn, visit: VisitId) -> list[str]:
    """Return the tasks of a visit that have no answer yet."""
    return db.values(
        conn,
        str,
        """SELECT asked.task FROM visits v JOIN services s ON s.id = v.service_id,
                unnest(s.tasks) AS asked (task)
           WHERE v.id = %s
             AND NOT EXISTS (SELECT FROM task_answers t WHERE t.visit_id = v.id AND t.task = asked.task)""",
        (visit,),
    )


@dataclass(frozen=True, slots=True)
class _Plannable:
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
    skill_ids: list[SkillId]
    levels: list[int]
    traits: list[str]
    usual_workers: list[WorkerId]


def list_plannable(conn: db.Conn, area: AreaId, *, day: date) -> list[PlannableVisit]:
    """Return the visits of an area and day that may be planned: not cancelled, nobody there yet.

    `usual_workers` are those who went to the client in the 28 days before, the most frequent first.
    """
    starts, ends = day_bounds(day)
    rows = db.many(
        conn,
        _Plannable,
        """SELECT v.id, v.client_id, h.lon, h.lat, v.starts_at, v.ends_at, v.earliest_at, v.latest_at,
                  v.worker_id, v.pinned, c.fragile, v.revision, k.skill_ids, k.levels,
                  ARRAY(SELECT t.name FROM client_traits ct JOIN traits t ON t.id = ct.trait_id
                        WHERE ct.client_id = v.client_id ORDER BY t.name) AS traits,
                  ARRAY(SELECT u.worker_id FROM visits u
                        WHERE u.client_id = v.client_id AND u.left_at IS NOT NULL AND u.worker_id IS NOT NULL
                          AND u.starts_at >= %(starts)s - interval '28 days' AND u.starts_at < %(starts)s
                        GROUP BY u.worker_id ORDER BY count(*) DESC, u.worker_id) AS usual_workers
           FROM visits v JOIN clients c ON c.id = v.client_id JOIN homes h ON h.id = v.home_id
           JOIN LATERAL (
               SELECT coalesce(array_agg(skill_id ORDER BY skill_id), '{}') AS skill_ids,
                      coalesce(array_agg(level ORDER BY skill_id), '{}') AS levels
               FROM service_skills WHERE service_id = v.service_id AND mandatory
           ) k ON true
           WHERE v.area_id = %(area)s AND v.starts_at >= %(starts)s AND v.starts_at < %(ends)s
             AND v.cancelled_at IS NULL AND v.arrived_at IS NULL
           ORDER BY v.id""",
        {"area": area, "starts": starts, "ends": ends},
    )
    return [
        PlannableVisit(
            id=row.id,
            client_id=row.client_id,
            lon=row.lon,
            lat=row.lat,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            earliest_at=row.earliest_at,
            latest_at=row.latest_at,
            worker_id=row.worker_id,
            pinned=row.pinned,
            fragile=row.fragile,
            revision=row.revision,
            mandatory_skills=dict(zip(row.skill_ids, row.levels, strict=True)),
            traits=row.traits,
            usual_workers=row.usual_workers,
        )
        for row in rows
    ]
