"""The job queue's link to the database: it waits an outage out instead of ending the program.

Whatever procrastinate asks (the next job, a job's end, a sign of life) is asked again until the database
answers, so that a job which ended during an outage is not left as still running. Once `hurry` was called
nothing is waited for any more.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, LiteralString, override

import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.2, 2.0
CONNECT_SECONDS = 2

log = structlog.get_logger()


def make_pool(conninfo: str) -> AsyncConnectionPool:
    """Return the queue's connections, not opened. They are tried again at our pace, not at the pool's."""
    return AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=4,
        open=False,
        timeout=CONNECT_SECONDS,
        reconnect_timeout=FIRST_WAIT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        kwargs={"connect_timeout": CONNECT_SECONDS, "application_name": "worker queue"},
    )


def is_away(error: ConnectorException) -> bool:
    """Tell whether it was the database that did not answer, rather than the question that was wrong."""
    return isinstance(error.__cause__, psycopg.OperationalError)


class PatientConnector(PsycopgConnector):
    """Asks again until the database answers. To be opened with a pool of `make_pool`."""

    def __init__(self) -> None:
        """Be patient until `hurry`."""
        super().__init__()
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Wait for nothing any more: the program is about to end."""
        self._hurried.set()

    @property
    def is_hurried(self) -> bool:
        """Whether the program is about to end."""
        return self._hurried.is_set()

    async def pause(self, seconds: float) -> None:
        """Wait, unless the program is about to end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)

    @override
    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        ask = super().execute_query_async
        await self._ask(lambda: ask(query, **arguments))

    @override
    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        ask = super().execute_query_one_async
        return await self._ask(lambda: ask(query, **arguments))

    @override
    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        ask = super().execute_query_all_async
        return await self._ask(lambda: ask(query, **arguments))

    @override
    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        listen, names = super().listen_notify, list(channels)
        await self._ask(lambda: listen(on_notification, names))

    async def _ask[Answer](self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                return await ask()
            except ConnectorException as error:
                if self.is_hurried or not is_away(error):
                    raise
                log.warning("queue.away", error=type(error.__cause__).__name__)
            await self.pause(wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
