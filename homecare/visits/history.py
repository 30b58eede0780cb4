"""Taking over what was done before: visits of the past, with the workers who went, from another software.

They have no punches of ours and prove nothing; they tell who knows whom (continuity of care).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import audit, db
from homecare.kernel.ids import VisitId, WorkerId


@dataclass(frozen=True, slots=True)
class PastVisit:
    """Who went, from when to when."""

    visit: VisitId
    worker: WorkerId
    arrived_at: datetime
    left_at: datetime


def take_over(conn: db.Conn, actor: audit.Actor, done: Sequence[PastVisit], *, now: datetime) -> int:
    """Note visits that ended before `now` and stood open; return how many were."""
    noted = db.write(
        conn,
        """UPDATE visits v
           SET worker_id = d.worker, arrived_at = d.arrived_at, left_at = d.left_at,
               published_at = v.starts_at, revision = v.revision + 1
           FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
                AS d (visit, worker, arrived_at, left_at)
           WHERE v.id = d.visit AND v.arrived_at IS NULL AND v.left_at IS NULL AND v.cancelled_at IS NULL
             AND d.left_at < %s""",
        (
            [one.visit for one in done],
            [one.worker for one in done],
            [one.arrived_at for one in done],
            [one.left_at for one in done],
            now,
        ),
    )
    audit.record(conn, actor, "visits.take_over", None, now=now, after={"count": noted})
    return noted
