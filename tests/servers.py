"""The real servers, started once for the whole run in a folder of their own."""

from collections.abc import Iterator

import pytest

from homecare.kernel.settings import Settings
from tests.supervised import running_supervisor


@pytest.fixture(scope="session")
def servers() -> Iterator[Settings]:
    """PostgreSQL with TimescaleDB, for the whole run."""
    with running_supervisor("--only", "postgresql") as running:
        yield running.settings
