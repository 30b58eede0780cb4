"""What the bootstrap gives the two roles."""

import psycopg
import pytest

from homecare.kernel.settings import Settings


def test_timescaledb_is_there_and_its_telemetry_is_off(servers: Settings) -> None:
    with psycopg.connect(servers.database_url) as conn:
        extensions = {row[0] for row in conn.execute("SELECT extname FROM pg_extension")}
        assert {"timescaledb", "btree_gist"} <= extensions
        assert conn.execute("SHOW timescaledb.telemetry_level").fetchone() == ("off",)


def test_an_acknowledged_commit_is_on_disk(servers: Settings) -> None:
    with psycopg.connect(servers.database_url) as conn:
        assert conn.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert conn.execute("SHOW fsync").fetchone() == ("on",)


def test_neither_role_is_a_superuser_or_passes_row_level_security(servers: Settings) -> None:
    with psycopg.connect(servers.database_url) as conn:
        roles = conn.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'ponctuel%' ORDER BY 1"
        ).fetchall()
    assert roles == [("ponctuel_app", False, False), ("ponctuel_owner", False, False)]


def test_the_programs_may_not_change_the_schema(servers: Settings) -> None:
    with (
        psycopg.connect(servers.database_url) as conn,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute("CREATE TABLE mine (a int)")


def test_chunks_cannot_be_read_past_the_policy_of_their_table(servers: Settings) -> None:
    with psycopg.connect(servers.owner_database_url) as owner:
        owner.execute(
            "CREATE TABLE readings (at timestamptz NOT NULL, tenant int NOT NULL);"
            "ALTER TABLE readings ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY own ON readings USING (tenant = 1);"
            "GRANT SELECT, INSERT ON readings TO ponctuel_app"
        )
        owner.execute("SELECT create_hypertable('readings', 'at', associated_schema_name => 'chunks')")
        owner.execute("INSERT INTO readings VALUES ('2026-03-02Z', 1), ('2026-03-02Z', 2)")
        (chunk,) = owner.execute("SELECT show_chunks('readings')::text").fetchone() or ("",)
    try:
        with psycopg.connect(servers.database_url) as app:
            # the programs make chunks too: this month has none yet
            app.execute("INSERT INTO readings VALUES ('2026-09-01Z', 1)")
            assert app.execute("SELECT tenant FROM readings").fetchall() == [(1,), (1,)]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.SQL(chunk)))
    finally:
        with psycopg.connect(servers.owner_database_url) as owner:
            owner.execute("DROP TABLE readings")
