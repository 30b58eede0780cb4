"""Rings back the lines without keys that let a number ring, and sees each missed call to its end.

A missed call is in the database before the dialplan is told that it is taken. The order to ring lives in this
core's memory: if the core dies, the missed call is found again by whichever core, and left as a task.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from homecare.access.queries import find_called_line, list_organisations
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.punches.missed_calls import (
    CallMissed,
    RingBack,
    end_missed_call,
    find_missed_call,
    list_lost_missed_calls,
    note_ring,
    take_missed_call,
)
from homecare.punches.model import Edge
from homecare.workers.queries import find_worker, language_of
from realtime.db import Database
from realtime.looking import LookingService
from telephony.ami import CallEnded, CallEvent, OrderFailed, OutgoingCall, Supervision
from telephony.ami_link import AmiError
from telephony.claims import Confirmed
from telephony.model import Proposal, Ring, RungBack

CONTEXT = "rung-back"
RINGS = 2
RING_SECONDS = 15.0
"""Whoever has just put the receiver down is beside it; an answering machine takes longer to pick up."""
RELEASE_SECONDS = 1.0
"""A line is free a moment after its receiver is put down, and a core that starts has opened its telephone."""
BETWEEN_RINGS_SECONDS = 6.0
BETWEEN_LOOKS_SECONDS = 30.0

log = structlog.get_logger(__name__)


class MissedCalls(LookingService):
    """Takes missed calls, rings back once their line is free, and looks for those that came to no end."""

    name = "missed calls"

    def __init__(
        self,
        database: Database,
        *,
        asterisk: Callable[[], Supervision],
        is_settled: Callable[[], bool],
        clock: Clock,
        reactor: IReactorTime,
    ) -> None:
        """`is_settled`: whether the database has every punch that was taken."""
        super().__init__(between_looks=BETWEEN_LOOKS_SECONDS, reactor=reactor)
        self._database = database
        self._asterisk = asterisk
        self._is_settled = is_settled
        self._clock = clock
        self._reactor = reactor
        self._waiting: dict[str, _Order] = {}
        self._rung: dict[str, _Order] = {}

    async def take(self, ring: Ring) -> None:
        """Note a missed call, and ring its line once it is free. Raises DatabaseAwayError."""
        at, now = self._clock.at(ring.answered_at), self._clock.real_now()
        call = CallMissed(ring.reference, ring.called, ring.caller, ring.answered_at, at)

        def work(conn: db.Conn) -> "_Order | None":
            organisation = find_called_line(conn, ring.called)
            if organisation is None:
                return None
            db.use_organisation(conn, organisation)
            missed = take_missed_call(conn, organisation, call, now=now)
            return None if missed is None else _Order(organisation, missed)

        order = await self._database.run(work)
        if order is None:
            return
        log.info("missed_call.taken", missed=order.missed.id)
        self._waiting[ring.reference] = order
        if all(call.reference != ring.reference for call in self._asterisk().live_calls):
            self._line_is_free(ring.reference)

    async def end(self, ring: Ring, missed: int) -> None:
        """Note how a missed call ended in which somebody picked up. Raises DatabaseAwayError."""
        self._rung.pop(str(missed), None)
        organisation = await self._database.run(lambda conn: find_called_line(conn, ring.called))
        if organisation is not None:
            await self._end(organisation, missed, answered_as=ring.reference)

    async def find_confirmed(self, ring: Ring, missed: int) -> Confirmed | None:
        """Return the punch that was being stored for a missed call when its core died.

        None: it is none of ours; the file that says so is a stranger's word. Raises DatabaseAwayError.
        """

        def work(conn: db.Conn) -> Confirmed | None:
            organisation = find_called_line(conn, ring.called)
            if organisation is None:
                return None
            db.use_organisation(conn, organisation)
            row = find_missed_call(conn, missed)
            if row is None or (row.line, row.called_at) != (ring.caller, ring.answered_at):
                return None
            proposal = read_proposal(conn, row)
            return None if proposal is None else Confirmed(row.id, proposal)

        return await self._database.run(work)

    def hear(self, event: CallEvent) -> None:
        """Take what Asterisk tells: the missed call has ended, or nobody picked up."""
        match event:
            case CallEnded(reference=reference):
                self._line_is_free(reference)
            case OrderFailed(context=context, extension=missed) if context == CONTEXT:
                order = self._rung.pop(missed, None)
                if order is not None:
                    self._on_unanswered(order)
            case _:
                pass

    def _line_is_free(self, reference: str) -> None:
        order = self._waiting.pop(reference, None)
        if order is not None:
            self._reactor.callLater(RELEASE_SECONDS, self._ring, order)

    def _ring(self, order: "_Order") -> None:
        Deferred.fromCoroutine(self._place(order)).addErrback(
            lambda failure: log.error("missed_call.not_rung", why=failure.getErrorMessage())
        )

    async def _place(self, order: "_Order") -> None:
        """Ring the line. What cannot be written now is found again by a look.

        Without Asterisk nothing rings, and nothing counts as a ring: it waits until a look gives it up.
        """
        if not self._asterisk().health.up:
            self._reactor.callLater(BETWEEN_RINGS_SECONDS, self._ring, order)
            return
        missed, now = order.missed, self._clock.real_now()
        if not await self._database.run(lambda conn: note_ring(conn, missed.id, now=now), order.organisation):
            return
        order.rings += 1
        self._rung[str(missed.id)] = order
        try:
            await self._asterisk().place(_call(missed))
        except AmiError as error:
            log.warning("missed_call.not_placed", missed=missed.id, why=str(error))
            self._rung.pop(str(missed.id), None)
            self._on_unanswered(order)

    def _on_unanswered(self, order: "_Order") -> None:
        if order.rings < RINGS:
            self._reactor.callLater(BETWEEN_RINGS_SECONDS, self._ring, order)
            return
        ending = Deferred.fromCoroutine(self._end(order.organisation, order.missed.id, answered_as=None))
        ending.addErrback(lambda failure: log.error("missed_call.not_ended", why=failure.getErrorMessage()))

    async def _end(self, organisation: OrganisationId, missed: int, *, answered_as: str | None) -> None:
        now = self._clock.now()

        def work(conn: db.Conn) -> str | None:
            return end_missed_call(conn, organisation, missed, answered_as=answered_as, now=now)

        outcome = await self._database.run(work, organisation)
        log.info("missed_call.ended", missed=missed, outcome=outcome)

    @override
    async def look(self) -> None:
        """End what came to no end: its core died, or the database was away."""
        if not self._is_settled():
            return  # a punch that was confirmed may still be on its way
        now = self._clock.real_now()
        for organisation in await self._database.run(list_organisations):
            for missed in await self._list_lost(organisation, now):
                await self._end(organisation, missed, answered_as=None)

    def _list_lost(self, organisation: OrganisationId, now: datetime) -> Deferred[list[int]]:
        return self._database.run(lambda conn: list_lost_missed_calls(conn, now=now), organisation)


@dataclass(slots=True)
class _Order:
    """A line to ring, and how often it was rung."""

    organisation: OrganisationId
    missed: RingBack
    rings: int = 0


def _call(missed: RingBack) -> OutgoingCall:
    """The home sees the agency's number; the punch gets the instant of the missed call."""
    return OutgoingCall(
        channel=f"PJSIP/{missed.line}@operator",
        context=CONTEXT,
        extension=str(missed.id),
        caller_id=missed.called,
        ring_seconds=RING_SECONDS,
        variables={
            "HOME_LINE": missed.line,
            "AGENCY": missed.called,
            "ANSWERED": str(int(missed.called_at.timestamp())),
        },
    )


def read_rung_back(conn: db.Conn, ring: Ring) -> RungBack | None:
    """Return what a call is to propose, None when it is not one that rings a missed call's line back."""
    missed = None if ring.missed is None else find_missed_call(conn, ring.missed)
    if missed is None or missed.outcome is not None or missed.line != ring.caller:
        return None
    return RungBack(missed.id, read_proposal(conn, missed))


def read_proposal(conn: db.Conn, missed: RingBack) -> Proposal | None:
    """Return who must have called, as the dialogue says it."""
    if missed.worker is None or missed.edge is None:
        return None
    worker = find_worker(conn, missed.worker)
    return Proposal(worker.id, worker.first_name, Edge(missed.edge), language_of(conn, worker.id))
