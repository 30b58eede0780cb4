"""The connections of a program, before and after an outage of a real database."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from homecare.kernel import db
from homecare.kernel.pool import Pool
from tests.supervised import Supervised, running_supervisor

MANY = 6


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Supervised]:
    with running_supervisor("--only", "postgresql") as running:
        yield running


@pytest.fixture
def pool(postgresql: Supervised) -> Iterator[Pool]:
    url = postgresql.settings.database_url
    with Pool(url, size=MANY, patience_seconds=5, options={"connect_timeout": 2}) as pool:
        yield pool


def test_the_first_to_ask_after_an_outage_is_served_however_many_connections_died(
    postgresql: Supervised, pool: Pool
) -> None:
    with ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(pool.connection())
    postgresql.command("stop postgresql")
    postgresql.command("start postgresql")
    with pool.connection() as conn:
        db.ping(conn)
