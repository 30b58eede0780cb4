"""Who really made a visit, when it was not whom the plan had: known from a punch, once it has happened.

What has happened is not judged by the rules that a plan is: they are for what may still be changed.
"""

from datetime import datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import StaleError
from homecare.kernel.ids import VisitId, WorkerId


def replace_worker(
    conn: db.Conn,
    actor: audit.ByUser,
    visit: VisitId,
    *,
    planned: WorkerId | None,
    worker: WorkerId,
    now: datetime,
) -> None:
    """Give a visit that nobody began to the worker who was there. A visit of nobody is published by it.

    Raises `StaleError` unless it is still `planned`'s (None: nobody's), not begun, not cancelled.
    """
    touched = db.write(
        conn,
        """UPDATE visits SET worker_id = %(worker)s, published_at = coalesce(published_at, %(now)s),
                             revision = revision + 1
           WHERE id = %(visit)s AND worker_id IS NOT DISTINCT FROM %(planned)s
             AND arrived_at IS NULL AND left_at IS NULL AND cancelled_at IS NULL""",
        {"visit": visit, "planned": planned, "worker": worker, "now": now},
    )
    if not touched:
        raise StaleError("Cette intervention vient de changer : regardez-la de nouveau avant d’agir.")
    audit.record(
        conn,
        actor,
        "visits.replace_worker",
        visit,
        now=now,
        before={"worker": planned},
        after={"worker": worker},
    )


def give_back(
    conn: db.Conn,
    actor: audit.ByUser,
    visit: VisitId,
    *,
    planned: WorkerId | None,
    worker: WorkerId,
    now: datetime,
) -> bool:
    """Take a replacement back; tell whether it was: not once the visit was begun, cancelled or given on."""
    touched = db.write(
        conn,
        """UPDATE visits
           SET worker_id = %(planned)s, revision = revision + 1,
               published_at = CASE WHEN %(planned)s::bigint IS NOT NULL THEN published_at END
           WHERE id = %(visit)s AND worker_id = %(worker)s
             AND arrived_at IS NULL AND left_at IS NULL AND cancelled_at IS NULL""",
        {"visit": visit, "planned": planned, "worker": worker},
    )
    if touched:
        audit.record(
            conn,
            actor,
            "visits.replace_worker",
            visit,
            now=now,
            before={"worker": worker},
            after={"worker": planned},
        )
    return bool(touched)
