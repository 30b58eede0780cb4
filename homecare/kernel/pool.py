"""A program's connections to the database, which outlive an outage: who asks afterwards gets a living one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import override

import psycopg
from psycopg_pool import ConnectionPool

from homecare.kernel import db

_RECONNECT_SECONDS = 0.5


class Pool(ConnectionPool[db.Conn]):
    """Connections that are looked at before they are lent. Not opened."""

    def __init__(
        self, conninfo: str, *, size: int, patience_seconds: float, options: dict[str, str | int]
    ) -> None:
        """Hold up to `size` connections; who asks waits `patience_seconds`. `options` are libpq's."""
        super().__init__(
            conninfo,
            kwargs=dict(options),
            min_size=1,
            max_size=size,
            open=False,
            timeout=patience_seconds,
            # Else the pool waits longer and longer between two attempts, for minutes after a long outage.
            reconnect_timeout=_RECONNECT_SECONDS,
        )

    @override
    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[db.Conn]:
        """Lend a living connection; commit at the end, or roll back. Raises PoolTimeout, OperationalError.

        One that died with the database takes the others of its time along. The library's own check drops
        one at a time and waits seconds in between: the first to ask after an outage would wait in vain.
        """
        conn = self.getconn(timeout)
        try:
            self.check_connection(conn)
        except psycopg.OperationalError:
            self.putconn(conn)
            self.check()
            conn = self.getconn(timeout)
        try:
            with conn:
                yield conn
        finally:
            self.putconn(conn)
