"""Databases for tests: a migrated template, cloned where several connections meet, rolled back elsewhere."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.kernel.migrate import migrate
from homecare.kernel.settings import Settings

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database of its own: `app` is what the programs connect with, `owner` what migrations do."""

    app: str
    owner: str

    def connect(self, organisation: OrganisationId | None = None) -> db.Conn:
        """Return a connection as the application's role, its transaction serving `organisation`."""
        conn = psycopg.connect(self.app)
        if organisation is not None:
            db.use_organisation(conn, organisation)
        return conn

    def create_organisation(self, name: str = "Réseau d’essai") -> OrganisationId:
        """Create a tenant, as the installation's owner does."""
        with psycopg.connect(self.owner) as conn:
            return db.insert(
                conn,
                OrganisationId,
                "INSERT INTO organisations (name, created_at) VALUES (%s, now()) RETURNING id",
                (name,),
            )

    def become_demo(self) -> None:
        """Mark the installation as a demonstration, so that its clock may be set."""
        with psycopg.connect(self.owner) as conn:
            conn.execute("UPDATE installation SET demo = true")


@pytest.fixture(scope="session")
def template(servers: Settings) -> Settings:
    """The servers' own database, migrated once; nothing connects to it later, so that it can be cloned."""
    with psycopg.connect(servers.owner_database_url, autocommit=True) as conn:
        migrate(conn, demo=False, said=lambda _: None)
    return servers


def clone_template(template: Settings) -> Iterator[Database]:
    """Yield a copy of the migrated database, dropped afterwards."""
    name = f"clone_{next(_numbers)}"
    maintenance = make_conninfo(template.owner_database_url, dbname="postgres")
    with psycopg.connect(maintenance, autocommit=True) as conn:
        conn.execute(
            psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE ponctuel").format(psycopg.sql.Identifier(name))
        )
    yield Database(
        app=make_conninfo(template.database_url, dbname=name),
        owner=make_conninfo(template.owner_database_url, dbname=name),
    )
    # A role may end its own connections only: the pools of programs under test close a moment later.
    with psycopg.connect(make_conninfo(template.database_url, dbname=name), autocommit=True) as conn:
        conn.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
        )
    with psycopg.connect(maintenance, autocommit=True) as conn:
        # Not WITH (FORCE): it needs the right to end an autovacuum worker; a plain DROP sends it away.
        conn.execute(psycopg.sql.SQL("DROP DATABASE {}").format(psycopg.sql.Identifier(name)))


@pytest.fixture
def database(template: Settings) -> Iterator[Database]:
    """A fresh migrated database for this test alone: for tests in which several connections meet."""
    yield from clone_template(template)


@pytest.fixture(scope="session")
def shared_database(template: Settings) -> Iterator[Database]:
    """A migrated database for all the tests that roll back what they did."""
    yield from clone_template(template)


@pytest.fixture(scope="session")
def organisation(shared_database: Database) -> OrganisationId:
    """The tenant of the tests that roll back."""
    return shared_database.create_organisation()


@pytest.fixture
def conn(shared_database: Database, organisation: OrganisationId) -> Iterator[db.Conn]:
    """A connection as the application's role that serves `organisation`; rolled back after the test."""
    connection = shared_database.connect(organisation)
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()
