"""The lateness sweep: sleeps until the next visit becomes late, raises what is due, sleeps again.

It keeps no state: what is due stands in the database, so a restart between due and raised loses nothing and
two cores raise nothing twice. It judges nobody while claims wait in the spool: their arrivals are not stored.
Nor does it judge an organisation while a large batch of its punches waits for its job, though not for long: a
worker program that is down must not silence the alerts.
"""

from datetime import datetime, timedelta
from typing import override

import structlog
from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from homecare.alerts.operations import raise_due
from homecare.alerts.queries import next_due, organisations_due
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import AlertId, OrganisationId
from homecare.punches.queries import is_settling
from realtime.db import Database, DatabaseAwayError
from realtime.recording import Recorder

# Even if every notice were lost, an alert is never later than this.
LONGEST_SLEEP_SECONDS = 5.0
RETRY_SECONDS = 0.5
HELD_SECONDS = 0.05
"""What is due and was passed over, for somebody is just changing it, is looked at again after this."""
LONGEST_SETTLING = timedelta(seconds=30)

log = structlog.get_logger()


class Lateness(Service):
    """Raises each alert once, as soon as it is due."""

    name = "lateness"

    def __init__(
        self, database: Database, recorder: Recorder, *, clock: Clock, reactor: IReactorTime
    ) -> None:
        """Sweep through `database` on the agency's clock."""
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._reactor = reactor
        self._sleep: IDelayedCall | None = None
        self._sweeping = False
        self._again = False

    @override
    def startService(self) -> None:
        """Sweep at once: something may have become due while nobody ran."""
        super().startService()  # type: ignore[no-untyped-call]
        self.wake()

    @override
    def stopService(self) -> None:
        """Sleep no more."""
        super().stopService()  # type: ignore[no-untyped-call]
        if self._sleep is not None and self._sleep.active():
            self._sleep.cancel()

    def wake(self) -> None:
        """Look now: a due was armed, or the clock was set."""
        if self._sweeping:
            self._again = True
            return
        if self._sleep is not None and self._sleep.active():
            self._sleep.cancel()
        self._sweeping = True
        Deferred.fromCoroutine(self._sweep()).addBoth(self._rest)

    def _rest(self, seconds: object) -> None:
        self._sweeping = False
        if not self.running:
            return
        if self._again:
            self._again = False
            self.wake()
            return
        if not isinstance(seconds, float):
            log.error("lateness.failed", error=str(seconds))
            seconds = RETRY_SECONDS
        self._sleep = self._reactor.callLater(seconds, self.wake)

    def _raise(self, organisation: OrganisationId, now: datetime) -> Deferred[list[AlertId] | None]:
        """Raise what is due; None: punches are being settled, the organisation is judged in a moment."""
        since = self._clock.real_now() - LONGEST_SETTLING

        def work(conn: db.Conn) -> list[AlertId] | None:
            if is_settling(conn, organisation, since=since):
                return None
            return raise_due(conn, organisation, now=now)

        return self._database.run(work, organisation)

    async def _sweep(self) -> float:
        if not self._recorder.settled:
            return RETRY_SECONDS
        try:
            now = self._clock.now()
            is_held = False
            for organisation in await self._database.run(lambda conn: organisations_due(conn, now=now)):
                raised = await self._raise(organisation, now)
                is_held = is_held or raised is None
                if raised:
                    log.info("alerts.raised", organisation=organisation, count=len(raised))
            due = await self._database.run(next_due)
        except DatabaseAwayError:
            return RETRY_SECONDS
        if is_held:
            return RETRY_SECONDS
        if due is None:
            return LONGEST_SLEEP_SECONDS
        seconds = self._clock.real_seconds_until(due)
        return min(seconds if seconds > 0 else HELD_SECONDS, LONGEST_SLEEP_SECONDS)
