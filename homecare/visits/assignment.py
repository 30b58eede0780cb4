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
from homecare.visits.planning import find_planned
from homecare.visits.queries import find_visit
from homecare.visits.trials import Trial, try_on

UNDO_WITHIN = timedelta(minutes=10)


class RefusedMoveError(InvalidError):
    """Something blocks, or warns and nobody accepted it yet. `trial` says what, worker by worker."""

    def __init__(self, message: str, trial: Trial) -> None:
        """Keep the trial, so that a screen can show every reason."""
        super().__init__(message)
        self.trial = trial


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

    Raises `RefusedMoveError` when something blocks, or warns without being `accepted`, and whatever
    `move_visit` raises.
    """
    if worker is not None:
        # One move at a time on a worker's day, so that two planners cannot both find the same hour free.
        conn.execute("SELECT FROM workers WHERE id = %s FOR UPDATE", (worker,))
        trial = try_on(conn, find_planned(conn, visit), worker, starts_at=starts_at)
        if trial is None:
            raise NotFoundError("Cet intervenant n’existe pas ou n’est pas accessible avec votre compte.")
        if trial.is_refused:
            raise RefusedMoveError(f"{trial.worker.name} ne peut pas prendre cette intervention.", trial)
        if trial.is_doubtful and not accepted:
            raise RefusedMoveError("Cette affectation demande votre accord.", trial)
    return move_visit(conn, actor, visit, revision=revision, worker=worker, starts_at=starts_at, now=now)


@dataclass(frozen=True, slots=True)
class LastMove:
    """A move that can be undone: the visit as it was, and the revision that the move made."""

    visit_id: VisitId
    client: str
    at: datetime
    worker_id: WorkerId | None
    starts_at: datetime
    earliest_at: datetime
    latest_at: datetime
    revision: int


def find_last_move(conn: db.Conn, actor: audit.ByUser, *, now: datetime) -> LastMove | None:
    """Return the person's last move of ten minutes at most, on a visit untouched since, or None."""
    return db.maybe(
        conn,
        LastMove,
        """SELECT v.id AS visit_id, trim(upper(c.last_name) || ' ' || c.first_name) AS client, e.at,
                  (e.before ->> 'worker')::bigint AS worker_id,
                  (e.before ->> 'starts_at')::timestamptz AS starts_at,
                  (e.before ->> 'earliest_at')::timestamptz AS earliest_at,
                  (e.before ->> 'latest_at')::timestamptz AS latest_at, v.revision
           FROM audit_events e
           JOIN visits v ON v.id = e.subject_id AND v.revision = (e.after ->> 'revision')::int
           JOIN clients c ON c.id = v.client_id
           WHERE e.action = 'visits.move_visit' AND e.actor = %s AND e.at > %s AND e.at <= %s
             AND v.arrived_at IS NULL AND v.cancelled_at IS NULL
           ORDER BY e.at DESC, e.id DESC LIMIT 1""",
        (str(actor), now - UNDO_WITHIN, now),
    )


def undo_last_move(conn: db.Conn, actor: audit.ByUser, *, now: datetime) -> Visit:
    """Put the visit of the person's last move back where it was, window included, and return it.

    Raises `NotFoundError` when there is nothing to undo, `StaleError` when somebody is faster.
    """
    move = find_last_move(conn, actor, now=now)
    if move is None:
        raise NotFoundError("Il n’y a plus de déplacement à annuler.")
    before = find_visit(conn, move.visit_id)
    touched = db.write(
        conn,
        """UPDATE visits
           SET worker_id = %(worker)s, starts_at = %(starts)s, ends_at = %(starts)s + (ends_at - starts_at),
               earliest_at = %(earliest)s, latest_at = %(latest)s, revision = revision + 1
           WHERE id = %(visit)s AND revision = %(revision)s
             AND cancelled_at IS NULL AND arrived_at IS NULL""",
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
        raise StaleError("Cette intervention vient de changer : regardez-la de nouveau avant d’agir.")
    audit.record(
        conn,
        actor,
        "visits.undo_move",
        move.visit_id,
        now=now,
        before={"worker": before.worker_id, "starts_at": before.starts_at.isoformat()},
        after={"worker": move.worker_id, "starts_at": move.starts_at.isoformat()},
    )
    notify_visit(conn, move.visit_id)
    return find_visit(conn, move.visit_id)
