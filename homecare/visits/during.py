"""Whether something that a worker says belongs to one of their visits, while it was open."""

from datetime import datetime, timedelta

from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import VisitId, WorkerId

# Before its arrival is known, and after it while no departure is: as far as a punch may be from the plan.
BEFORE, AFTER = timedelta(minutes=90), timedelta(hours=3)
# A telephone's clock, and the hand that presses one button after the other.
SLACK = timedelta(minutes=2)


def check_during(
    conn: db.Conn, worker: WorkerId, visit: VisitId, *, at: datetime, after: timedelta = SLACK
) -> None:
    """Raise `NotFoundError` for another's visit, `InvalidError` unless it was open then or until `after`."""
    row = conn.execute(
        """SELECT starts_at, ends_at, arrived_at, left_at FROM visits
           WHERE id = %s AND worker_id = %s AND cancelled_at IS NULL""",
        (visit, worker),
    ).fetchone()
    if row is None:
        raise NotFoundError("Cette intervention n’est pas l’une des vôtres.")
    starts_at, ends_at, arrived_at, left_at = row
    since, until = arrived_at or starts_at - BEFORE, left_at or ends_at + AFTER
    if not since - SLACK <= at <= until + after:
        raise InvalidError("Cette intervention n’était pas en cours à cette heure.")
