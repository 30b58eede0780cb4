"""A small agency in the database of a running core: two homes, two workers, a coordinator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from homecare.access.call_lines import add_call_line
from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.alerts.operations import arm
from homecare.kernel import db
from homecare.kernel.calendar import paris_day
from homecare.kernel.clock import Clock, read_pace
from homecare.kernel.ids import AreaId, OrganisationId, VisitId, code_hash
from homecare.kernel.settings import Settings
from homecare.punches.operations import register_device
from homecare.workers.operations import enrol_badge, give_code
from tests.builders import (
    ACTOR,
    MadeHome,
    MadeWorker,
    make_area,
    make_client,
    make_company,
    make_user,
    make_visit,
    make_worker,
)
from tests.supervised import Supervised


@dataclass(frozen=True, slots=True)
class Agency:
    """Who and what is there. The visits are published and begin about now."""

    core: Supervised
    organisation: OrganisationId
    area: AreaId
    called: str
    home: MadeHome
    worker: MadeWorker
    badge: str
    worker_session: str
    coordinator_session: str

    @property
    def settings(self) -> Settings:
        return self.core.settings

    def connect(self) -> db.Conn:
        """Return a connection whose transaction serves the agency."""
        conn = psycopg.connect(self.settings.database_url)
        db.use_organisation(conn, self.organisation)
        return conn

    def clock(self) -> Clock:
        """Return the clock that the core goes by: the machine's own, or the demonstration's."""
        return _clock_of(self.settings)

    def now(self) -> datetime:
        """Return the agency's present instant. What a source claims is the machine's, not this one."""
        return self.clock().now()

    def plan_visit(self, *, minutes_from_now: float = 0, minutes: int = 60) -> VisitId:
        """Plan and publish a visit of the worker at the home."""
        now = self.now()
        with self.connect() as conn:
            visit = make_visit(
                conn,
                self.home,
                self.worker.id,
                starts_at=now + timedelta(minutes=minutes_from_now),
                minutes=minutes,
            )
            arm(conn, [visit], now=now)
        return visit

    def code_hash(self) -> bytes:
        """Return what a source claims of the worker's code."""
        return code_hash(self.settings.code_key, self.organisation, self.worker.code)

    def punches(self) -> list[tuple[str, str | None, str | None]]:
        """Return (channel, edge, doubt) of every punch, by time."""
        with self.connect() as conn:
            return conn.execute(
                "SELECT channel, edge, doubt FROM punch_matches ORDER BY punched_at, punch_id"
            ).fetchall()


def settle_in(core: Supervised, number: int) -> Agency:
    """Create the agency. `number` keeps its called number and names apart from other tests'."""
    settings = core.settings
    now = _clock_of(settings).now()
    with psycopg.connect(settings.owner_database_url) as owner:
        organisation = db.insert(
            owner,
            OrganisationId,
            "INSERT INTO organisations (name, created_at) VALUES (%s, %s) RETURNING id",
            (f"Agence {number}", now),
        )
    called = f"0800{number:06d}"
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        line = add_call_line(conn, f"+33{called.removeprefix('0')}", label="Essai")
        # Tried already, whatever the hour: nothing rings by itself during a test.
        conn.execute(
            """INSERT INTO line_checks (line_id, day, asked_at, ended_at, outcome)
               VALUES (%s, %s, %s, %s, 'heard')""",
            (line, paris_day(now), now, now),
        )
        company = make_company(conn)
        area = make_area(conn, company)
        home = make_client(conn, area)
        user = make_user(conn, role=Role.WORKER)
        worker = make_worker(conn, organisation, area, company=company, user=user)
        code = give_code(conn, ACTOR, worker.id, key=settings.code_key, organisation=organisation, now=now)
        badge = f"04a1b2c3{number:06d}"
        enrol_badge(conn, worker.id, badge, now=now)
        register_device(conn, f"box-{number:04d}", label="Boîtier", home=home.home)
        coordinator = make_user(conn, role=Role.COORDINATOR, area=area)
        return Agency(
            core=core,
            organisation=organisation,
            area=area,
            called=called,
            home=home,
            worker=MadeWorker(worker.id, code),
            badge=badge,
            worker_session=open_session(conn, user, now=now),
            coordinator_session=open_session(conn, coordinator, now=now),
        )


def _clock_of(settings: Settings) -> Clock:
    with psycopg.connect(settings.database_url) as conn:
        return Clock(pace=read_pace(conn))
