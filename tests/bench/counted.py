"""What each durable arm has to leave: exactly one row for each key, and at least as many as it was told."""

from collections.abc import Callable

import psycopg

from homecare.kernel import db
from tests.supervised import Supervised


def empty(core: Supervised) -> None:
    """Empty the tables that a punch fills."""
    with psycopg.connect(core.settings.owner_database_url) as conn:
        conn.execute("TRUNCATE punches, punch_keys, punch_chains, procrastinate_jobs CASCADE")


def compare_rows(core: Supervised, acknowledged: int) -> None:
    """Raise unless rows = different rows = keys, and none that was acknowledged is missing."""
    with psycopg.connect(core.settings.owner_database_url) as conn:
        rows = db.value(conn, int, "SELECT count(DISTINCT (channel, source_ref)) FROM punches") or 0
        lines = db.value(conn, int, "SELECT count(*) FROM punches")
        keys = db.value(conn, int, "SELECT count(*) FROM punch_keys")
    if not rows == lines == keys or rows < acknowledged:
        raise RuntimeError(
            f"{acknowledged} acknowledged, {lines} rows, {rows} of them different, {keys} keys"
        )


def counted(core: Supervised, run: Callable[[float], tuple[int, float]]) -> Callable[[float], float]:
    """Wrap an arm that returns how many were stored, and in how many seconds: empty before, compare after."""

    def rate(seconds: float) -> float:
        empty(core)
        stored, passed = run(seconds)
        compare_rows(core, stored)
        return stored / passed

    return rate
