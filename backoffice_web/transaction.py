"""One database transaction per request: begun when first asked for, read only for GET, ended with the view.

Returning commits, raising rolls back. A page that needs no database does not wait for one.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import cast

from flask import g, request

from homecare.kernel import db
from homecare.kernel.clock import Clock, read_pace
from homecare.kernel.pool import Pool

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class _Request:
    """What one request holds of the database and of the clock."""

    def __init__(self, pool: Pool, clock: Clock, *, demo: bool, stack: ExitStack) -> None:
        self._pool = pool
        self._clock = clock
        self._demo = demo
        self._stack = stack
        self._conn: db.Conn | None = None
        self._now: datetime | None = None

    def conn(self) -> db.Conn:
        if self._conn is None:
            self._pool.open()  # the first request opens the pool; later this costs a lock
            conn = self._stack.enter_context(self._pool.connection())
            conn.read_only = request.method in READING
            self._conn = conn
        return self._conn

    def now(self) -> datetime:
        if self._now is None:
            if self._demo:
                self._clock.set_pace(read_pace(self.conn()))
            self._now = self._clock.now()
        return self._now

    def real_now(self) -> datetime:
        return self._clock.real_now()

    def shown_at(self, real: datetime) -> datetime:
        self.now()
        return self._clock.at(real)

    def speed(self) -> float:
        self.now()
        return 1.0 if self._clock.pace is None else self._clock.pace.speed


@contextmanager
def one_per_request(pool: Pool, clock: Clock, *, demo: bool) -> Iterator[None]:
    """Hold the request's transaction. It ends before the response leaves, error pages come after it."""
    with ExitStack() as stack:
        g.request_transaction = _Request(pool, clock, demo=demo, stack=stack)
        try:
            yield
        finally:
            g.pop("request_transaction")


def is_under_way() -> bool:
    """Tell whether the request's transaction can still be asked; error pages come after it."""
    return "request_transaction" in g


def conn() -> db.Conn:
    """Return this request's connection, with its transaction begun."""
    return cast("_Request", g.request_transaction).conn()


def now() -> datetime:
    """Return the agency's instant of this request: the same one until it ends."""
    return cast("_Request", g.request_transaction).now()


def real_now() -> datetime:
    """Return the real instant, which is the agency's too outside a demonstration."""
    return cast("_Request", g.request_transaction).real_now()


def shown_at(real: datetime) -> datetime:
    """Return the agency's instant of a real one: what a telephone's own time means here."""
    return cast("_Request", g.request_transaction).shown_at(real)


def began() -> datetime:
    """Return the real instant at which this request began: what it shows is no older."""
    return cast("datetime", g.began)


def clock_speed() -> float:
    """Return how fast the agency's clock runs: 1, or the demonstration's speed."""
    return cast("_Request", g.request_transaction).speed()
