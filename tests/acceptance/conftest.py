"""The whole of the servers and the core, as for the tests of the core."""

from tests.realtime.conftest import agency, core, open_board, stranger

__all__ = ["agency", "core", "open_board", "stranger"]
