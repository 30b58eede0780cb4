"""What of the dialogue needs no line: look-ups, the punch, what is left for the agency.

They are carried out also for a caller who has just hung up. A callable that fails is logged and counts as a
database that is away: the caller is told so and never left in silence.
"""

from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from homecare.kernel.ids import OrganisationId
from telephony.actions import (
    CheckCode,
    Confirm,
    FindHome,
    ListTasks,
    ListVisits,
    NoteRefusal,
    Record,
    ReportConcern,
    RequestCallBack,
    RingHome,
    StoreTasks,
)
from telephony.calls import PhoneCalls
from telephony.claims import Confirmed, Entry, missed_claim, phone_claim
from telephony.deadline import TooLateError, within
from telephony.events import (
    CallBackRequested,
    CodeLookedUp,
    Event,
    HomeLookedUp,
    HomeWillRing,
    Opened,
    Recorded,
    TasksListed,
    VisitsListed,
)
from telephony.model import Missing, Ring, TaskSheet

LOOKUP_SECONDS = 4.0
"""A caller waits no longer for a look-up: after that the database counts as away."""
RECORD_SECONDS = 8.0

type Errand = (
    FindHome
    | CheckCode
    | NoteRefusal
    | ListTasks
    | StoreTasks
    | ReportConcern
    | ListVisits
    | RequestCallBack
    | RingHome
)

log = structlog.get_logger(__name__)


class Errands:
    """Runs the errands of one call."""

    def __init__(self, calls: PhoneCalls, ring: Ring, reactor: IReactorTime) -> None:
        self._calls = calls
        self._ring = ring
        self._reactor = reactor
        self._punches = 0

    async def open(self) -> Opened:
        """Look the two lines up."""
        return Opened(await self._answer(self._calls.open_line(self._ring), Missing.DATABASE_AWAY))

    def enter(self, record: Record | Confirm) -> Entry | Confirmed:
        """Return what the caller has keyed or confirmed for the call's next punch."""
        if isinstance(record, Confirm):
            return Confirmed(record.missed, record.proposal)
        self._punches += 1
        return Entry(self._punches, record.home_code, record.code, record.edge)

    async def record(self, entry: Entry | Confirmed, organisation: OrganisationId) -> Recorded:
        """Make a punch durable."""
        calls, ring = self._calls, self._ring
        claim = (
            missed_claim(entry, ring, organisation, clock_at=calls.clock_at)
            if isinstance(entry, Confirmed)
            else phone_claim(entry, ring, organisation, hash_code=calls.hash_code, clock_at=calls.clock_at)
        )
        outcome = await self._answer(calls.record_punch(claim), None, RECORD_SECONDS)
        return Recorded(outcome)

    async def take_missed(self) -> bool:
        """Hand a missed call over; tell whether it is noted, so that nobody else has to keep it."""
        return await self._done(self._calls.take_missed(self._ring))

    async def end_missed(self) -> None:
        """Tell that the call is over, if it is one in which a missed call was rung back."""
        if self._ring.missed is not None:
            await self._done(self._calls.end_missed(self._ring, self._ring.missed))

    async def run(self, errand: Errand) -> Event | None:
        """Run one errand; return the event that answers it, if any does."""
        away, calls = Missing.DATABASE_AWAY, self._calls
        match errand:
            case FindHome(context=context, code=code):
                return HomeLookedUp(await self._answer(calls.find_home(context, code), away))
            case CheckCode(context=context, code=code):
                return CodeLookedUp(await self._answer(calls.check_code(context, code), away))
            case NoteRefusal(context=context, status=status):
                await self._done(calls.note_refusal(context, status))
                return None
            case ListTasks(context=context, receipt=receipt):
                return TasksListed(await self._answer(calls.list_tasks(context, receipt), TaskSheet()))
            case StoreTasks(context=context, receipt=receipt, replies=replies):
                await self._done(calls.store_tasks(context, receipt, replies))
                return None
            case ReportConcern(context=context, receipt=receipt, recording=recording):
                await self._done(calls.report_concern(context, receipt, recording))
                return None
            case ListVisits(context=context, worker=worker, day=day):
                visits = await self._answer(calls.list_visits(context, worker, day), None)
                return VisitsListed(visits)
            case RequestCallBack(context=context, worker=wanted_by):
                return CallBackRequested(await self._done(calls.request_call_back(context, wanted_by)))
            case RingHome(context=context):
                return HomeWillRing(await self._answer(calls.ring_home(context), otherwise=False))

    async def _done(self, work: Deferred[None]) -> bool:
        return await self._answer(_true(work), otherwise=False)

    async def _answer[T, D](self, work: Deferred[T], otherwise: D, seconds: float = LOOKUP_SECONDS) -> T | D:
        try:
            return await within(seconds, work, reactor=self._reactor, late=self._log_late)
        except TooLateError:
            log.warning("call.core_slow", call=self._ring.reference)
        except Exception:
            log.exception("call.core_failed", call=self._ring.reference)
        return otherwise

    def _log_late(self, outcome: Any) -> None:
        failed = str(outcome.type) if isinstance(outcome, Failure) else None
        log.warning("call.core_answered_late", call=self._ring.reference, failed=failed)


def _true(work: Deferred[None]) -> Deferred[bool]:
    return work.addCallback(lambda _: True)
