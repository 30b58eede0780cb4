"""What a worker's telephone says beside a punch or during a visit: kept once, by the telephone's own key.

A note is written down in the telephone first and sent until it is answered, as a punch is; sent again it
changes nothing. Unlike a punch it proves nothing and is in no chain.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from homecare.kernel import db
from homecare.kernel.errors import HomecareError, NotFoundError
from homecare.kernel.ids import PunchId, VisitId, WorkerId
from homecare.punches.disputes import DisputeReason, open_dispute
from homecare.punches.place_exceptions import OutsideReason, explain_outside
from homecare.visits.outings import OutingKind, end_outing, start_outing
from homecare.visits.reports import note_comment, note_expense, note_mileage

LONGEST_COMMENT = 500


class NotYetError(HomecareError):
    """The punch that the note is about has not been stored yet: the telephone keeps the note."""


class ReusedKeyError(HomecareError):
    """The key has served for another note."""


@dataclass(frozen=True, slots=True)
class OfPunch:
    """One of the worker's punches, by its id, or by the key of the telephone that made it."""

    id: PunchId | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a punch was made elsewhere."""

    punch: OfPunch
    reason: OutsideReason
    comment: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """That a punch is not right."""

    punch: OfPunch
    reason: DisputeReason
    comment: str


@dataclass(frozen=True, slots=True)
class OutingStarted:
    """That the worker goes out, with the client or for them."""

    visit: VisitId
    kind: OutingKind


@dataclass(frozen=True, slots=True)
class OutingEnded:
    """That they are back."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class Expense:
    """What was paid for the client, in euros."""

    visit: VisitId
    amount: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Mileage:
    """What was driven for the client, in kilometres."""

    visit: VisitId
    km: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What is to be known of the visit."""

    visit: VisitId
    text: str


type Said = Explanation | Dispute | OutingStarted | OutingEnded | Expense | Mileage | Comment


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its telephone sent it. `digest` is the SHA-256 of the message, `at` the agency's time."""

    key: str
    digest: bytes
    at: datetime
    kind: str
    said: Said


def take_note(conn: db.Conn, worker: WorkerId, note: Note, *, now: datetime) -> bool:
    """Take a note; return False for one that was taken before.

    Raises `ReusedKeyError` for the same key with another content, `NotYetError` while its punch is not there,
    `NotFoundError` and `InvalidError` for what concerns nothing of this worker's. Nothing is kept then.
    """
    kept = db.write(
        conn,
        """INSERT INTO worker_notes (worker_id, key, kind, digest, noted_at, received_at)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (worker, note.key, note.kind, note.digest, note.at, now),
    )
    if not kept:
        known = db.value(
            conn,
            bytes,
            "SELECT digest FROM worker_notes WHERE worker_id = %s AND key = %s",
            (worker, note.key),
        )
        if known is not None and bytes(known) == note.digest:
            return False
        raise ReusedKeyError("Ce numéro de suivi a déjà servi à une autre saisie : rien n’a été changé.")
    _follow(conn, worker, note)
    return True


def _follow(conn: db.Conn, worker: WorkerId, note: Note) -> None:
    match note.said:
        case Explanation(punch, reason, comment):
            explain_outside(
                conn, worker, _find_punch(conn, worker, punch), reason, comment=comment, now=note.at
            )
        case Dispute(punch, reason, comment):
            found = _find_punch(conn, worker, punch)
            open_dispute(conn, worker, found, reason, comment=comment, at=note.at)
        case OutingStarted(visit, kind):
            start_outing(conn, worker, visit, kind, at=note.at)
        case OutingEnded(visit):
            end_outing(conn, worker, visit, at=note.at)
        case Expense(visit, amount, text):
            note_expense(conn, worker, visit, amount, text, at=note.at)
        case Mileage(visit, km, text):
            note_mileage(conn, worker, visit, km, text, at=note.at)
        case Comment(visit, text):
            note_comment(conn, worker, visit, text, at=note.at)


def _find_punch(conn: db.Conn, worker: WorkerId, punch: OfPunch) -> PunchId:
    if punch.id is not None:
        found = db.value(
            conn,
            PunchId,
            "SELECT punch_id FROM punch_matches WHERE punch_id = %s AND worker_id = %s",
            (punch.id, worker),
        )
        if found is None:
            raise NotFoundError("Ce pointage n’est pas l’un des vôtres.")
        return found
    found = db.value(
        conn,
        PunchId,
        """SELECT m.punch_id FROM punch_keys k JOIN punch_matches m ON m.punch_id = k.punch_id
           WHERE k.channel IN ('app', 'qr', 'nfc') AND k.source_ref = %s AND m.worker_id = %s""",
        (f"{worker}/{punch.key}", worker),
    )
    if found is None:
        raise NotYetError("Le pointage dont parle cette saisie n’est pas encore enregistré.")
    return found
