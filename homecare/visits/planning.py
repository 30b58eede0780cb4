"""Reading what a person plans with: visits of a period with their places, hours, what they ask for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import AreaId, ClientId, HomeId, ServiceId, VisitId, WorkerId
from homecare.visits.fitness import NeededSkill
from homecare.visits.travel import Place


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit on the plan. Instants are aware, in UTC; the place is None when the home is not on the map."""

    id: VisitId
    revision: int
    area_id: AreaId
    client_id: ClientId
    client: str
    fragile: bool
    home_id: HomeId
    city: str
    lon: float | None
    lat: float | None
    service_id: ServiceId
    service: str
    worker_id: WorkerId | None
    worker: str | None
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime
    published_at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None

    @property
    def place(self) -> Place | None:
        """Where the home is."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def minutes(self) -> int:
        """Planned length."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def may_move(self) -> bool:
        """Tell whether a planner may still move it: nobody has come yet."""
        return self.arrived_at is None and self.left_at is None

    def is_missed(self, now: datetime) -> bool:
        """Tell whether nobody came: its planned end is past, or its day is over when nobody had it.

        What nobody has may still be filled on its day; a worker who was not told is not awaited.
        """
        if not self.may_move or self.ends_at > now:
            return False
        if self.worker_id is None:
            return self.ends_at <= midnight_of(now)
        return self.published_at is not None


def midnight_of(now: datetime) -> datetime:
    """Return the midnight, in Paris, at which this day began."""
    return day_bounds(paris_day(now))[0]


def list_planned(
    conn: db.Conn,
    starts: datetime,
    ends: datetime,
    *,
    area: AreaId | None = None,
    workers: list[WorkerId] | None = None,
    client: ClientId | None = None,
) -> list[PlannedVisit]:
    """Return the visits, not cancelled, that start within [starts, ends), by start.

    `area` keeps one area's visits, `workers` those of these workers, `client` those of one client.
    """
    return db.many(
        conn,
        PlannedVisit,
        """SELECT v.id, v.revision, v.area_id, v.client_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client, c.fragile, v.home_id, h.city,
                  h.lon, h.lat, v.service_id, s.name AS service, v.worker_id,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker,
                  v.starts_at, v.ends_at, v.earliest_at, v.latest_at, v.published_at, v.arrived_at, v.left_at
           FROM visits v
           JOIN clients c ON c.id = v.client_id
           JOIN homes h ON h.id = v.home_id
           JOIN services s ON s.id = v.service_id
           LEFT JOIN workers w ON w.id = v.worker_id
           WHERE v.starts_at >= %(starts)s AND v.starts_at < %(ends)s AND v.cancelled_at IS NULL
             AND (%(area)s::bigint IS NULL OR v.area_id = %(area)s)
             AND (%(workers)s::bigint[] IS NULL OR v.worker_id = ANY (%(workers)s))
             AND (%(client)s::bigint IS NULL OR v.client_id = %(client)s)
           ORDER BY v.starts_at, v.id""",
        {"starts": starts, "ends": ends, "area": area, "workers": workers, "client": client},
    )


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many visits a day in Paris has: all of them, those nobody has, those given but not published.

    `missed` are those to whom nobody came (`PlannedVisit.is_missed`), no longer among the `open` ones.
    """

    day: date
    planned: int
    open: int
    missed: int
    draft: int
    minutes: int


def count_by_day(
    conn: db.Conn,
    since: date,
    until: date,
    *,
    now: datetime,
    area: AreaId | None = None,
    worker: WorkerId | None = None,
    client: ClientId | None = None,
) -> list[DayCount]:
    """Count the visits, not cancelled, that start on each day of [since, until), days without any left out.

    `area` counts one area's visits, `worker` and `client` one person's.
    """
    starts, ends = day_bounds(since)[0], day_bounds(until)[0]
    return db.many(
        conn,
        DayCount,
        """SELECT (starts_at AT TIME ZONE 'Europe/Paris')::date AS day, count(*) AS planned,
                  count(*) FILTER (WHERE worker_id IS NULL AND NOT missed) AS open,
                  count(*) FILTER (WHERE missed) AS missed,
                  count(*) FILTER (WHERE worker_id IS NOT NULL AND published_at IS NULL) AS draft,
                  (sum(extract(epoch FROM ends_at - starts_at)) / 60)::int AS minutes
           FROM visits
           CROSS JOIN LATERAL (
               SELECT arrived_at IS NULL AND left_at IS NULL
                  AND CASE WHEN worker_id IS NULL THEN ends_at <= %(today)s
                           ELSE published_at IS NOT NULL AND ends_at <= %(now)s END AS missed
           ) told
           WHERE starts_at >= %(starts)s AND starts_at < %(ends)s AND cancelled_at IS NULL
             AND (%(area)s::bigint IS NULL OR area_id = %(area)s)
             AND (%(worker)s::bigint IS NULL OR worker_id = %(worker)s)
             AND (%(client)s::bigint IS NULL OR client_id = %(client)s)
           GROUP BY 1 ORDER BY 1""",
        {
            "starts": starts,
            "ends": ends,
            "now": now,
            "today": midnight_of(now),
            "area": area,
            "worker": worker,
            "client": client,
        },
    )


def find_planned(conn: db.Conn, visit: VisitId) -> PlannedVisit:
    """Return one visit. Raises `NotFoundError`, also for a cancelled one and for one out of reach."""
    return db.one(
        conn,
        PlannedVisit,
        """SELECT v.id, v.revision, v.area_id, v.client_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client, c.fragile, v.home_id, h.city,
                  h.lon, h.lat, v.service_id, s.name AS service, v.worker_id,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker,
                  v.starts_at, v.ends_at, v.earliest_at, v.latest_at, v.published_at, v.arrived_at, v.left_at
           FROM visits v
           JOIN clients c ON c.id = v.client_id
           JOIN homes h ON h.id = v.home_id
           JOIN services s ON s.id = v.service_id
           LEFT JOIN workers w ON w.id = v.worker_id
           WHERE v.id = %s AND v.cancelled_at IS NULL""",
        (visit,),
    )


@dataclass(frozen=True, slots=True)
class _Minutes:
    worker_id: WorkerId
    minutes: int


def minutes_of_week(conn: db.Conn, monday: date) -> dict[WorkerId, int]:
    """Return each worker's planned minutes in the civil week that begins on `monday`.

    Visits made at the same time, to a couple, count once.
    """
    starts, _ = day_bounds(monday)
    _, ends = day_bounds(monday + timedelta(days=6))
    rows = db.many(
        conn,
        _Minutes,
        """SELECT worker_id, (sum(extract(epoch FROM upper(stretch) - lower(stretch))) / 60)::int AS minutes
           FROM (SELECT worker_id, unnest(range_agg(tstzrange(starts_at, ends_at))) AS stretch
                 FROM visits
                 WHERE starts_at >= %s AND starts_at < %s AND worker_id IS NOT NULL AND cancelled_at IS NULL
                 GROUP BY worker_id) worked
           GROUP BY worker_id""",
        (starts, ends),
    )
    return {row.worker_id: row.minutes for row in rows}


def skills_needed(conn: db.Conn, service: ServiceId) -> list[NeededSkill]:
    """Return the skills that a service asks for, the mandatory ones first."""
    return db.many(
        conn,
        NeededSkill,
        """SELECT k.id, k.name, s.level, s.mandatory FROM service_skills s JOIN skills k ON k.id = s.skill_id
           WHERE s.service_id = %s ORDER BY NOT s.mandatory, k.name""",
        (service,),
    )


def traits_met(conn: db.Conn, client: ClientId) -> list[str]:
    """Return what a worker meets at this client's (a dog, a cat, tobacco)."""
    return db.values(
        conn,
        str,
        """SELECT t.name FROM client_traits c JOIN traits t ON t.id = c.trait_id
           WHERE c.client_id = %s ORDER BY t.name""",
        (client,),
    )
