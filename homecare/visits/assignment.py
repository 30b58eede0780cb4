"""Moving a visit by hand: tried first, refused with its reasons, or done and undone.

`visits.operations.move_visit` writes; here a person decides: what blocks is refused, what warns is done once
somebody has accepted it. The caller arms the alerts of the visit, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.model import Visit
from homecare.visits.operations import move_visit, notify_visit
from homecare.visits.planning import PlannedVisit, find_planned
from homecare.visits.queries import find_visit
from homecare.visits.trials import Trial, try_on

UNDO_WITHIN = timedelta(minutes=10)
LONGEST_AGO, FURTHEST_AHEAD = timedelta(days=31), timedelta(days=400)
"""How far from now a visit may be: what is beyond is a year mistyped."""
CHANGED = "L’intervention chez {} a changé depuis votre déplacement : regardez-la de nouveau avant d’agir."


class RefusedMoveError(InvalidError):
    """Something blocks, or warns and nobody accepted it yet. `trial` of `visit` says what."""

    def __init__(self, message: str, trial: Trial, visit: PlannedVisit) -> None:
        """Keep the trial, so that a screen can show every reason."""
        super().__init__(message)
        self.trial = trial
        self.visit = visit


def reassign(
    conn: db.Conn,
    actor: audit.Actor,
    visit: VisitId,
    *,
    revision: int,
    worker: WorkerId | None,
    starts_at: datetime,
    accepted: bool,
    now: datetime,
) -> Visit:
    """Give the visit this worker (None: nobody) and this start, unless something is against it.

    Raises `RefusedMoveError` when something blocks, or warns without being `accepted`, `InvalidError` for a
    day that can only be a slip of the keyboard, and whatever `move_visit` raises.
    """
    refuse_far_away(starts_at, now=now)
    if worker is not None:
        found = find_planned(conn, visit)
        trial = try_held(conn, found, worker, starts_at=starts_at)
        if trial.is_doubtful and not accepted:
            raise RefusedMoveError("Cette affectation demande votre accord.", trial, found)
    return move_visit(conn, actor, visit, revision=revision, worker=worker, starts_at=starts_at, now=now)


def refuse_far_away(starts_at: datetime, *, now: datetime) -> None:
    """Raise `InvalidError` for a start whose day can only be a slip of the keyboard."""
    if not now - LONGEST_AGO <= starts_at <= now + FURTHEST_AHEAD:
        raise InvalidError("Ce jour est trop loin d’aujourd’hui : vérifiez la date.")


def try_held(conn: db.Conn, visit: PlannedVisit, worker: WorkerId, *, starts_at: datetime) -> Trial:
    """Try the visit on the worker, whose days nobody else changes until the transaction ends.

    One move at a time, so that two planners cannot both find the same hour free. Raises `RefusedMoveError`
    when something blocks.
    """
    conn.execute("SELECT FROM workers WHERE id = %s FOR UPDATE", (worker,))
    trial = try_on(conn, visit, worker, starts_at=starts_at)
    if trial is None:
        raise NotFoundError("Cet intervenant n’existe pas ou n’est pas accessible avec votre compte.")
    if trial.is_refused:
        raise RefusedMoveError(f"{trial.worker.name} ne peut pas prendre cette intervention.", trial, visit)
    return trial


@dataclass(frozen=True, slots=True)
class LastMove:
    """A person's last move, not undone: the visit as it was before, then what it is now.

    `made` is the revision that the move made, `returns_to` the one whose state undoing it brings back, and
    `stands` the one whose state the visit is in: as an undone move leaves no trace, an earlier one follows.
    """

    visit_id: VisitId
    client: str
    at: datetime
    worker_id: WorkerId | None
    starts_at: datetime
    earliest_at: datetime
    latest_at: datetime
    made: int
    returns_to: int
    revision: int
    stands: int
    published_at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None
    cancelled_at: datetime | None


def find_last_move(conn: db.Conn, actor: audit.ByUser, *, now: datetime) -> LastMove | None:
    """Return the person's last move of ten minutes at most that they have not undone, or None.

    Whether it can still be undone is for `undo_last_move` to say.
    """
    return db.maybe(
        conn,
        LastMove,
        """WITH undone AS (
               SELECT subject_id, (after ->> 'revision')::int AS revision, (after ->> 'stands')::int AS stands
               FROM audit_events
               WHERE action IN ('visits.undo_move', 'visits.restore_visit')
                 AND at > %(since)s AND at <= %(now)s
           )
           SELECT v.id AS visit_id, trim(upper(c.last_name) || ' ' || c.first_name) AS client, e.at,
                  (e.before ->> 'worker')::bigint AS worker_id,
                  (e.before ->> 'starts_at')::timestamptz AS starts_at,
                  (e.before ->> 'earliest_at')::timestamptz AS earliest_at,
                  (e.before ->> 'latest_at')::timestamptz AS latest_at,
                  m.made,
                  coalesce((SELECT u.stands FROM undone u
                            WHERE u.subject_id = v.id AND u.revision = m.made - 1), m.made - 1) AS returns_to,
                  v.revision,
                  coalesce((SELECT u.stands FROM undone u
                            WHERE u.subject_id = v.id AND u.revision = v.revision), v.revision) AS stands,
                  v.published_at, v.arrived_at, v.left_at, v.cancelled_at
           FROM audit_events e
           CROSS JOIN LATERAL (SELECT (e.after ->> 'revision')::int AS made) m
           JOIN visits v ON v.id = e.subject_id
           JOIN clients c ON c.id = v.client_id
           WHERE e.action = 'visits.move_visit' AND e.actor = %(actor)s
             AND e.at > %(since)s AND e.at <= %(now)s
             AND NOT EXISTS (SELECT FROM undone u WHERE u.subject_id = v.id
                             AND u.stands < m.made AND u.revision > m.made)
           ORDER BY e.at DESC, e.id DESC LIMIT 1""",
        {"actor": str(actor), "since": now - UNDO_WITHIN, "now": now},
    )


def undo_last_move(conn: db.Conn, actor: audit.ByUser, *, now: datetime) -> Visit:
    """Put the visit of the person's last move back where it was, window included, and return it.

    What the move left is looked at again: raises `NotFoundError` when there is nothing to undo, `StaleError`
    when somebody changed the visit since, `InvalidError` when it was published, began or was cancelled since,
    `RefusedMoveError` when something now blocks the way back. What only warns was so before the move.
    """
    move = find_last_move(conn, actor, now=now)
    if move is None:
        raise NotFoundError("Il n’y a plus de déplacement à annuler.")
    _refuse_what_happened_since(move)
    if move.worker_id is not None:
        try_held(conn, find_planned(conn, move.visit_id), move.worker_id, starts_at=move.starts_at)
    before = find_visit(conn, move.visit_id)
    touched = db.write(
        conn,
        """UPDATE visits
           SET worker_id = %(worker)s, starts_at = %(starts)s, ends_at = %(starts)s + (ends_at - starts_at),
               earliest_at = %(earliest)s, latest_at = %(latest)s, revision = revision + 1
           WHERE id = %(visit)s AND revision = %(revision)s
             AND cancelled_at IS NULL AND arrived_at IS NULL AND left_at IS NULL""",
        {
            "visit": move.visit_id,
            "revision": move.revision,
            "worker": move.worker_id,
            "starts": move.starts_at,
            "earliest": move.earliest_at,
            "latest": move.latest_at,
        },
    )
    if not touched:
        raise StaleError(CHANGED.format(move.client))
    audit.record(
        conn,
        actor,
        "visits.undo_move",
        move.visit_id,
        now=now,
        before={"worker": before.worker_id, "starts_at": before.starts_at.isoformat()},
        after={
            "worker": move.worker_id,
            "starts_at": move.starts_at.isoformat(),
            "revision": move.revision + 1,
            "stands": move.returns_to,
        },
    )
    notify_visit(conn, move.visit_id)
    return find_visit(conn, move.visit_id)


def _refuse_what_happened_since(move: LastMove) -> None:
    """Raise when the visit is no longer as the move left it, with what happened."""
    if move.arrived_at is not None or move.left_at is not None:
        raise InvalidError(f"L’intervention chez {move.client} a commencé : elle ne se déplace plus.")
    if move.cancelled_at is not None:
        raise InvalidError(f"L’intervention chez {move.client} a été annulée depuis votre déplacement.")
    if move.stands != move.made:
        raise StaleError(CHANGED.format(move.client))
    if move.published_at is not None and move.published_at > move.at:
        raise InvalidError(
            f"L’intervention chez {move.client} a été publiée depuis : son intervenant la voit. "
            "Déplacez-la plutôt que d’annuler."
        )
