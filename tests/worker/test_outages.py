"""The worker program through outages of a real database: it stays, and so does what it was asked to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.punches.model import Channel, Claim, Line, WorkerCode
from homecare.punches.operations import SETTLED_AT_ONCE, record
from homecare.visits.optimisation import find_run, request_optimisation
from tests.builders import make_user
from tests.realtime.agency import Agency, settle_in
from tests.supervised import Supervised, running_supervisor, wait_until
from worker.tasks import INTERRUPTED

MANY = SETTLED_AT_ONCE + 8


@pytest.fixture
def agency() -> Iterator[Agency]:
    """An agency served by PostgreSQL and the worker program."""
    with running_supervisor("--only", "postgresql", "--programs", "worker") as system:
        yield settle_in(system, 1)


def punch_many(agency: Agency) -> None:
    """Record more punches at once than are settled at once: they are left to a job."""
    now = datetime.now(UTC)
    claims = [
        Claim(
            organisation=agency.organisation,
            channel=Channel.PHONE,
            source_ref=f"call-{number}",
            punched_at=now - timedelta(minutes=number),
            where=Line(agency.home.line),
            who=WorkerCode(agency.code_hash()),
        )
        for number in range(MANY)
    ]
    with agency.connect() as conn:
        record(conn, claims, core_instance="core-t", now=now)


def jobs(agency: Agency) -> list[str]:
    """Return the states of the jobs that are left."""
    with psycopg.connect(agency.settings.database_url) as conn:
        return db.values(conn, str, "SELECT status::text FROM procrastinate_jobs")


def settled(agency: Agency) -> int:
    with agency.connect() as conn:
        return db.value(conn, int, "SELECT count(*) FROM punch_matches") or 0


@contextmanager
def settling_held_up(agency: Agency) -> Iterator[None]:
    """Hold up every settling, which looks for homes, until the block or the database ends."""
    owner = psycopg.connect(agency.settings.owner_database_url)
    owner.execute("LOCK TABLE home_lines IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        owner.close()


def let_the_database_be_away(system: Supervised) -> None:
    """Stop PostgreSQL until the worker has noticed, then start it again."""
    system.command("stop postgresql")
    log = system.state / "log" / "worker.log"
    wait_until(lambda: "queue.away" in log.read_text(), seconds=20)
    system.command("start postgresql")


def test_a_worker_outlives_an_outage_and_does_what_comes_afterwards(agency: Agency) -> None:
    before = agency.core.pid("worker")
    let_the_database_be_away(agency.core)
    punch_many(agency)
    wait_until(lambda: settled(agency) == MANY, seconds=10)
    assert agency.core.pid("worker") == before


def test_a_job_that_an_outage_cut_is_done_once_the_database_is_back(agency: Agency) -> None:
    with settling_held_up(agency):
        punch_many(agency)
        wait_until(lambda: jobs(agency) == ["doing"], seconds=10)
        let_the_database_be_away(agency.core)
    wait_until(lambda: settled(agency) == MANY, seconds=15)
    wait_until(lambda: jobs(agency) == [], seconds=10)


def test_what_a_killed_worker_was_at_is_taken_up_again(agency: Agency) -> None:
    with settling_held_up(agency):
        punch_many(agency)
        wait_until(lambda: jobs(agency) == ["doing"], seconds=10)
        agency.core.command("kill worker")
        with psycopg.connect(
            agency.settings.database_url
        ) as conn:  # a dead worker is forgotten after a while
            conn.execute("DELETE FROM procrastinate_workers")
    wait_until(lambda: settled(agency) == MANY, seconds=40)


def test_an_optimisation_that_was_cut_short_says_so_instead_of_running_for_ever(agency: Agency) -> None:
    now = datetime.now(UTC)
    with agency.connect() as conn:
        run = request_optimisation(
            conn,
            ByUser(make_user(conn)),
            agency.organisation,
            area=agency.area,
            day=now.date(),
            seed=1,
            seconds=60,
            now=now,
        )
        conn.execute("UPDATE optimisation_runs SET status = 'running', started_at = asked_at")
        conn.execute("UPDATE procrastinate_jobs SET attempts = 1")  # as an outage leaves it

    def told() -> tuple[str, str | None]:
        with agency.connect() as conn:
            found = find_run(conn, run)
        return found.status, found.failure

    wait_until(lambda: told() == ("failed", INTERRUPTED), seconds=10)


def test_a_worker_that_starts_before_its_database_waits_for_it(agency: Agency) -> None:
    agency.core.command("stop worker")
    punch_many(agency)
    agency.core.command("stop postgresql")
    agency.core.command("start worker")
    wait_until(lambda: agency.core.pid("worker") is not None)
    started = agency.core.pid("worker")
    agency.core.command("start postgresql")
    wait_until(lambda: settled(agency) == MANY, seconds=15)
    assert agency.core.pid("worker") == started


def test_a_worker_is_told_to_stop_during_an_outage_and_does(agency: Agency) -> None:
    agency.core.command("stop postgresql")
    agency.core.command("stop worker")
    assert "killed" not in (agency.core.state / "up.log").read_text()
