"""The whole of the servers and the core, as for the tests of the core; an agency whose hour the test sets."""

from collections.abc import Iterator

import pytest

from homecare.kernel.clock import write_pace
from tests.acceptance.shown import ShownAgency
from tests.realtime.agency import Agency
from tests.realtime.conftest import agency, core, open_board, stranger

__all__ = ["agency", "core", "open_board", "stranger"]


@pytest.fixture
def shown_agency(running_agency: Agency) -> Iterator[ShownAgency]:
    """A fresh agency whose hour the test sets; the next test finds the product's clock where it would be."""
    pace = running_agency.clock().pace
    assert pace is not None
    yield ShownAgency(running_agency)
    with running_agency.connect() as conn:
        write_pace(conn, pace)
