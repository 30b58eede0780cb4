"""A worker's own day, as the phone in their pocket shows it: their visits.

Never another worker's. The usual way of punching at a home is the one that worked there last.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import ClientId, HomeId, VisitId, WorkerId

RECENTLY = "60 days"


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A published visit with what its worker needs on the doorstep.

    `usual_channel` is None before a first punch at this home. `lon` and `lat` (degrees) and `radius_metres`
    are the home's place, for the telephone to compare with; all None where it has nothing to check. The
    radius is the home's own, else the client's, else the organisation's. `outing` is what the worker is out
    for now, since `outing_since`; `outings` and `outing_minutes` count those that are over.
    """

    id: VisitId
    home_id: HomeId
    client_id: ClientId
    client: str
    instructions: str
    service: str
    street: str
    city: str
    access_notes: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    cancelled_at: datetime | None
    usual_channel: str | None
    lon: float | None = None
    lat: float | None = None
    radius_metres: int | None = None
    outing: str | None = None
    outing_since: datetime | None = None
    outings: int = 0
    outing_minutes: int = 0


def list_own_visits(conn: db.Conn, worker: WorkerId, *, since: datetime, until: datetime) -> list[OwnVisit]:
    """Return the worker's published visits that start within [since, until), by start."""
    return db.many(
        conn,
        OwnVisit,
        f"""SELECT v.id, v.home_id, v.client_id, upper(c.last_name) || ' ' || c.first_name AS client,
                   c.instructions, s.name AS service, h.street, h.city, h.access_notes,
                   v.starts_at, v.ends_at, v.arrived_at, v.left_at, v.cancelled_at,
                   (SELECT m.channel FROM punch_matches m
                    WHERE m.worker_id = v.worker_id AND m.home_id = v.home_id AND m.visit_id IS NOT NULL
                      AND m.punched_at >= %(since)s::timestamptz - interval '{RECENTLY}'
                    ORDER BY m.punched_at DESC LIMIT 1) AS usual_channel,
                   CASE WHEN checked THEN h.lon END AS lon, CASE WHEN checked THEN h.lat END AS lat,
                   CASE WHEN checked THEN coalesce(h.radius_metres, c.radius_metres, p.radius_metres) END
                       AS radius_metres,
                   now_out.kind AS outing, now_out.started_at AS outing_since, o.outings, o.outing_minutes
            FROM visits v JOIN clients c ON c.id = v.client_id JOIN homes h ON h.id = v.home_id
            JOIN services s ON s.id = v.service_id
            LEFT JOIN place_settings p ON p.organisation_id = v.organisation_id
            CROSS JOIN LATERAL (SELECT p.is_on AND c.checks_place AND h.checks_place AS checked) rule
            LEFT JOIN outings now_out
                ON now_out.visit_id = v.id AND now_out.ended_at IS NULL AND v.left_at IS NULL
            CROSS JOIN LATERAL (
                SELECT count(*)::int AS outings,
                       coalesce(sum(extract(epoch FROM
                           coalesce(ended_at, greatest(v.left_at, started_at)) - started_at)), 0)::int / 60
                           AS outing_minutes
                FROM outings WHERE visit_id = v.id AND (ended_at IS NOT NULL OR v.left_at IS NOT NULL)
            ) o
            WHERE v.worker_id = %(worker)s AND v.published_at IS NOT NULL
              AND v.starts_at >= %(since)s AND v.starts_at < %(until)s
            ORDER BY v.starts_at, v.id""",  # noqa: S608 - the constant above
        {"worker": worker, "since": since, "until": until},
    )
