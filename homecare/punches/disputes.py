"""Disputes: a worker says that one of their punches, of any channel, is not right; a coordinator answers.

The punch stays as it is. While a dispute is open it is a task for the coordinators of its area; the answer is
shown to the worker beside the punch.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, OrganisationId, PunchId, UserId, VisitId, WorkerId
from homecare.kernel.text import clean_notes, require_line


class DisputeReason(StrEnum):
    """What is not right, in one tap."""

    WRONG_TIME = "wrong_time"
    WRONG_CLIENT = "wrong_client"
    WRONG_EDGE = "wrong_edge"
    NOT_MINE = "not_mine"
    OTHER = "other"


_NOT_OPEN = "Cette contestation a déjà sa réponse, ou n’est pas accessible avec votre compte."


def open_dispute(
    conn: db.Conn, worker: WorkerId, punch: PunchId, reason: DisputeReason, *, comment: str, at: datetime
) -> None:
    """Leave the task to the coordinators of the punch's area. While one is open a second says nothing new."""
    row = conn.execute(
        """INSERT INTO disputes (area_id, worker_id, punch_id, punched_at, reason, comment, at)
           SELECT coalesce(v.area_id, c.area_id, w.area_id), w.id, m.punch_id, m.punched_at, %(reason)s,
                  %(comment)s, %(at)s
           FROM punch_matches m JOIN workers w ON w.id = m.worker_id
           LEFT JOIN visits v ON v.id = m.visit_id
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           WHERE m.punch_id = %(punch)s AND m.worker_id = %(worker)s
           ON CONFLICT (punch_id) WHERE answered_at IS NULL DO NOTHING
           RETURNING id, organisation_id, area_id""",
        {"punch": punch, "worker": worker, "reason": reason.value, "comment": comment, "at": at},
    ).fetchone()
    if row is not None:
        db.notify_board(conn, OrganisationId(row[1]), row[2], "task", row[0])


def answer_dispute(conn: db.Conn, actor: audit.ByUser, dispute: int, answer: str, *, now: datetime) -> None:
    """Answer the worker. Raises `InvalidError` without words, `NotFoundError` out of reach or answered."""
    if not db.value(
        conn, bool, "SELECT true FROM disputes WHERE id = %s AND answered_at IS NULL", (dispute,)
    ):
        raise NotFoundError(_NOT_OPEN)
    answer = clean_notes(answer)
    require_line(answer.replace("\n", " "), missing="Écrivez la réponse que l’intervenant lira.")
    row = conn.execute(
        """UPDATE disputes SET answer = %s, answered_at = %s, answered_by = %s
           WHERE id = %s AND answered_at IS NULL RETURNING organisation_id, area_id""",
        (answer, now, UserId(actor.id), dispute),
    ).fetchone()
    if row is None:
        raise NotFoundError(_NOT_OPEN)
    audit.record(conn, actor, "punches.answer_dispute", dispute, now=now)
    db.notify_board(conn, row[0], row[1], "task", dispute)


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute with its punch, named for a screen."""

    id: int
    area_id: AreaId | None
    at: datetime
    reason: str
    comment: str
    punch_id: PunchId
    punched_at: datetime
    channel: str
    proof: str
    edge: str | None
    doubt: str | None
    visit_id: VisitId | None
    client: str | None
    worker: str
    worker_number: str | None
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


def list_disputes(conn: db.Conn, *, answered_since: datetime) -> list[DisputeRow]:
    """Return the open disputes, the oldest first, then those answered since an instant, the latest first."""
    return db.many(
        conn,
        DisputeRow,
        """SELECT d.id, d.area_id, d.at, d.reason, d.comment, d.punch_id, d.punched_at, m.channel, p.proof,
                  m.edge, m.doubt, m.visit_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, w.phone AS worker_number,
                  d.answer, d.answered_at, u.name AS answered_by
           FROM disputes d
           JOIN punch_matches m ON m.punch_id = d.punch_id
           JOIN punches p ON p.id = d.punch_id AND p.punched_at = d.punched_at
           JOIN workers w ON w.id = d.worker_id
           LEFT JOIN users u ON u.id = d.answered_by
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           WHERE d.answered_at IS NULL OR d.answered_at >= %s
           ORDER BY d.answered_at DESC NULLS FIRST, d.at, d.id""",
        (answered_since,),
    )
