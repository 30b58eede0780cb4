"""One punch as its page shows it: what was made of it, its place in the ledger, what was decided and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import PunchId
from homecare.punches.journal import JournalRow, list_journal
from homecare.punches.receipts import PROOF_FIGURES

_INSTANT = timedelta(microseconds=1)


def find_punch(conn: db.Conn, punch: PunchId) -> JournalRow:
    """Return a punch. Raises `NotFoundError`, also out of reach, or while its batch is not settled."""
    at = db.value(conn, datetime, "SELECT punched_at FROM punch_matches WHERE punch_id = %s", (punch,))
    rows = [] if at is None else list_journal(conn, since=at, until=at + _INSTANT, punch=punch)
    if not rows:
        raise NotFoundError("Ce pointage n’existe pas ou n’est pas accessible avec votre compte.")
    return rows[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """The raw punch, which nothing changes: the end that it said, its own grade, its place in the ledger."""

    edge: str | None
    proof: str
    core_instance: str
    chain_number: int
    chain_hash: bytes

    @property
    def link(self) -> str:
        """The number of its link: `core-1/1234`."""
        return f"{self.core_instance}/{self.chain_number}"

    @property
    def short_proof(self) -> str:
        """The first figures of its link's hash."""
        return bytes(self.chain_hash).hex()[:PROOF_FIGURES]


def find_kept(conn: db.Conn, punch: PunchId, at: datetime) -> Kept:
    """Return the raw row of a punch made then."""
    return db.one(
        conn,
        Kept,
        """SELECT claim ->> 'edge' AS edge, proof, core_instance, chain_number, chain_hash FROM punches
           WHERE id = %s AND punched_at = %s""",
        (punch, at),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands decided of a punch. `worker` is whom the plan had, whom the one who punched replaced."""

    outcome: str
    reason: str | None
    comment: str
    is_proved: bool
    is_replacement: bool
    worker: str | None
    decided_at: datetime
    decided_by: str


def find_decision(conn: db.Conn, punch: PunchId) -> Decision | None:
    """Return what stands decided, None for a punch that nobody decided on."""
    return db.maybe(
        conn,
        Decision,
        """SELECT d.outcome, d.reason, d.comment, d.is_proved, d.is_replacement,
                  trim(upper(w.last_name) || ' ' || w.first_name) AS worker, d.decided_at,
                  u.name AS decided_by
           FROM punch_decisions d JOIN users u ON u.id = d.decided_by
           LEFT JOIN workers w ON w.id = d.replaced_worker_id
           WHERE d.punch_id = %s AND d.taken_back_at IS NULL""",
        (punch,),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the trail: `by` None is the product itself; `after` is what the trail says, ids and codes.

    `client` names whose visit it was about, if it was about one within reach.
    """

    at: datetime
    action: str
    by: str | None
    after: Mapping[str, object]
    client: str | None


def list_history(conn: db.Conn, punch: PunchId) -> list[Step]:
    """Return what the trail says of a punch, the oldest first."""
    return db.many(
        conn,
        Step,
        """SELECT e.at, e.action, u.name AS by, coalesce(e.after, '{}') AS after,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client
           FROM audit_events e
           LEFT JOIN users u ON e.actor = 'user:' || u.id
           LEFT JOIN visits v ON v.id = (e.after ->> 'visit')::bigint
           LEFT JOIN clients c ON c.id = v.client_id
           WHERE e.subject_id = %s AND e.action IN (
               'punches.settle', 'punches.link', 'punches.reject', 'punches.take_back',
               'punches.see_exception', 'punches.unsee_exception')
           ORDER BY e.at, e.id""",
        (punch,),
    )
