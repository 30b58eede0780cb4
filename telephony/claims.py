"""From what was keyed to the punch that is claimed: the same whoever took the call, core or dialplan. Pure.

The identity is the call's reference and the punch's rank in it; the time is that of the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from homecare.clients.rolling_code import is_rolling_code
from homecare.kernel.ids import OrganisationId
from homecare.punches.model import (
    Channel,
    Claim,
    Edge,
    HomeCode,
    Line,
    MissedCall,
    Nowhere,
    PlannedWorker,
    RollingCode,
    Where,
    WorkerCode,
)
from telephony.model import Proposal, Ring

LONGEST_ID = 18
"""Digits of an id: more are none of ours."""
_MISSED, _CONFIRMED = "missed", "confirmed:"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one punch of a call was keyed with. `rank` counts the call's punches from 1."""

    rank: int
    home_code: str | None
    code: str
    edge: Edge | None

    def text(self) -> str:
        """Return it as the dialplan holds it: digits, small letters and colons."""
        return f"{self.rank}:{self.home_code or ''}:{self.code}:{self.edge.value if self.edge else ''}"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The punch of a missed call, confirmed by whoever picked up. The only punch of its call."""

    missed: int
    proposal: Proposal

    def text(self) -> str:
        """Return it as the dialplan holds it."""
        return f"{_CONFIRMED}{self.missed}"


@dataclass(frozen=True, slots=True)
class KeptMissed:
    """A missed call that the dialplan kept. `confirmed`: the one whose punch was being stored, if any."""

    confirmed: int | None


def read_entry(text: str) -> Entry | KeptMissed:
    """Return what `text` of an entry or the dialplan wrote. Raises ValueError on anything else."""
    if text == _MISSED:
        return KeptMissed(None)
    if text.startswith(_CONFIRMED):
        missed = text.removeprefix(_CONFIRMED)
        if not (missed.isascii() and missed.isdigit() and len(missed) <= LONGEST_ID):
            raise ValueError("not a missed call")
        return KeptMissed(int(missed))
    rank, home_code, code, edge = text.split(":")
    if not all(word.isascii() and word.isdigit() for word in (rank, code, home_code or "0")):
        raise ValueError("not an entry")
    return Entry(int(rank), home_code or None, code, Edge(edge) if edge else None)


def phone_claim(
    entry: Entry,
    ring: Ring,
    organisation: OrganisationId,
    *,
    hash_code: Callable[[OrganisationId, str], bytes],
    clock_at: Callable[[datetime], datetime],
) -> Claim:
    """Return the punch that a call claims."""
    return Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref=f"{ring.reference}-{entry.rank}",
        punched_at=clock_at(ring.answered_at),
        where=_where(entry, ring),
        who=WorkerCode(hash_code(organisation, entry.code)),
        edge=entry.edge,
        details={"called": ring.called, "caller": ring.caller},
    )


def missed_claim(
    confirmed: Confirmed,
    ring: Ring,
    organisation: OrganisationId,
    *,
    clock_at: Callable[[datetime], datetime],
) -> Claim:
    """Return the punch that a missed call claims, `ring` being that of the call back or of the missed call.

    The identity is that of the missed call, whoever confirms it and however often; so is the time.
    """
    return Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref=f"missed-{confirmed.missed}",
        punched_at=clock_at(ring.answered_at),
        where=Nowhere() if ring.caller is None else MissedCall(ring.caller),
        who=PlannedWorker(confirmed.proposal.worker),
        edge=confirmed.proposal.edge,
        details={"called": ring.called, "caller": ring.caller},
    )


def _where(entry: Entry, ring: Ring) -> Where:
    if entry.home_code is not None and is_rolling_code(entry.home_code):
        return RollingCode(entry.home_code, ring.answered_at)
    if entry.home_code is not None:
        return HomeCode(entry.home_code)
    return Nowhere() if ring.caller is None else Line(ring.caller)
