"""Reading the live day and its alerts."""

from dataclasses import dataclass
from datetime import date, datetime

from homecare.alerts.model import AlertRow, BoardRow, Rule, Step
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import AlertId, AreaId, OrganisationId, VisitId, WorkerId


def board_rows(
    conn: db.Conn, day: date, *, area: AreaId | None = None, worker: WorkerId | None = None
) -> list[BoardRow]:
    """Return the visits that start on a day, as the board shows them, by start. `worker`: theirs alone."""
    starts, ends = day_bounds(day)
    return _board(conn, starts=starts, ends=ends, area=area, worker=worker)


def board_row(conn: db.Conn, visit: VisitId) -> BoardRow | None:
    """Return one visit as the board shows it, None when it is out of reach."""
    return next(iter(_board(conn, visit=visit)), None)


def first_start(conn: db.Conn, day: date, *, area: AreaId | None = None) -> datetime | None:
    """Return the first start of a day among what the board shows: visits published, or that nobody has."""
    starts, ends = day_bounds(day)
    return db.value(
        conn,
        datetime,
        """SELECT min(starts_at) FROM visits
           WHERE starts_at >= %(starts)s AND starts_at < %(ends)s
             AND (%(area)s::bigint IS NULL OR area_id = %(area)s)""",
        {"starts": starts, "ends": ends, "area": area},
    )


def _board(
    conn: db.Conn,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    area: AreaId | None = None,
    worker: WorkerId | None = None,
    visit: VisitId | None = None,
) -> list[BoardRow]:
    return db.many(
        conn,
        BoardRow,
        """SELECT v.id AS visit_id, v.area_id, a.name AS area, v.client_id,
                  upper(c.last_name) || ' ' || c.first_name AS client, c.fragile, v.home_id, h.lon, h.lat,
                  s.name AS service, v.worker_id, upper(w.last_name) || ' ' || w.first_name AS worker,
                  w.phone AS worker_phone,
                  (SELECT min(number) FROM home_lines l WHERE l.home_id = v.home_id) AS home_line,
                  v.starts_at, v.ends_at, v.published_at, v.cancelled_at, v.arrived_at, v.left_at, v.revision,
                  t.id AS alert_id, t.step AS alert_step, t.escalated_at,
                  t.owner_id, u.name AS owner
           FROM visits v
           JOIN areas a ON a.id = v.area_id JOIN clients c ON c.id = v.client_id
           JOIN homes h ON h.id = v.home_id JOIN services s ON s.id = v.service_id
           LEFT JOIN workers w ON w.id = v.worker_id
           LEFT JOIN alerts t ON t.visit_id = v.id AND t.closed_at IS NULL
           LEFT JOIN users u ON u.id = t.owner_id
           WHERE (%(visit)s::bigint IS NULL OR v.id = %(visit)s)
             AND (%(starts)s::timestamptz IS NULL OR (v.starts_at >= %(starts)s AND v.starts_at < %(ends)s))
             AND (%(area)s::bigint IS NULL OR v.area_id = %(area)s)
             AND (%(worker)s::bigint IS NULL OR v.worker_id = %(worker)s)
           ORDER BY v.starts_at, v.id""",
        {"starts": starts, "ends": ends, "area": area, "worker": worker, "visit": visit},
    )


def list_alerts(
    conn: db.Conn, *, since: datetime, open_only: bool = False, escalated_only: bool = False
) -> list[AlertRow]:
    """Return the alerts raised since an instant.

    Open ones come first: second alerts, then the longest lateness. Those that are over follow, latest first.
    """
    return db.many(
        conn,
        AlertRow,
        """SELECT t.id, t.area_id, a.name AS area, t.visit_id,
                  upper(c.last_name) || ' ' || c.first_name AS client,
                  upper(w.last_name) || ' ' || w.first_name AS worker, t.step, t.planned_at, t.due_at,
                  t.raised_at, t.escalated_at, t.owner_id, u.name AS owner, t.closed_at, t.closing
           FROM alerts t JOIN areas a ON a.id = t.area_id JOIN visits v ON v.id = t.visit_id
           JOIN clients c ON c.id = v.client_id LEFT JOIN workers w ON w.id = v.worker_id
           LEFT JOIN users u ON u.id = t.owner_id
           WHERE t.raised_at >= %s AND (NOT %s OR t.closed_at IS NULL)
             AND (NOT %s OR t.escalated_at IS NOT NULL)
           ORDER BY t.closed_at IS NOT NULL,
                    CASE WHEN t.closed_at IS NULL THEN t.step END DESC,
                    CASE WHEN t.closed_at IS NULL THEN t.planned_at END,
                    t.raised_at DESC, t.id DESC""",
        (since, open_only, escalated_only),
    )


def count_open(conn: db.Conn, *, since: datetime) -> int:
    """Return how many alerts, raised since an instant, are open."""
    query = "SELECT count(*)::int FROM alerts WHERE closed_at IS NULL AND raised_at >= %s"
    return db.value(conn, int, query, (since,)) or 0


def count_escalated(conn: db.Conn, *, since: datetime) -> int:
    """Return how many open alerts, raised since an instant, escalated and have nobody yet."""
    found = db.value(
        conn,
        int,
        """SELECT count(*)::int FROM alerts
           WHERE closed_at IS NULL AND owner_id IS NULL AND escalated_at IS NOT NULL AND raised_at >= %s""",
        (since,),
    )
    return found or 0


def list_rules(conn: db.Conn) -> list[Rule]:
    """Return the rules of lateness, the widest scope first."""
    return db.many(
        conn,
        Rule,
        """SELECT r.id, r.area_id, a.name AS area, s.name AS service,
                  upper(c.last_name) || ' ' || c.first_name AS client, r.enabled, r.first_minutes,
                  r.second_minutes, r.escalation_minutes
           FROM alert_rules r LEFT JOIN areas a ON a.id = r.area_id
           LEFT JOIN services s ON s.id = r.service_id LEFT JOIN clients c ON c.id = r.client_id
           WHERE r.client_id IS NULL OR c.id IS NOT NULL
           ORDER BY r.client_id NULLS FIRST, r.service_id NULLS FIRST, r.area_id NULLS FIRST""",
    )


def area_of_alert(conn: db.Conn, alert: AlertId) -> AreaId | None:
    """Return the area of an alert within reach."""
    return db.value(conn, AreaId, "SELECT area_id FROM alerts WHERE id = %s", (alert,))


@dataclass(frozen=True, slots=True)
class Due:
    """The instant at which a visit reaches a step of lateness, as it is armed."""

    visit_id: VisitId
    step: int
    due_at: datetime


def list_dues(conn: db.Conn, *, since: datetime, until: datetime) -> list[Due]:
    """Return the dues of the visits that start within [since, until), by visit and step."""
    return db.many(
        conn,
        Due,
        """SELECT d.visit_id, d.step, d.due_at FROM alert_dues d JOIN visits v ON v.id = d.visit_id
           WHERE v.starts_at >= %s AND v.starts_at < %s AND d.step < %s ORDER BY d.visit_id, d.step""",
        (since, until, Step.ESCALATION),
    )


def next_due(conn: db.Conn) -> datetime | None:
    """Return the next instant, over all organisations, at which a visit becomes late."""
    return db.value(conn, datetime, "SELECT next_alert_due()")


def organisations_due(conn: db.Conn, *, now: datetime) -> list[OrganisationId]:
    """Return the organisations that have a visit late at `now`."""
    return db.values(conn, OrganisationId, "SELECT organisations_with_alerts_due(%s)", (now,))
