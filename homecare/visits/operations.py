"""Writing visits: make them from recurrences, assign, move, publish, note arrivals and departures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from psycopg.types.range import DateRange

from homecare.kernel import audit, db
from homecare.kernel.clock import day_bounds
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import (
    AreaId,
    ClientId,
    HomeId,
    OrganisationId,
    RecurrenceId,
    ServiceId,
    SkillId,
    VisitId,
    WorkerId,
)
from homecare.visits.model import Recurrence, Visit
from homecare.visits.queries import find_visit, list_recurrences
from homecare.visits.recurrence import occurrences

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class AgreedTwiceError(InvalidError):
    """The weekly plan has this service at these hours on some of these days already."""

    def __init__(self, weekdays: list[int]) -> None:
        """Name the days (ISO weekdays)."""
        days = " et ".join(f"le {WEEKDAYS[day - 1]}" for day in weekdays)
        super().__init__(f"Le planning type a déjà cette prestation aux mêmes heures {days}.")


NONE: Mapping[VisitId, datetime] = MappingProxyType({})


def create_service(
    conn: db.Conn, name: str, *, tasks: list[str], skills: dict[SkillId, tuple[int, bool]]
) -> ServiceId:
    """Create a kind of visit. `skills` maps a skill to its least level and whether it is mandatory."""
    service = db.insert(
        conn, ServiceId, "INSERT INTO services (name, tasks) VALUES (%s, %s) RETURNING id", (name, tasks)
    )
    for skill, (level, mandatory) in skills.items():
        conn.execute(
            "INSERT INTO service_skills (service_id, skill_id, level, mandatory) VALUES (%s, %s, %s, %s)",
            (service, skill, level, mandatory),
        )
    return service


def create_recurrence(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    client: ClientId,
    home: HomeId,
    service: ServiceId,
    weekdays: list[int],
    starts: time,
    minutes: int,
    flexible_minutes: int,
    since: date,
    until: date | None,
    now: datetime,
    is_in_pairs: bool = False,
) -> RecurrenceId:
    """Agree that a client is visited every week on these days. Visits are made by `make_visits`.

    Raises `AgreedTwiceError` for what is agreed already at the same hours, unless two workers go there
    together (`is_in_pairs`).
    """
    # Whoever agrees on something with the same client at the same moment waits here, then sees this one.
    conn.execute("SELECT FROM clients WHERE id = %s FOR UPDATE", (client,))
    twice = db.values(
        conn,
        int,
        """SELECT DISTINCT day FROM recurrences, unnest(weekdays) AS day
           WHERE client_id = %s AND service_id = %s AND starts = %s AND minutes = %s AND period && %s
             AND day = ANY (%s) ORDER BY day""",
        (client, service, starts, minutes, DateRange(since, until), weekdays),
    )
    if twice and not is_in_pairs:
        raise AgreedTwiceError(twice)
    recurrence = db.insert(
        conn,
        RecurrenceId,
        """INSERT INTO recurrences (client_id, home_id, service_id, weekdays, starts, minutes,
                                    flexible_minutes, period)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (client, home, service, weekdays, starts, minutes, flexible_minutes, DateRange(since, until)),
    )
    audit.record(conn, actor, "visits.create_recurrence", recurrence, now=now, after={"client": client})
    return recurrence


def make_visits(conn: db.Conn, since: date, until: date, *, client: ClientId | None = None) -> int:
    """Make the visits of the recurrences on the days [since, until). Running it again makes nothing twice."""
    return sum(_make(conn, recurrence, since, until) for recurrence in list_recurrences(conn, client))


def _make(conn: db.Conn, recurrence: Recurrence, since: date, until: date) -> int:
    made = list(occurrences(recurrence, since, until))
    return db.write(
        conn,
        """INSERT INTO visits (area_id, client_id, home_id, service_id, recurrence_id, recurrence_on,
                               starts_at, ends_at, earliest_at, latest_at)
           SELECT c.area_id, c.id, %(home)s, %(service)s, %(recurrence)s, o.on_day, o.starts_at, o.ends_at,
                  o.earliest_at, o.latest_at
           FROM clients c,
                unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
                       %(earliest)s::timestamptz[], %(latest)s::timestamptz[])
                    AS o (on_day, starts_at, ends_at, earliest_at, latest_at)
           WHERE c.id = %(client)s AND (c.ended_on IS NULL OR o.on_day < c.ended_on)
           ON CONFLICT ON CONSTRAINT made_once DO NOTHING""",
        {
            "client": recurrence.client_id,
            "home": recurrence.home_id,
            "service": recurrence.service_id,
            "recurrence": recurrence.id,
            "days": [one.on for one in made],
            "starts": [one.starts_at for one in made],
            "ends": [one.ends_at for one in made],
            "earliest": [one.earliest_at for one in made],
            "latest": [one.latest_at for one in made],
        },
    )


def create_visit(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    client: ClientId,
    home: HomeId,
    service: ServiceId,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    worker: WorkerId | None = None,
) -> VisitId:
    """Create one visit by hand, at a fixed time, not yet published."""
    visit = db.insert(
        conn,
        VisitId,
        """INSERT INTO visits (area_id, client_id, home_id, service_id, worker_id, starts_at, ends_at,
                               earliest_at, latest_at)
           SELECT area_id, id, %(home)s, %(service)s, %(worker)s, %(starts)s, %(ends)s, %(starts)s, %(starts)s
           FROM clients WHERE id = %(client)s RETURNING id""",
        {
            "client": client,
            "home": home,
            "service": service,
            "worker": worker,
            "starts": starts_at,
            "ends": starts_at + timedelta(minutes=minutes),
        },
    )
    audit.record(conn, actor, "visits.create_visit", visit, now=now, after={"worker": worker})
    return visit


def move_visit(
    conn: db.Conn,
    actor: audit.Actor,
    visit: VisitId,
    *,
    revision: int,
    worker: WorkerId | None,
    starts_at: datetime,
    now: datetime,
) -> Visit:
    """Give the visit this worker (None: nobody) and this start; its length is kept.

    `revision` is what the planner was looking at: raises `StaleError` when somebody changed the visit since,
    `InvalidError` once it has begun. A start outside the agreed window widens the window: a planner
    may do what the optimiser may not.
    """
    before = find_visit(conn, visit)
    if before.arrived_at is not None or before.left_at is not None:
        raise InvalidError("Cette intervention a commencé : elle ne se déplace plus.")
    touched = db.write(
        conn,
        """UPDATE visits
           SET worker_id = %(worker)s, starts_at = %(starts)s, ends_at = %(starts)s + (ends_at - starts_at),
               earliest_at = least(earliest_at, %(starts)s), latest_at = greatest(latest_at, %(starts)s),
               revision = revision + 1
           WHERE id = %(visit)s AND revision = %(revision)s
             AND cancelled_at IS NULL AND arrived_at IS NULL AND left_at IS NULL""",
        {"visit": visit, "revision": revision, "worker": worker, "starts": starts_at},
    )
    if not touched:
        raise StaleError("Cette intervention vient de changer : regardez-la de nouveau avant d’agir.")
    audit.record(
        conn,
        actor,
        "visits.move_visit",
        visit,
        now=now,
        before={
            "worker": before.worker_id,
            "starts_at": before.starts_at.isoformat(),
            "earliest_at": before.earliest_at.isoformat(),
            "latest_at": before.latest_at.isoformat(),
        },
        after={"worker": worker, "starts_at": starts_at.isoformat(), "revision": revision + 1},
    )
    after = find_visit(conn, visit)
    notify_visit(conn, visit)
    return after


def publish_day(
    conn: db.Conn, actor: audit.Actor, day: date, *, now: datetime, area: AreaId | None = None
) -> list[VisitId]:
    """Publish the assigned visits of a day and return those that were not yet: their workers now see them.

    Without an area: those of all areas within reach. Raises `NotFoundError` for an area that is not.
    """
    if area is not None and not db.value(
        conn, bool, "SELECT EXISTS (SELECT FROM areas WHERE id = %s AND area_in_reach(id))", (area,)
    ):
        raise NotFoundError("Ce secteur n’existe pas ou n’est pas accessible avec votre compte.")
    starts, ends = day_bounds(day)
    published = db.values(
        conn,
        VisitId,
        """UPDATE visits SET published_at = %(now)s
           WHERE starts_at >= %(starts)s AND starts_at < %(ends)s AND published_at IS NULL
             AND worker_id IS NOT NULL AND cancelled_at IS NULL
             AND (%(area)s::bigint IS NULL OR area_id = %(area)s)
           RETURNING id""",
        {"now": now, "starts": starts, "ends": ends, "area": area},
    )
    audit.record(
        conn,
        actor,
        "visits.publish_day",
        area,
        now=now,
        after={"day": day.isoformat(), "count": len(published)},
    )
    return published


def follow_area(conn: db.Conn, client: ClientId, *, now: datetime) -> int:
    """Let the visits to come follow their client into another area; return how many changed."""
    return db.write(
        conn,
        """UPDATE visits v SET area_id = c.area_id
           FROM clients c
           WHERE c.id = %s AND v.client_id = c.id AND v.area_id <> c.area_id AND v.starts_at > %s""",
        (client, now),
    )


def note_ends(
    conn: db.Conn,
    *,
    arrivals: Mapping[VisitId, datetime] = NONE,
    departures: Mapping[VisitId, datetime] = NONE,
) -> None:
    """Note the first arrivals and departures of several visits at once, and tell the boards.

    The earlier one keeps its place; a departure that would precede its arrival changes nothing.
    """
    conn.execute(
        """UPDATE visits v SET arrived_at = e.at
           FROM unnest(%s::bigint[], %s::timestamptz[]) AS e (visit, at)
           WHERE v.id = e.visit AND v.arrived_at IS NULL AND (v.left_at IS NULL OR v.left_at >= e.at)""",
        (list(arrivals), list(arrivals.values())),
    )
    conn.execute(
        """UPDATE visits v SET left_at = e.at
           FROM unnest(%s::bigint[], %s::timestamptz[]) AS e (visit, at)
           WHERE v.id = e.visit AND v.left_at IS NULL AND (v.arrived_at IS NULL OR v.arrived_at <= e.at)""",
        (list(departures), list(departures.values())),
    )
    touched = conn.execute(
        "SELECT organisation_id, area_id, id FROM visits WHERE id = ANY (%s)", ([*arrivals, *departures],)
    ).fetchall()
    db.notify_board_all(
        conn, [(OrganisationId(of), AreaId(area), "visit", visit) for of, area, visit in touched]
    )


def take_back_ends(
    conn: db.Conn, visits: Sequence[VisitId], *, at: datetime, is_departure: bool
) -> list[VisitId]:
    """Take from these visits the arrival or departure that was noted at this instant, and tell the boards.

    Returns those that had it; what another punch marked stays.
    """
    touched = conn.execute(
        """UPDATE visits
           SET arrived_at = CASE WHEN %(is_departure)s THEN arrived_at END,
               left_at = CASE WHEN NOT %(is_departure)s THEN left_at END
           WHERE id = ANY (%(visits)s)
             AND CASE WHEN %(is_departure)s THEN left_at ELSE arrived_at END = %(at)s
           RETURNING organisation_id, area_id, id""",
        {"visits": list(visits), "at": at, "is_departure": is_departure},
    ).fetchall()
    db.notify_board_all(
        conn, [(OrganisationId(of), AreaId(area), "visit", visit) for of, area, visit in touched]
    )
    return [VisitId(visit) for _, _, visit in touched]


def notify_visit(conn: db.Conn, visit: VisitId) -> None:
    """Tell the live boards, at commit, that this visit changed."""
    row = conn.execute("SELECT organisation_id, area_id FROM visits WHERE id = %s", (visit,)).fetchone()
    if row is not None:
        db.notify_board(conn, OrganisationId(row[0]), AreaId(row[1]), "visit", visit)
