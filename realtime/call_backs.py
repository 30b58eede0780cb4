"""Rings a home's registered line once the call that is to be proved is over.

What is promised lives in this core's memory: if the core dies, or Asterisk cannot be asked, nobody is rung
and the punch keeps the grade that it had. Who picks up speaks with the same dialogue as any caller from that
line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from homecare.kernel import db
from homecare.punches.call_back import claim_call_back
from realtime.db import Database, DatabaseAwayError
from telephony.ami import CallEnded, CallEvent, OutgoingCall, Supervision
from telephony.model import CallContext

LATEST = timedelta(minutes=5)
"""A ring that could not follow its call within this time is not made any more."""
CONTEXT = "call-back"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Promise:
    call: OutgoingCall
    answered_at: datetime


class CallBacks:
    """Keeps what was promised until the first call ends."""

    def __init__(
        self, database: Database, *, asterisk: Callable[[], Supervision], now: Callable[[], datetime]
    ) -> None:
        """`now` is the machine's own instant: what is bounded is what the trunk carries."""
        self._database = database
        self._asterisk = asterisk
        self._now = now
        self._promises: dict[str, _Promise] = {}

    async def promise(self, context: CallContext) -> bool:
        """Tell whether the home will be rung after this call."""
        (home,) = context.homes
        ring, now = context.ring, self._now()
        if not self._asterisk().health.up:
            return False

        def work(conn: db.Conn) -> str | None:
            return claim_call_back(conn, ring.reference, home, now=now)

        try:
            line = await self._database.run(work, context.organisation)
        except DatabaseAwayError:
            return False
        if line is None:
            return False
        self._promises[ring.reference] = _Promise(
            _order(line, ring.called, ring.answered_at), ring.answered_at
        )
        if all(call.reference != ring.reference for call in self._asterisk().live_calls):
            self._keep(ring.reference)  # the caller hung up meanwhile
        return True

    def hear(self, event: CallEvent) -> None:
        """Take what Asterisk tells: a call that ends frees the caller to go to the home's telephone."""
        if isinstance(event, CallEnded):
            self._keep(event.reference)

    def _keep(self, reference: str) -> None:
        promise = self._promises.pop(reference, None)
        if promise is None or self._now() - promise.answered_at > LATEST:
            return
        placed: Deferred[None] = self._asterisk().place(promise.call)
        placed.addCallbacks(lambda _: log.info("call_back.placed", call=reference), _tell_failure)


def _order(line: str, called: str, answered_at: datetime) -> OutgoingCall:
    """The home sees the agency's number; the punch gets the instant of the call that it proves."""
    return OutgoingCall(
        channel=f"PJSIP/{line}@operator",
        context=CONTEXT,
        extension=called,
        caller_id=called,
        variables={"HOME_LINE": line, "ANSWERED": str(int(answered_at.timestamp()))},
    )


def _tell_failure(failure: Failure) -> None:
    log.warning("call_back.failed", why=failure.getErrorMessage())
