"""A small district for all the tests of simulators."""

from collections.abc import Sequence

import pytest

from simulators.territory.addresses import Address
from simulators.territory.district import draw_district


@pytest.fixture(scope="session")
def addresses() -> Sequence[Address]:
    """Front doors of a district, the same at every run."""
    return draw_district(seed=1, addresses=1500).list_addresses()
