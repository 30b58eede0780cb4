"""The one door to the database: domain functions run in threads, each in a transaction of its own.

While the database is away calls fail at once with `DatabaseAwayError` instead of making callers wait; a probe
tries until it answers, then the connections that died are thrown away and everybody is told.
"""

from collections.abc import Callable
from typing import override

import psycopg
import structlog
from psycopg_pool import ConnectionPool
from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads, IReactorTime
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from zope.interface import Interface

from homecare.kernel import db
from homecare.kernel.errors import AdapterError
from homecare.kernel.ids import OrganisationId

THREADS = 8
PROBE_SECONDS = 0.5
CONNECT_SECONDS = 2
SILENT_SECONDS = 5
# A caller is on the line: after this the database is away, and what was said is kept. Threads and connections
# are as many, so nobody ever waits for another.
PATIENCE_SECONDS = 1.0

log = structlog.get_logger()


class IReactor(IReactorTime, IReactorFromThreads, Interface):
    """What the door needs of a reactor."""


class DatabaseAwayError(AdapterError):
    """The database does not answer for now. Nothing was committed, as far as is known."""

    def __init__(self) -> None:
        """Say so; trying again later makes sense."""
        super().__init__("the database is away", permanent=False)


class Database(Service):
    """Connections and threads, and whether the database is there."""

    name = "database"

    def __init__(self, conninfo: str, reactor: IReactor) -> None:
        """Connect with `conninfo` once started; several connections, one thread each."""
        self._reactor = reactor
        self._threads = ThreadPool(1, THREADS, "database")
        self._pool: ConnectionPool[db.Conn] = ConnectionPool(
            conninfo,
            min_size=2,
            max_size=THREADS,
            open=False,
            timeout=PATIENCE_SECONDS,
            # Else the pool waits longer and longer between two attempts, for minutes after a long outage.
            reconnect_timeout=PROBE_SECONDS,
            kwargs={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "realtime",
                # A network that swallows without a word ends a connection too, instead of holding its thread.
                "keepalives_idle": SILENT_SECONDS,
                "keepalives_interval": 1,
                "keepalives_count": 3,
                "tcp_user_timeout": SILENT_SECONDS * 1000,
            },
        )
        self._conninfo = conninfo
        self._back: list[Callable[[], None]] = []
        self.available = True

    def when_back(self, tell: Callable[[], None]) -> None:
        """Have `tell` called, in the reactor, each time the database has come back."""
        self._back.append(tell)

    @override
    def startService(self) -> None:
        """Start the threads. Connections are opened when they are needed.

        A first look tells at once that the database is away: no caller is the one who finds out by waiting.
        """
        super().startService()  # type: ignore[no-untyped-call]
        self._threads.start()
        self._pool.open()
        looking = deferToThreadPool(self._reactor, self._threads, self._look)
        looking.addErrback(self._not_there)

    @override
    def stopService(self) -> Deferred[None]:
        """Let running transactions end, then close."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._close())

    async def _close(self) -> None:
        await deferToThreadPool(self._reactor, self._threads, self._pool.close)
        self._threads.stop()

    def run[Result](
        self, work: Callable[[db.Conn], Result], organisation: OrganisationId | None = None
    ) -> Deferred[Result]:
        """Run `work` in a transaction that serves `organisation`, in a thread.

        Fails with `DatabaseAwayError` while the database is away, else with whatever `work` raises.
        """
        return deferToThreadPool(self._reactor, self._threads, self._work, work, organisation)

    def _work[Result](self, work: Callable[[db.Conn], Result], organisation: OrganisationId | None) -> Result:
        if not self.available:
            raise DatabaseAwayError
        try:
            with self._pool.connection() as conn:
                if organisation is not None:
                    with conn.pipeline():  # begins the transaction on the same way
                        db.use_organisation(conn, organisation)
                return work(conn)
        except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction) as error:
            # Also a connection that broke while committing: the caller cannot know, so it sends again, and
            # the key of what it sent makes that harmless.
            self._reactor.callFromThread(self._lost, type(error).__name__)
            raise DatabaseAwayError from error

    def _look(self) -> None:
        psycopg.connect(self._conninfo, connect_timeout=CONNECT_SECONDS).close()

    def _not_there(self, failure: Failure) -> None:
        self._lost(type(failure.value).__name__)

    def _lost(self, why: str) -> None:
        if self.available and self.running:
            self.available = False
            log.warning("database.away", error=why)
            self._reactor.callLater(PROBE_SECONDS, self._probe)

    def _probe(self) -> None:
        if self.running:
            probing = deferToThreadPool(self._reactor, self._threads, self._knock)
            probing.addCallbacks(lambda _: self._found(), lambda _: self._try_later())

    def _try_later(self) -> None:
        self._reactor.callLater(PROBE_SECONDS, self._probe)

    def _knock(self) -> None:
        self._pool.check()  # throws away the connections that died
        with self._pool.connection() as conn:
            db.ping(conn)

    def _found(self) -> None:
        self.available = True
        log.info("database.back")
        for tell in self._back:
            tell()
