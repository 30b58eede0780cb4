"""Migrations: in order, once, never changed, and a demonstration stays one."""

from typing import LiteralString

import psycopg
import pytest

from homecare.kernel.migrate import MigrationError, migrate
from tests.database import Database


def test_a_second_run_applies_nothing(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as conn:
        assert migrate(conn, demo=False, said=lambda _: None) == 0


def test_a_migration_that_was_changed_after_it_was_applied_stops_the_start(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as conn:
        conn.execute("UPDATE migrations SET checksum = 'other' WHERE name = '0002_access'")
        with pytest.raises(MigrationError, match="0002_access was changed"):
            migrate(conn, demo=False, said=lambda _: None)


def test_a_real_installation_never_becomes_a_demonstration(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as conn, pytest.raises(MigrationError):
        migrate(conn, demo=True, said=lambda _: None)


def test_the_application_cannot_change_the_schema(database: Database) -> None:
    with database.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("statement", ["SELECT name FROM migrations", "DELETE FROM migrations"])
def test_the_application_does_not_touch_the_list_of_migrations(
    database: Database, statement: LiteralString
) -> None:
    with database.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)
