"""Reading workers as they are on a given day."""

from dataclasses import dataclass
from datetime import date, time

from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, OrganisationId, SkillId, WorkerId, code_hash
from homecare.workers.model import (
    Availability,
    ContractOnPaper,
    Language,
    PlannableWorker,
    SkillHeld,
    TravelMode,
    Worker,
    WorkerRow,
)


def list_workers(
    conn: db.Conn, *, day: date, search: str = "", area: AreaId | None = None
) -> list[WorkerRow]:
    """Return the workers present on `day`, by name. `search`: each word begins a word of their name."""
    return db.many(
        conn,
        WorkerRow,
        """SELECT w.id, w.area_id, a.name AS area, w.last_name, w.first_name, w.travel_mode,
                  (SELECT weekly_minutes FROM contracts k
                   WHERE k.worker_id = w.id AND k.period @> %(day)s::date) AS weekly_minutes,
                  ARRAY(SELECT s.name FROM worker_skills ws JOIN skills s ON s.id = ws.skill_id
                        WHERE ws.worker_id = w.id AND ws.period @> %(day)s::date ORDER BY s.name) AS skills
           FROM workers w JOIN areas a ON a.id = w.area_id
           WHERE (w.left_on IS NULL OR w.left_on > %(day)s) AND area_in_reach(w.area_id)
             AND (%(area)s::bigint IS NULL OR w.area_id = %(area)s)
             AND NOT EXISTS (
                 SELECT FROM regexp_split_to_table(trim(plain(%(search)s)), ' +') AS word
                 WHERE strpos(' ' || plain(w.last_name || ' ' || w.first_name), ' ' || word) = 0
             )
           ORDER BY plain(w.last_name), plain(w.first_name), w.id""",
        {"day": day, "area": area, "search": search},
    )


def find_worker(conn: db.Conn, worker: WorkerId) -> Worker:
    """Return a worker's card. Raises `NotFoundError`, also for a worker of an area out of reach."""
    return db.one(
        conn,
        Worker,
        """SELECT w.id, w.area_id, a.name AS area, c.name AS company, c.agreement, w.last_name, w.first_name,
                  w.phone, w.language, w.travel_mode, w.street, w.postal_code, w.city, w.lon, w.lat,
                  w.left_on, w.code_hash IS NOT NULL AS has_code, w.revision
           FROM workers w JOIN areas a ON a.id = w.area_id JOIN companies c ON c.id = w.company_id
           WHERE w.id = %s AND area_in_reach(w.area_id)""",
        (worker,),
    )


def language_of(conn: db.Conn, worker: WorkerId) -> Language:
    """Return the language that the worker is spoken to in; French for one who is not there."""
    row = conn.execute("SELECT language FROM workers WHERE id = %s", (worker,)).fetchone()
    return Language.FRENCH if row is None else Language(row[0])


def list_skills_of(conn: db.Conn, worker: WorkerId) -> list[SkillHeld]:
    """Return every skill the worker holds, held or will hold, the latest first."""
    return db.many(
        conn,
        SkillHeld,
        """SELECT ws.skill_id, s.name, ws.level, lower(ws.period) AS since, upper(ws.period) AS until
           FROM worker_skills ws JOIN skills s ON s.id = ws.skill_id
           WHERE ws.worker_id = %s ORDER BY lower(ws.period) DESC, s.name""",
        (worker,),
    )


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the agency's list."""

    id: SkillId
    name: str


def list_skills(conn: db.Conn) -> list[Skill]:
    """Return the skills that the agency knows, by name."""
    return db.many(conn, Skill, "SELECT id, name FROM skills ORDER BY plain(name)")


def skill_named(conn: db.Conn, name: str) -> SkillId | None:
    """Return the skill of that name, whatever its accents and capitals."""
    return db.value(
        conn,
        SkillId,
        "SELECT id FROM skills WHERE plain(name) = plain(trim(%s)) ORDER BY id LIMIT 1",
        (name,),
    )


@dataclass(frozen=True, slots=True)
class Ban:
    """What the worker must not meet in a home, and why."""

    trait: str
    reason: str


def list_bans_of(conn: db.Conn, worker: WorkerId) -> list[Ban]:
    """Return what the worker must not meet (fear of dogs, allergy to cats)."""
    return db.many(
        conn,
        Ban,
        """SELECT t.name AS trait, b.reason FROM worker_bans b JOIN traits t ON t.id = b.trait_id
           WHERE b.worker_id = %s ORDER BY t.name""",
        (worker,),
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker who is not to be sent to a client, and why."""

    worker_id: WorkerId
    name: str
    reason: str


def list_refused_at(conn: db.Conn, client: ClientId) -> list[Refused]:
    """Return the workers who are not to be sent to this client."""
    return db.many(
        conn,
        Refused,
        """SELECT w.id AS worker_id, upper(w.last_name) || ' ' || w.first_name AS name, r.reason
           FROM refusals r JOIN workers w ON w.id = r.worker_id
           WHERE r.client_id = %s ORDER BY plain(w.last_name), w.id""",
        (client,),
    )


def list_contracts_of(conn: db.Conn, worker: WorkerId) -> list[ContractOnPaper]:
    """Return the worker's contracts and amendments, the latest first."""
    return db.many(
        conn,
        ContractOnPaper,
        """SELECT lower(period) AS since, upper(period) AS until, weekly_minutes
           FROM contracts WHERE worker_id = %s ORDER BY lower(period) DESC""",
        (worker,),
    )


def list_availabilities_of(conn: db.Conn, worker: WorkerId, *, day: date) -> list[Availability]:
    """Return the weekly hours in which the worker may be planned, as they stand on `day`."""
    return db.many(
        conn,
        Availability,
        """SELECT weekday, starts, ends FROM availabilities
           WHERE worker_id = %s AND period @> %s::date ORDER BY weekday, starts""",
        (worker, day),
    )


@dataclass(frozen=True, slots=True)
class WorkerFound:
    """The worker whom a keyed code names."""

    id: WorkerId
    first_name: str
    language: Language


def worker_with_code(
    conn: db.Conn, key: str, organisation: OrganisationId, code: str, *, day: date
) -> WorkerFound | None:
    """Return the worker, present on `day`, whose code was keyed."""
    return db.maybe(
        conn,
        WorkerFound,
        """SELECT id, first_name, language FROM workers
           WHERE code_hash = %s AND (left_on IS NULL OR left_on > %s)""",
        (code_hash(key, organisation, code), day),
    )


@dataclass(frozen=True, slots=True)
class _Plannable:
    id: WorkerId
    last_name: str
    first_name: str
    agreement: str
    travel_mode: TravelMode
    lon: float | None
    lat: float | None
    weekly_minutes: int
    starts: list[time]
    ends: list[time]
    skill_ids: list[int]
    levels: list[int]
    banned_traits: list[str]
    refused_clients: list[int]


def list_plannable(conn: db.Conn, area: AreaId, *, day: date) -> list[PlannableWorker]:
    """Return the workers of an area who have a contract and hours on `day`, with all that binds a planner."""
    rows = db.many(
        conn,
        _Plannable,
        """SELECT w.id, w.last_name, w.first_name, c.agreement, w.travel_mode, w.lon, w.lat, k.weekly_minutes,
                  v.starts, v.ends, s.skill_ids, s.levels,
                  ARRAY(SELECT t.name FROM worker_bans b JOIN traits t ON t.id = b.trait_id
                        WHERE b.worker_id = w.id ORDER BY t.name) AS banned_traits,
                  ARRAY(SELECT client_id FROM refusals r WHERE r.worker_id = w.id ORDER BY client_id)
                      AS refused_clients
           FROM workers w
           JOIN companies c ON c.id = w.company_id
           JOIN contracts k ON k.worker_id = w.id AND k.period @> %(day)s::date
           JOIN LATERAL (
               SELECT array_agg(starts ORDER BY starts) AS starts, array_agg(ends ORDER BY starts) AS ends
               FROM availabilities
               WHERE worker_id = w.id AND weekday = extract(isodow FROM %(day)s::date)
                 AND period @> %(day)s::date
           ) v ON v.starts IS NOT NULL
           JOIN LATERAL (
               SELECT coalesce(array_agg(skill_id ORDER BY skill_id), '{}') AS skill_ids,
                      coalesce(array_agg(level ORDER BY skill_id), '{}') AS levels
               FROM worker_skills WHERE worker_id = w.id AND period @> %(day)s::date
           ) s ON true
           WHERE w.area_id = %(area)s AND (w.left_on IS NULL OR w.left_on > %(day)s)
           ORDER BY w.id""",
        {"area": area, "day": day},
    )
    return [
        PlannableWorker(
            id=row.id,
            name=f"{row.last_name.upper()} {row.first_name}",
            agreement=row.agreement,
            travel_mode=TravelMode(row.travel_mode),
            lon=row.lon,
            lat=row.lat,
            weekly_minutes=row.weekly_minutes,
            available=list(zip(row.starts, row.ends, strict=True)),
            skill_levels=dict(zip(row.skill_ids, row.levels, strict=True)),  # type: ignore[arg-type]
            banned_traits=row.banned_traits,
            refused_clients=row.refused_clients,
        )
        for row in rows
    ]
