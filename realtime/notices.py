"""What the database tells: a connection of its own that listens, and hands every notice to the reactor.

A lost connection is opened again for ever. Notices of the gap are lost with it (and NOTIFY keeps no order of
commits), so everybody is told to look anew each time it is open again.
"""

import threading
from collections.abc import Callable, Mapping
from typing import override

import psycopg
import structlog
from psycopg import sql
from twisted.application.service import Service
from twisted.internet.interfaces import IReactorFromThreads

RETRY_SECONDS = 0.5
POLL_SECONDS = 1.0

log = structlog.get_logger()


class Notices(Service):
    """Listens on channels of the database; `on_open` is called after each (re)connection."""

    name = "notices"

    def __init__(
        self,
        conninfo: str,
        reactor: IReactorFromThreads,
        *,
        channels: Mapping[str, Callable[[str], None]],
        on_open: Callable[[], None],
    ) -> None:
        """`channels` maps a channel to what is called, in the reactor, with each notice's payload."""
        self._conninfo = conninfo
        self._reactor = reactor
        self._channels = dict(channels)
        self._on_open = on_open
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @override
    def startService(self) -> None:
        """Begin to listen."""
        super().startService()  # type: ignore[no-untyped-call]
        self._stopping.clear()
        self._thread = threading.Thread(target=self._listen_for_ever, name="notices", daemon=True)
        self._thread.start()

    @override
    def stopService(self) -> None:
        """Stop listening; the thread ends within a second."""
        super().stopService()  # type: ignore[no-untyped-call]
        self._stopping.set()

    def _listen_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.OperationalError as error:
                log.warning("notices.lost", error=type(error).__name__)
                self._stopping.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(
            self._conninfo, autocommit=True, connect_timeout=2, application_name="realtime notices"
        ) as conn:
            for channel in self._channels:
                conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._reactor.callFromThread(self._on_open)
            while not self._stopping.is_set():
                for notice in conn.notifies(timeout=POLL_SECONDS, stop_after=1):
                    self._reactor.callFromThread(self._channels[notice.channel], notice.payload)
