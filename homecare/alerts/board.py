"""What the live board reads: the visits of a period with the people, the numbers to call and the open alert.

It reads only. What a visit looks like on a screen (late, foreseen, due…) is the screen's business.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import AlertId, AreaId, ClientId, HomeId, UserId, VisitId, WorkerId


@dataclass(frozen=True, slots=True)
class BoardVisit:
    """A visit on the board. The alert is the open one, if any; numbers are E.164; instants are in UTC."""

    id: VisitId
    revision: int
    area_id: AreaId
    area: str
    client_id: ClientId
    client: str
    fragile: bool
    home_id: HomeId
    home_number: str | None
    service: str
    worker_id: WorkerId | None
    worker: str | None
    worker_number: str | None
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    cancelled_at: datetime | None
    alert_id: AlertId | None
    alert_step: int | None
    owner_id: UserId | None
    owner: str | None


def list_board(
    conn: db.Conn,
    starts: datetime,
    ends: datetime,
    *,
    area: AreaId | None = None,
    visit: VisitId | None = None,
) -> list[BoardVisit]:
    """Return the visits that start within [starts, ends), published or without a worker, by start."""
    return db.many(
        conn,
        BoardVisit,
        """SELECT v.id, v.revision, v.area_id, a.name AS area, v.client_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client, c.fragile, v.home_id,
                  (SELECT min(number) FROM home_lines l WHERE l.home_id = v.home_id) AS home_number,
                  s.name AS service, v.worker_id,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, w.phone AS worker_number,
                  v.starts_at, v.ends_at, v.arrived_at, v.left_at, v.cancelled_at,
                  l.id AS alert_id, l.step AS alert_step, l.owner_id, u.name AS owner
           FROM visits v
           JOIN areas a ON a.id = v.area_id
           JOIN clients c ON c.id = v.client_id
           JOIN services s ON s.id = v.service_id
           LEFT JOIN workers w ON w.id = v.worker_id
           LEFT JOIN alerts l ON l.visit_id = v.id AND l.closed_at IS NULL
           LEFT JOIN users u ON u.id = l.owner_id
           WHERE v.starts_at >= %(starts)s AND v.starts_at < %(ends)s
             AND (v.published_at IS NOT NULL OR v.worker_id IS NULL)
             AND (%(area)s::bigint IS NULL OR v.area_id = %(area)s)
             AND (%(visit)s::bigint IS NULL OR v.id = %(visit)s)
           ORDER BY v.starts_at, v.id""",
        {"starts": starts, "ends": ends, "area": area, "visit": visit},
    )


@dataclass(frozen=True, slots=True)
class LatestPunch:
    """A punch that was just recorded, as the board tells it."""

    punched_at: datetime
    received_at: datetime
    channel: str
    edge: str | None
    client: str | None
    worker: str | None


def list_latest_punches(conn: db.Conn, *, since: datetime, limit: int = 5) -> list[LatestPunch]:
    """Return the latest punches recorded after `since`, the newest first."""
    return db.many(
        conn,
        LatestPunch,
        """SELECT p.punched_at, p.received_at, p.channel, m.edge,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker
           FROM punches p
           LEFT JOIN punch_matches m ON m.punch_id = p.id
           LEFT JOIN homes h ON h.id = m.home_id
           LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           WHERE p.punched_at >= %(since)s
             AND (h.client_id IS NULL OR c.id IS NOT NULL)
           ORDER BY p.punched_at DESC, p.id DESC LIMIT %(limit)s""",
        {"since": since, "limit": limit},
    )
