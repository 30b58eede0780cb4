"""Workers' sessions that were valid a moment ago: who may punch on their phone while the database is away.

Only hashes are remembered, in memory, not for long and not many. Nothing tells the core of a sign-out, so a
session that is believed from here is checked again before its punch is stored, and so is the telephone's
signature.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.access.model import Permission, SignedIn
from homecare.access.queries import find_session_by_hash
from homecare.kernel import db
from homecare.kernel.errors import HomecareError
from homecare.kernel.ids import token_hash
from homecare.punches.model import Claim, SignedInWorker
from homecare.punches.operations import note_refusal
from homecare.punches.phone_check import find_fault
from homecare.punches.signing import entry_of

REMEMBERED = timedelta(hours=4)
MOST = 10_000


class SessionOverError(HomecareError):
    """The session in whose name a punch was claimed was over already."""


@dataclass(frozen=True, slots=True)
class _Seen:
    person: SignedIn
    at: datetime


class SeenSessions:
    """The latest sessions that the database knew. Instants are real time."""

    def __init__(self, *, most: int = MOST) -> None:
        """Remember `most` sessions; beyond, the one that was seen the longest ago is forgotten."""
        self._most = most
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()

    def note(self, token: str, person: SignedIn | None, *, now: datetime) -> None:
        """Remember whose session the database says this is; None: nobody's, it is forgotten."""
        hashed = token_hash(token)
        self._seen.pop(hashed, None)
        if person is None or person.worker is None or not person.may(Permission.PUNCH):
            return
        self._seen[hashed] = _Seen(person, now)
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)

    def find(self, token: str, *, now: datetime) -> SignedIn | None:
        """Return whose session it was a moment ago, or None."""
        seen = self._seen.get(token_hash(token))
        return None if seen is None or now - seen.at > REMEMBERED else seen.person


def find_refusal(conn: db.Conn, claim: Claim, session: bytes, *, at: datetime) -> str | None:
    """Return the status with which the claim is refused, now that it can be looked at; None: it is taken.

    The session with this hash must have been the claim's worker's `at` that instant, with the right to punch,
    and a signature must be good. Limits the transaction to that worker's reach: nothing else should be done
    in it.
    """
    person = find_session_by_hash(conn, session, now=at)
    if (
        person is None
        or person.organisation != claim.organisation
        or person.worker is None
        or claim.who != SignedInWorker(person.worker)
        or not person.may(Permission.PUNCH)
    ):
        return "unauthorised_phone"
    entry = entry_of(claim)
    fault = None if entry is None else find_fault(conn, person.worker, entry)
    return None if fault is None else fault.refusal


def leave_refusal(conn: db.Conn, claim: Claim, status: str) -> None:
    """Leave the trace of a claim that was refused when it was looked at: the office sees who and when."""
    note_refusal(
        conn,
        claim.organisation,
        claim.channel,
        status,
        source_ref=claim.source_ref,
        at=claim.punched_at,
        worker=claim.who.id if isinstance(claim.who, SignedInWorker) else None,
    )
