"""An agency large enough for a load: many homes, workers and visits, so that every punch finds its own."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.alerts.operations import set_rule
from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.operations import register_device
from homecare.workers.operations import enrol_badge, give_code
from tests.builders import (
    ACTOR,
    MadeHome,
    make_area,
    make_client,
    make_company,
    make_service,
    make_user,
    make_visit,
    make_worker,
)
from tests.supervised import Supervised

WORKERS = 40
VISITS_EACH = 400
CALLED = "+33800999999"


@dataclass(frozen=True, slots=True)
class Person:
    """A worker with a home of their own clients, and everything that punches for them."""

    home: MadeHome
    code: str
    badge: str
    session: str
    device: str
    device_password: str
    times: Iterator[datetime]


def found_organisation(core: Supervised, name: str) -> OrganisationId:
    """Return a new organisation, with nothing in it."""
    with psycopg.connect(core.settings.owner_database_url) as owner:
        return db.insert(
            owner,
            OrganisationId,
            "INSERT INTO organisations (name, created_at) VALUES (%s, now()) RETURNING id",
            (name,),
        )


def settle_in(
    core: Supervised, *, workers: int = WORKERS, visits: int = VISITS_EACH
) -> tuple[OrganisationId, list[Person]]:
    """Create the agency; each person's visits lie in the past, an hour apart, for each edge a punch."""
    settings, now = core.settings, datetime.now(UTC)
    organisation = found_organisation(core, "Charge")
    people: list[Person] = []
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        conn.execute("INSERT INTO call_lines (number, label) VALUES (%s, 'Charge')", (CALLED,))
        company = make_company(conn)
        area = make_area(conn, company)
        service = make_service(conn)
        set_rule(conn, ACTOR, enabled=False, now=now)
        first = now - timedelta(days=28)
        for number in range(workers):
            user = make_user(conn, role=Role.WORKER)
            home = make_client(conn, area)
            worker = make_worker(conn, organisation, area, company=company, user=user)
            code = give_code(
                conn, ACTOR, worker.id, key=settings.code_key, organisation=organisation, now=now
            )
            badge, device = f"badge-{number:04d}", f"bench-{number:04d}"
            enrol_badge(conn, worker.id, badge, now=now)
            register_device(conn, device, label="Charge", home=home.home)
            for visit in range(visits):
                starts = first + timedelta(minutes=90 * visit)
                make_visit(conn, home, worker.id, starts_at=starts, minutes=60, service=service)
            people.append(
                Person(
                    home=home,
                    code=code,
                    badge=badge,
                    session=open_session(conn, user, now=now),
                    device=device,
                    device_password=core.device_password(device),
                    times=_times(first, visits),
                )
            )
    return organisation, people


def _times(first: datetime, visits: int) -> Iterator[datetime]:
    """Yield arrival and departure of one visit after the other, never the same instant twice."""
    for visit in itertools.count():
        starts = first + timedelta(minutes=90 * (visit % visits), microseconds=visit // visits)
        yield starts
        yield starts + timedelta(minutes=60)
