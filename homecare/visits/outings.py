"""Outings: during a visit its worker takes the client for a walk, or goes shopping.

An outing goes on until the worker says that they are back, or leaves: a visit may end out of doors, and its
departure may then be punched anywhere. Outings are counted in the visit and shown with it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel import db
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.during import check_during


class OutingKind(StrEnum):
    """What the worker goes out for."""

    WALK = "walk"
    SHOPPING = "shopping"


def start_outing(conn: db.Conn, worker: WorkerId, visit: VisitId, kind: OutingKind, *, at: datetime) -> None:
    """Begin an outing; another that goes on ends with it. Raises as `check_during` does."""
    check_during(conn, worker, visit, at=at)
    _end(conn, visit, at=at)
    conn.execute(
        """INSERT INTO outings (area_id, visit_id, worker_id, kind, started_at)
           SELECT area_id, id, worker_id, %s, %s FROM visits WHERE id = %s""",
        (kind.value, at, visit),
    )


def end_outing(conn: db.Conn, worker: WorkerId, visit: VisitId, *, at: datetime) -> None:
    """Note that the worker is back; nothing when they were. Raises as `check_during` does."""
    check_during(conn, worker, visit, at=at)
    _end(conn, visit, at=at)


def _end(conn: db.Conn, visit: VisitId, *, at: datetime) -> None:
    conn.execute(
        """UPDATE outings SET ended_at = greatest(started_at, %s) WHERE visit_id = %s AND ended_at IS NULL""",
        (at, visit),
    )


@dataclass(frozen=True, slots=True)
class Outing:
    """An outing, named for a screen. `ended_at` is the departure's when nobody said that they were back."""

    visit_id: VisitId
    kind: str
    started_at: datetime
    ended_at: datetime | None
    client: str
    worker: str
    area_id: int

    @property
    def minutes(self) -> int | None:
        """How long it took, None while it goes on."""
        return None if self.ended_at is None else int((self.ended_at - self.started_at).total_seconds() // 60)


def list_outings(conn: db.Conn, *, since: datetime, until: datetime) -> list[Outing]:
    """Return the outings that began within [since, until), by start."""
    return db.many(
        conn,
        Outing,
        """SELECT o.visit_id, o.kind, o.started_at,
                  coalesce(o.ended_at, greatest(v.left_at, o.started_at)) AS ended_at,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, o.area_id
           FROM outings o JOIN visits v ON v.id = o.visit_id JOIN clients c ON c.id = v.client_id
           JOIN workers w ON w.id = o.worker_id
           WHERE o.started_at >= %s AND o.started_at < %s ORDER BY o.started_at, o.id""",
        (since, until),
    )
