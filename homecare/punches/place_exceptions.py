"""Punches that their worker's telephone said were made elsewhere: kept like all others, shown with a reason.

Nothing is blocked. The exception is raised when the punch is settled, from the one word that the telephone
said; the reason follows when the worker gives one; a coordinator notes that they have seen it, and may take
that back.
A place that the telephone could not tell (a dead zone) raises nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, HomeId, PunchId, UserId, VisitId, WorkerId
from homecare.punches.model import Claim, PlaceCheck
from homecare.punches.settling import Settled


class OutsideReason(StrEnum):
    """Why a punch was made elsewhere, as its worker says."""

    NEARBY = "nearby"
    ACCOMPANYING = "accompanying"
    WRONG_POSITION = "wrong_position"
    LATE_GESTURE = "late_gesture"
    OTHER = "other"


def is_outside(claim: Claim, home: HomeId | None) -> bool:
    """Tell whether the claim says that it was made away from its place.

    A word about another home than the punch's own (a neighbour's code) says nothing.
    """
    beside = claim.details.get("beside")
    return claim.place_check is PlaceCheck.OUTSIDE and (beside is None or beside == home)


def note_outside(conn: db.Conn, settled: Sequence[tuple[Claim, Settled]]) -> None:
    """Raise an exception for each punch made elsewhere, once."""
    outside = [
        (claim, made, made.worker)
        for claim, made in settled
        if made.worker is not None and is_outside(claim, made.home)
    ]
    if not outside:
        return
    conn.execute(
        """INSERT INTO place_exceptions (punch_id, punched_at, worker_id, area_id)
           SELECT punch, punched_at, worker, coalesce(
               (SELECT area_id FROM visits WHERE id = visit),
               (SELECT c.area_id FROM homes h JOIN clients c ON c.id = h.client_id WHERE h.id = home),
               (SELECT area_id FROM workers WHERE id = worker))
           FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[])
                AS o (punch, punched_at, worker, home, visit)
           -- Out with the client is not elsewhere.
           WHERE NOT EXISTS (
               SELECT FROM outings t
               WHERE t.visit_id = visit AND t.started_at <= punched_at
                 AND coalesce(t.ended_at, punched_at) >= punched_at)
           ON CONFLICT (punch_id) DO NOTHING""",
        (
            [made.punch for _, made, _ in outside],
            [claim.punched_at for claim, _, _ in outside],
            [worker.id for _, _, worker in outside],
            [made.home for _, made, _ in outside],
            [made.match.visit for _, made, _ in outside],
        ),
    )


def explain_outside(
    conn: db.Conn, worker: WorkerId, punch: PunchId, reason: OutsideReason, *, comment: str, now: datetime
) -> None:
    """Keep why the worker's punch was made elsewhere; a later reason replaces an earlier one.

    Raises `NotFoundError` when the punch is no such one of theirs.
    """
    touched = db.write(
        conn,
        """UPDATE place_exceptions SET reason = %s, comment = %s, explained_at = %s
           WHERE punch_id = %s AND worker_id = %s""",
        (reason.value, comment, now, punch, worker),
    )
    if not touched:
        raise NotFoundError("Ce pointage n’attend pas de motif.")


def see_exception(conn: db.Conn, actor: audit.ByUser, punch: PunchId, *, now: datetime) -> None:
    """Note that a coordinator has looked at it. Raises `NotFoundError` out of reach, or once it is seen."""
    if not db.write(
        conn,
        "UPDATE place_exceptions SET seen_at = %s, seen_by = %s WHERE punch_id = %s AND seen_at IS NULL",
        (now, UserId(actor.id), punch),
    ):
        raise NotFoundError("Cette exception est déjà vue, ou n’est pas accessible avec votre compte.")
    audit.record(conn, actor, "punches.see_exception", punch, now=now)


def unsee_exception(conn: db.Conn, actor: audit.ByUser, punch: PunchId, *, now: datetime) -> None:
    """Put it back among those to look at. Raises `NotFoundError` when it is there, or out of reach."""
    if not db.write(
        conn,
        """UPDATE place_exceptions SET seen_at = NULL, seen_by = NULL
           WHERE punch_id = %s AND seen_at IS NOT NULL""",
        (punch,),
    ):
        raise NotFoundError(
            "Cette exception n’est pas marquée vue, ou n’est pas accessible avec votre compte."
        )
    audit.record(conn, actor, "punches.unsee_exception", punch, now=now)


@dataclass(frozen=True, slots=True)
class PlaceException:
    """An exception with its punch. `site` names the agreed place at which it was to be, if not the home."""

    punch_id: PunchId
    punched_at: datetime
    channel: str
    proof: str
    edge: str | None
    area_id: AreaId | None
    visit_id: VisitId | None
    client: str | None
    worker: str
    site: str | None
    reason: str | None
    comment: str
    seen_at: datetime | None


def list_exceptions(conn: db.Conn, *, since: datetime, until: datetime) -> list[PlaceException]:
    """Return the exceptions of punches made within [since, until): those to look at first, then by time."""
    return db.many(
        conn,
        PlaceException,
        """SELECT e.punch_id, e.punched_at, m.channel, p.proof, m.edge, e.area_id, m.visit_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, s.name AS site,
                  e.reason, e.comment, e.seen_at
           FROM place_exceptions e
           JOIN punch_matches m ON m.punch_id = e.punch_id
           JOIN punches p ON p.id = e.punch_id AND p.punched_at = e.punched_at
           JOIN workers w ON w.id = e.worker_id
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN sites s ON s.id = claimed_site(p.claim)
           WHERE e.punched_at >= %(since)s AND e.punched_at < %(until)s
             AND p.punched_at >= %(since)s AND p.punched_at < %(until)s
           ORDER BY e.seen_at IS NOT NULL, e.punched_at, e.punch_id""",
        {"since": since, "until": until},
    )
