"""Cancelling a visit that has not begun, with its reason, and taking that back.

The caller arms the alerts of the visit in the same transaction: what is cancelled is late no more.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel import audit, db
from homecare.kernel.errors import HomecareError, InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, ClientId, VisitId, WorkerId
from homecare.visits.assignment import UNDO_WITHIN, LastMove, RefusedMoveError, find_last_move, try_held
from homecare.visits.model import Visit
from homecare.visits.operations import notify_visit
from homecare.visits.planning import find_planned
from homecare.visits.queries import find_visit

BEGUN = "Cette intervention a commencé : elle ne s’annule plus."


class CancelReason(StrEnum):
    """Why a visit is cancelled; the value is stored."""

    HOSPITAL = "hospital"
    AWAY = "away"
    CLIENT_WISH = "client_wish"
    ENTRY_ERROR = "entry_error"
    OTHER = "other"


def cancel_visit(
    conn: db.Conn,
    actor: audit.Actor,
    visit: VisitId,
    *,
    revision: int,
    reason: CancelReason,
    words: str = "",
    now: datetime,
) -> Visit:
    """Cancel a visit that has not begun, and return it. The words explain the reason; `OTHER` needs some.

    Raises `InvalidError` once it has begun, when it is cancelled already or `OTHER` has no words,
    `StaleError` when it changed since `revision`.
    """
    before = find_visit(conn, visit)
    if before.arrived_at is not None or before.left_at is not None:
        raise InvalidError(BEGUN)
    if before.cancelled_at is not None:
        raise InvalidError("Cette intervention est déjà annulée.")
    if reason is CancelReason.OTHER and not words:
        raise InvalidError("Dites en quelques mots pourquoi l’intervention est annulée.")
    touched = db.write(
        conn,
        """UPDATE visits
           SET cancelled_at = %(now)s, cancel_reason = %(reason)s, cancel_words = %(words)s,
               cancelled_by = %(by)s, revision = revision + 1
           WHERE id = %(visit)s AND revision = %(revision)s
             AND cancelled_at IS NULL AND arrived_at IS NULL AND left_at IS NULL""",
        {
            "now": now,
            "reason": reason,
            "words": words,
            "by": actor.id if isinstance(actor, audit.ByUser) else None,
            "visit": visit,
            "revision": revision,
        },
    )
    if not touched:
        raise StaleError("Cette intervention vient de changer : regardez-la de nouveau avant d’agir.")
    audit.record(
        conn,
        actor,
        "visits.cancel_visit",
        visit,
        now=now,
        after={"reason": reason, "revision": revision + 1},
    )
    notify_visit(conn, visit)
    return find_visit(conn, visit)


@dataclass(frozen=True, slots=True)
class Restored:
    """A visit that is planned again. `lost` says why its worker could not keep it, when they could not."""

    visit: Visit
    lost: HomecareError | None


def restore_visit(conn: db.Conn, actor: audit.Actor, visit: VisitId, *, now: datetime) -> Restored:
    """Plan a cancelled visit again, as it was; with nobody when its worker cannot take it any more.

    Raises `NotFoundError`, or `StaleError` when it is not cancelled.
    """
    before = find_visit(conn, visit)
    touched = db.write(
        conn,
        """UPDATE visits
           SET cancelled_at = NULL, cancel_reason = NULL, cancel_words = '', cancelled_by = NULL,
               revision = revision + 1
           WHERE id = %s AND cancelled_at IS NOT NULL""",
        (visit,),
    )
    if not touched:
        raise StaleError("Cette intervention n’est plus annulée : quelqu’un l’a rétablie.")
    lost = _give_up_worker(conn, visit, before.worker_id, starts_at=before.starts_at)
    # As it was before it was cancelled: a move that was made then can still be undone.
    stands = {} if lost else {"stands": before.revision - 1}
    audit.record(
        conn,
        actor,
        "visits.restore_visit",
        visit,
        now=now,
        before={"worker": before.worker_id},
        after={"worker": None if lost else before.worker_id, "revision": before.revision + 1, **stands},
    )
    notify_visit(conn, visit)
    return Restored(find_visit(conn, visit), lost)


def _give_up_worker(
    conn: db.Conn, visit: VisitId, worker: WorkerId | None, *, starts_at: datetime
) -> HomecareError | None:
    """Take the visit from its worker when something now blocks it, and return what does."""
    if worker is None:
        return None
    try:
        try_held(conn, find_planned(conn, visit), worker, starts_at=starts_at)
    except (RefusedMoveError, NotFoundError) as refusal:
        conn.execute("UPDATE visits SET worker_id = NULL WHERE id = %s", (visit,))
        return refusal
    return None


@dataclass(frozen=True, slots=True)
class LastCancellation:
    """A visit that a person cancelled a moment ago, and that still is."""

    visit_id: VisitId
    client: str
    at: datetime


def find_last_act(conn: db.Conn, actor: audit.ByUser, *, now: datetime) -> LastMove | LastCancellation | None:
    """Return what the person can take back first: their last move or cancellation of ten minutes at most."""
    move = find_last_move(conn, actor, now=now)
    cancelled = db.maybe(
        conn,
        LastCancellation,
        """SELECT v.id AS visit_id, trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  v.cancelled_at AS at
           FROM visits v JOIN clients c ON c.id = v.client_id
           WHERE v.cancelled_by = %s AND v.cancelled_at > %s AND v.cancelled_at <= %s
           ORDER BY v.cancelled_at DESC, v.id DESC LIMIT 1""",
        (actor.id, now - UNDO_WITHIN, now),
    )
    if move is None or cancelled is None:
        return cancelled or move
    return cancelled if cancelled.at >= move.at else move


@dataclass(frozen=True, slots=True)
class CancelledVisit:
    """A cancelled visit. What was cancelled before reasons were asked has none, and names nobody."""

    id: VisitId
    client: str
    service: str
    worker: str | None
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None
    cancelled_at: datetime
    cancel_reason: CancelReason | None
    cancel_words: str
    cancelled_by: str | None


def list_cancelled(
    conn: db.Conn,
    starts: datetime,
    ends: datetime,
    *,
    area: AreaId | None = None,
    worker: WorkerId | None = None,
    client: ClientId | None = None,
) -> list[CancelledVisit]:
    """Return the cancelled visits that would have started within [starts, ends), by start."""
    return db.many(
        conn,
        CancelledVisit,
        """SELECT v.id, trim(upper(c.last_name) || ' ' || c.first_name) AS client, s.name AS service,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, v.starts_at, v.ends_at,
                  v.published_at, v.cancelled_at, v.cancel_reason, v.cancel_words, u.name AS cancelled_by
           FROM visits v
           JOIN clients c ON c.id = v.client_id
           JOIN services s ON s.id = v.service_id
           LEFT JOIN workers w ON w.id = v.worker_id
           LEFT JOIN users u ON u.id = v.cancelled_by
           WHERE v.starts_at >= %(starts)s AND v.starts_at < %(ends)s AND v.cancelled_at IS NOT NULL
             AND (%(area)s::bigint IS NULL OR v.area_id = %(area)s)
             AND (%(worker)s::bigint IS NULL OR v.worker_id = %(worker)s)
             AND (%(client)s::bigint IS NULL OR v.client_id = %(client)s)
           ORDER BY v.starts_at, v.id""",
        {"starts": starts, "ends": ends, "area": area, "worker": worker, "client": client},
    )
