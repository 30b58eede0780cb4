"""Fixtures for every test: the real servers and databases on them."""

pytest_plugins = ["tests.servers", "tests.database", "tests.ground"]
