"""Rings each number that workers call, at night and on demand, through the other operator, and listens.

A number that only rings is not listened to: the core must have seen the call.

One number at a time. What is asked and how it ended stands in the database: a core that dies in between
leaves the check to another, or to itself later.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import override

import structlog
from twisted.internet.defer import CancelledError, Deferred, TimeoutError  # noqa: A004 - Twisted's own
from twisted.internet.interfaces import IReactorTime

from homecare.access.line_checks import LineToCheck, Outcome, claim_check, end_check
from homecare.access.queries import list_organisations
from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from realtime.db import Database
from realtime.looking import LookingService
from telephony.ami import CallEvent, CallSeen, LineHeard, OrderFailed, OutgoingCall, Supervision
from telephony.ami_link import AmiError

BETWEEN_LOOKS_SECONDS = 5.0
RING_SECONDS = 20.0
PATIENCE_SECONDS = 45.0
CONTEXT = "line-check"

log = structlog.get_logger()


class LineChecks(LookingService):
    """Looks every few seconds for a number to ring."""

    name = "line checks"

    def __init__(
        self,
        database: Database,
        *,
        asterisk: Callable[[], Supervision],
        now: Callable[[], datetime],
        reactor: IReactorTime,
    ) -> None:
        """`now` is the agency's instant."""
        super().__init__(between_looks=BETWEEN_LOOKS_SECONDS, reactor=reactor)
        self._database = database
        self._asterisk = asterisk
        self._now = now
        self._reactor = reactor
        self._listening: dict[str, Deferred[Outcome]] = {}
        self._rung: dict[str, str] = {}

    def hear(self, event: CallEvent) -> None:
        """Take what Asterisk tells of a number that we rang."""
        match event:
            case LineHeard(line=line, is_voice=is_voice) if line in self._listening:
                self._listening.pop(line).callback(Outcome.HEARD if is_voice else Outcome.SILENT)
            case CallSeen(called=number) if self._rung.get(number, "") in self._listening:
                self._listening.pop(self._rung[number]).callback(Outcome.SEEN)
            case OrderFailed(context=context, extension=number) if context == CONTEXT:
                line = self._rung.get(number, "")
                if line in self._listening:
                    self._listening.pop(line).callback(Outcome.UNANSWERED)
            case _:
                pass

    @override
    async def look(self) -> None:
        """Ring what is to be checked, one after the other: a look lasts as long as its calls."""
        if not self._asterisk().health.up:
            return
        for organisation in await self._organisations():
            while (line := await self._claim(organisation)) is not None:
                outcome = await self._ring(line)
                log.info("line.checked", line=line.id, outcome=outcome)
                await self._end(organisation, line.id, outcome)

    def _organisations(self) -> Deferred[Sequence[OrganisationId]]:
        return self._database.run(list_organisations)

    def _claim(self, organisation: OrganisationId) -> Deferred[LineToCheck | None]:
        now = self._now()

        def work(conn: db.Conn) -> LineToCheck | None:
            return claim_check(conn, now=now)

        return self._database.run(work, organisation)

    def _end(self, organisation: OrganisationId, line: int, outcome: Outcome) -> Deferred[None]:
        now = self._now()

        def work(conn: db.Conn) -> None:
            end_check(conn, organisation, line, outcome, now=now)

        return self._database.run(work, organisation)

    async def _ring(self, line: LineToCheck) -> Outcome:
        key = str(line.id)
        heard: Deferred[Outcome] = Deferred()
        self._listening[key] = heard
        self._rung = {line.number: key}
        heard.addTimeout(PATIENCE_SECONDS, self._reactor)
        try:
            await self._asterisk().place(_order(line))
            return await heard
        except (AmiError, TimeoutError, CancelledError):
            return Outcome.UNANSWERED
        finally:
            self._listening.pop(key, None)


def _order(line: LineToCheck) -> OutgoingCall:
    return OutgoingCall(
        channel=f"PJSIP/{line.number}@{line.by}",
        context=CONTEXT,
        extension=line.number,
        caller_id=line.caller,
        ring_seconds=RING_SECONDS,
        variables={"LINE": str(line.id)},
    )
