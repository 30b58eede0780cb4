"""Reports: what a worker notes of a visit, in it or the same day: an expense, kilometres, a comment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.during import check_during

LARGEST_AMOUNT, LARGEST_KM = Decimal(1000), Decimal(500)
"""Euros paid, kilometres driven at once: what is beyond was mistyped."""
FORGOTTEN = timedelta(hours=12)
"""How long after a visit what was forgotten in it may still be noted."""
_CENT, _TENTH = Decimal("0.01"), Decimal("0.1")


def note_expense(
    conn: db.Conn, worker: WorkerId, visit: VisitId, amount: Decimal, text: str, *, at: datetime
) -> None:
    """Keep what the worker paid, in euros. Raises `InvalidError`, and as `check_during` does."""
    if not _CENT <= amount <= LARGEST_AMOUNT or amount != amount.quantize(_CENT):
        raise InvalidError("Un montant va de 0,01 € à 1 000 €, au centime.")
    check_during(conn, worker, visit, at=at, after=FORGOTTEN)
    _insert(conn, visit, "expense", at=at, amount=amount, text=text)


def note_mileage(
    conn: db.Conn, worker: WorkerId, visit: VisitId, km: Decimal, text: str, *, at: datetime
) -> None:
    """Keep the kilometres driven for the client. Raises `InvalidError`, and as `check_during` does."""
    if not _TENTH <= km <= LARGEST_KM or km != km.quantize(_TENTH):
        raise InvalidError("Des kilomètres vont de 0,1 à 500, au dixième.")
    check_during(conn, worker, visit, at=at, after=FORGOTTEN)
    _insert(conn, visit, "mileage", at=at, km=km, text=text)


def note_comment(conn: db.Conn, worker: WorkerId, visit: VisitId, text: str, *, at: datetime) -> None:
    """Keep the worker's words. Raises `InvalidError` without any, and as `check_during` does."""
    if not text:
        raise InvalidError("Un commentaire a des mots.")
    check_during(conn, worker, visit, at=at, after=FORGOTTEN)
    _insert(conn, visit, "comment", at=at, text=text)


def _insert(
    conn: db.Conn,
    visit: VisitId,
    kind: str,
    *,
    at: datetime,
    amount: Decimal | None = None,
    km: Decimal | None = None,
    text: str,
) -> None:
    conn.execute(
        """INSERT INTO visit_reports (area_id, visit_id, worker_id, kind, amount, km, text, at)
           SELECT area_id, id, worker_id, %s, %s, %s, %s, %s FROM visits WHERE id = %s""",
        (kind, amount, km, text, at, visit),
    )


@dataclass(frozen=True, slots=True)
class Report:
    """A report, named for a screen. `amount` is in euros."""

    visit_id: VisitId
    kind: str
    amount: Decimal | None
    km: Decimal | None
    text: str
    at: datetime
    client: str
    worker: str
    area_id: int


def list_reports(
    conn: db.Conn, *, since: datetime, until: datetime, worker: WorkerId | None = None
) -> list[Report]:
    """Return what was noted within [since, until), by time: of everybody, or of one worker."""
    return db.many(
        conn,
        Report,
        """SELECT r.visit_id, r.kind, r.amount, r.km, r.text, r.at, r.area_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker
           FROM visit_reports r JOIN visits v ON v.id = r.visit_id JOIN clients c ON c.id = v.client_id
           JOIN workers w ON w.id = r.worker_id
           WHERE r.at >= %(since)s AND r.at < %(until)s
             AND (%(worker)s::bigint IS NULL OR r.worker_id = %(worker)s)
           ORDER BY r.at, r.id""",
        {"since": since, "until": until, "worker": worker},
    )
