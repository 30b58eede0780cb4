"""What a call asks of the program that carries it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from twisted.internet.defer import Deferred

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Claim, CodeTrouble, Kept, Receipt
from telephony.model import (
    CallContext,
    Day,
    Missing,
    PlannedVisit,
    Refusal,
    Ring,
    TaskReply,
    TaskSheet,
    WorkerFound,
)


@dataclass(frozen=True, slots=True)
class PhoneCalls:
    """All that a call does outside of itself. None of these may block the reactor.

    While the database is away, look-ups answer `Missing.DATABASE_AWAY` instead of failing, `open_line`
    answers from the called lines it remembers with `Standing.UNCHECKED`, and `record_punch` answers `Kept`.
    """

    open_line: Callable[[Ring], Deferred[CallContext | Missing]]
    """NOT_FOUND: the called number is no organisation's."""
    find_home: Callable[[CallContext, str], Deferred[CallContext | Missing]]
    """The context completed with the homes of a home code, whose form and check digit are right."""
    check_code: Callable[[CallContext, str], Deferred[WorkerFound | Missing | CodeTrouble]]
    """The worker of a six-digit code, and the edge that a punch at the context's homes would have now.

    With a rolling code in the context: at the device's home and time, or why that code proves nothing."""
    record_punch: Callable[[Claim], Deferred[Receipt | Kept]]
    """Answers only when the claim is durable."""
    note_refusal: Callable[[CallContext, Refusal], Deferred[None]]
    hash_code: Callable[[OrganisationId, str], bytes]
    """`homecare.kernel.ids.code_hash` under the installation's key."""
    clock_at: Callable[[datetime], datetime]
    """`Clock.at`: the agency's instant of a real one."""
    list_tasks: Callable[[CallContext, Receipt], Deferred[TaskSheet]]
    store_tasks: Callable[[CallContext, Receipt, tuple[TaskReply, ...]], Deferred[None]]
    list_visits: Callable[[CallContext, WorkerFound, Day], Deferred[tuple[PlannedVisit, ...]]]
    report_concern: Callable[[CallContext, Receipt, str], Deferred[None]]
    """Ties a voice note to the visit; the last argument is its file name in Asterisk's folder of notes."""
    request_call_back: Callable[[CallContext, WorkerFound | None], Deferred[None]]
    """Leaves a task for the coordinator who could not be reached."""
    take_missed: Callable[[Ring], Deferred[None]]
    """Notes a call to a number that only rings, and has it rung back; fires once it is noted."""
    end_missed: Callable[[Ring, int], Deferred[None]]
    """Notes how the missed call of this number ended, the call in which it was rung back being over."""
    ring_home: Callable[[CallContext], Deferred[bool]]
    """Has the home rung once the call is over, the context naming one home; answers whether it will be."""
