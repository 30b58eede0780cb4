"""Fixtures for every test: the real servers and databases on them."""

from hypothesis import settings

# No test is timed: the machine may be busy with something else.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = [
    "tests.servers",
    "tests.database",
    "tests.ground",
    "tests.product",
    "tests.webkit",
    "tests.side_by_side",
    "tests.authority",
]
