"""What binds whoever plans a worker's day by hand: contract, hours, skills, bans, refusals. It only reads.

Skills, bans and refusals come with the reasons that were noted, because a screen has to say them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, SkillId, WorkerId
from homecare.workers.model import TravelMode


@dataclass(frozen=True, slots=True)
class Qualification:
    """A worker on one day. `weekly_minutes` is None without a contract; hours are wall times in Paris.

    `lon` and `lat` (degrees) are where they live, None when it is not on the map.
    """

    id: WorkerId
    area_id: AreaId
    area: str
    last_name: str
    first_name: str
    phone: str | None
    agreement: str
    travel_mode: TravelMode
    left_on: date | None
    weekly_minutes: int | None
    available: list[tuple[time, time]]
    skill_levels: Mapping[SkillId, int]
    bans: Mapping[str, str]
    refusals: Mapping[ClientId, str]
    lon: float | None = None
    lat: float | None = None

    @property
    def name(self) -> str:
        """« NOM Prénom »."""
        return f"{self.last_name.upper()} {self.first_name}"


@dataclass(frozen=True, slots=True)
class _Row:
    id: WorkerId
    area_id: AreaId
    area: str
    last_name: str
    first_name: str
    phone: str | None
    agreement: str
    travel_mode: str
    left_on: date | None
    weekly_minutes: int | None
    starts: list[time]
    ends: list[time]
    skill_levels: dict[str, int]
    bans: dict[str, str]
    refusals: dict[str, str]
    lon: float | None
    lat: float | None


def list_qualifications(
    conn: db.Conn, *, day: date, area: AreaId | None = None, worker: WorkerId | None = None
) -> list[Qualification]:
    """Return the workers within reach who have not left on `day`, by name, as they are on that day.

    `area` keeps one area's workers; `worker` one worker, even one who has left.
    """
    rows = db.many(
        conn,
        _Row,
        """SELECT w.id, w.area_id, a.name AS area, w.last_name, w.first_name, w.phone, c.agreement,
                  w.travel_mode, w.left_on,
                  (SELECT weekly_minutes FROM contracts k
                   WHERE k.worker_id = w.id AND k.period @> %(day)s::date) AS weekly_minutes,
                  v.starts, v.ends,
                  (SELECT coalesce(jsonb_object_agg(s.skill_id, s.level), '{}') FROM worker_skills s
                   WHERE s.worker_id = w.id AND s.period @> %(day)s::date) AS skill_levels,
                  (SELECT coalesce(jsonb_object_agg(t.name, b.reason), '{}')
                   FROM worker_bans b JOIN traits t ON t.id = b.trait_id
                   WHERE b.worker_id = w.id) AS bans,
                  (SELECT coalesce(jsonb_object_agg(r.client_id, r.reason), '{}') FROM refusals r
                   WHERE r.worker_id = w.id) AS refusals,
                  w.lon, w.lat
           FROM workers w
           JOIN areas a ON a.id = w.area_id
           JOIN companies c ON c.id = w.company_id
           CROSS JOIN LATERAL (
               SELECT coalesce(array_agg(starts ORDER BY starts), '{}') AS starts,
                      coalesce(array_agg(ends ORDER BY starts), '{}') AS ends
               FROM availabilities
               WHERE worker_id = w.id AND weekday = extract(isodow FROM %(day)s::date)
                 AND period @> %(day)s::date
           ) v
           WHERE area_in_reach(w.area_id)
             AND (%(area)s::bigint IS NULL OR w.area_id = %(area)s)
             AND CASE WHEN %(worker)s::bigint IS NULL THEN w.left_on IS NULL OR w.left_on > %(day)s
                      ELSE w.id = %(worker)s END
           ORDER BY w.last_name, w.first_name, w.id""",
        {"day": day, "area": area, "worker": worker},
    )
    return [_qualification(row) for row in rows]


def _qualification(row: _Row) -> Qualification:
    return Qualification(
        id=row.id,
        area_id=row.area_id,
        area=row.area,
        last_name=row.last_name,
        first_name=row.first_name,
        phone=row.phone,
        agreement=row.agreement,
        travel_mode=TravelMode(row.travel_mode),
        left_on=row.left_on,
        weekly_minutes=row.weekly_minutes,
        available=list(zip(row.starts, row.ends, strict=True)),
        skill_levels={SkillId(int(skill)): level for skill, level in row.skill_levels.items()},
        bans=row.bans,
        refusals={ClientId(int(client)): reason for client, reason in row.refusals.items()},
        lon=row.lon,
        lat=row.lat,
    )
