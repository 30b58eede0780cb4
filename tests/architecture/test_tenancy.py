"""Every table and every chunk, walked as a wrong tenant and as none."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId, code_hash
from homecare.punches.model import Channel, Claim, Line, WorkerCode
from homecare.punches.operations import note_device_event, record
from tests.builders import CODE_KEY, MORNING, make_area, make_client, make_visit, make_worker
from tests.database import Database

# Tables that belong to no tenant, each with its reason.
SHARED = {
    "installation": "one row for the whole installation",
    "demo_clock": "one row for the whole installation",
    "migrations": "of the owner",
    "sign_in_failures": "hashes of addresses, before anybody is known",
    "procrastinate_events": "the queue carries ids only",
    "procrastinate_jobs": "the queue carries ids only",
    "procrastinate_periodic_defers": "the queue carries ids only",
    "procrastinate_workers": "the queue carries ids only",
}

# The only functions that look beyond a tenant. Each answers ids or an instant.
BEYOND_TENANTS = {
    "find_called_line",
    "find_account",
    "find_session",
    "find_invitation",
    "find_device",
    "find_tablet",
    "find_tag",
    "find_tag_enrolment",
    "list_called_lines",
    "list_organisations",
    "list_own_prompts",
    "list_ringing_lines",
    "next_alert_due",
    "organisations_with_alerts_due",
}


@pytest.fixture
def filled(database: Database) -> Database:
    """A database in which one tenant has a row in the tables that matter most."""
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        home = make_client(conn, make_area(conn))
        worker = make_worker(conn, organisation, make_area(conn))
        make_visit(conn, home, worker.id)
        claim = Claim(
            organisation=organisation,
            channel=Channel.PHONE,
            source_ref="a",
            punched_at=MORNING,
            where=Line(home.line),
            who=WorkerCode(code_hash(CODE_KEY, organisation, worker.code)),
        )
        record(conn, [claim], core_instance="core-t", now=MORNING)
        record(conn, [replace(claim, source_ref="b")], core_instance="core-t", now=MORNING)
        note_device_event(conn, "gw-0001", "online", {}, at=MORNING)
    return database


def tables(database: Database) -> Iterator[str]:
    with psycopg.connect(database.owner) as owner:
        yield from db.values(
            owner, str, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )


def test_every_business_table_is_protected_by_a_forced_policy(database: Database) -> None:
    with psycopg.connect(database.owner) as owner:
        open_tables = db.values(
            owner,
            str,
            """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                 AND NOT (relrowsecurity AND relforcerowsecurity)""",
        )
    assert set(open_tables) == set(SHARED)


def test_another_tenant_finds_every_table_empty(filled: Database) -> None:
    stranger = filled.create_organisation("Autre réseau")
    seen = 0
    for table in tables(filled):
        if table in SHARED:
            continue
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        with psycopg.connect(filled.owner) as owner:
            (all_rows,) = owner.execute(count).fetchone() or (0,)
        with filled.connect(stranger) as conn:
            (own_rows,) = conn.execute(count).fetchone() or (0,)
        seen += all_rows
        assert own_rows == (1 if table == "organisations" else 0), table
    assert seen > 20


def test_without_a_tenant_every_table_fails_closed(filled: Database) -> None:
    for table in tables(filled):
        if table in SHARED:
            continue
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        with filled.connect() as conn, pytest.raises(psycopg.Error):
            conn.execute(count)


def test_the_chunks_of_hypertables_cannot_be_named_by_the_application(filled: Database) -> None:
    with psycopg.connect(filled.owner) as owner:
        chunks = owner.execute(
            "SELECT chunk_schema, chunk_name FROM timescaledb_information.chunks"
        ).fetchall()
    assert len(chunks) >= 3
    organisation = OrganisationId(1)
    for schema, name in chunks:
        with filled.connect(organisation) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(sql.SQL("SELECT * FROM {}.{}").format(sql.Identifier(schema), sql.Identifier(name)))


def test_a_row_cannot_be_written_for_another_tenant(filled: Database) -> None:
    stranger = filled.create_organisation("Autre réseau")
    with filled.connect(stranger) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("INSERT INTO skills (organisation_id, name) VALUES (1, 'Toilette')")


def test_only_the_listed_functions_look_beyond_a_tenant(database: Database) -> None:
    with psycopg.connect(database.owner) as owner:
        found = db.values(
            owner,
            str,
            """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'public' AND p.prosecdef""",
        )
    assert set(found) == BEYOND_TENANTS


def test_the_application_may_not_change_what_is_append_only(database: Database) -> None:
    with psycopg.connect(database.owner) as owner:
        for table in ("punches", "punch_keys", "punch_conflicts", "audit_events", "device_events"):
            allowed = owner.execute(
                """SELECT bool_or(has_table_privilege('ponctuel_app', %s, right_))
                   FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_""",
                (table,),
            ).fetchone()
            assert allowed == (False,), table


def test_the_clock_cannot_be_set_outside_a_demonstration(database: Database) -> None:
    with database.connect() as conn, pytest.raises(psycopg.errors.ForeignKeyViolation):
        conn.execute(
            "INSERT INTO demo_clock (origin_real, origin_shown, speed) VALUES (%s, %s, 60)",
            (MORNING, MORNING),
        )
