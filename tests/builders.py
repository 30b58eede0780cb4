"""Short ways to make people, places and visits, through the domain's own operations.

Each takes a connection whose transaction serves an organisation, and fills in what no test cares for.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from homecare.access.model import Role, SignedIn
from homecare.access.operations import create_area, create_company, create_user, open_session
from homecare.access.queries import describe_user
from homecare.clients.model import NewHome
from homecare.clients.operations import add_line, create_client
from homecare.clients.queries import list_homes
from homecare.clients.tags import enrol_tag
from homecare.kernel import db
from homecare.kernel.audit import BySystem, ByUser
from homecare.kernel.ids import (
    AreaId,
    ClientId,
    CompanyId,
    HomeId,
    OrganisationId,
    ServiceId,
    UserId,
    VisitId,
    WorkerId,
)
from homecare.visits.operations import create_service, create_visit
from homecare.workers.model import TravelMode
from homecare.workers.operations import add_availability, create_worker, give_code, sign_contract

ACTOR = BySystem("tests")
CODE_KEY = "a key that is used by tests alone"
PASSWORD = "un mot de passe d’essai"
# A Tuesday in winter, 08:00 in Paris.
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_company(conn: db.Conn, *, agreement: str = "idcc-3127") -> CompanyId:
    return create_company(
        conn, name="Les Aidants", siret=f"{next(_numbers):014d}", iban=None, agreement=agreement
    )


def make_area(conn: db.Conn, company: CompanyId | None = None, *, communes: tuple[str, ...] = ()) -> AreaId:
    return create_area(
        conn,
        company or make_company(conn),
        name=f"Secteur {next(_numbers)}",
        communes=list(communes),
        duty_number="+33555000000",
    )


@dataclass(frozen=True, slots=True)
class MadeHome:
    client: ClientId
    home: HomeId
    line: str
    home_code: str
    qr_token: str
    tag: str


def make_client(
    conn: db.Conn, area: AreaId, *, last_name: str = "Bellanger", fragile: bool = False
) -> MadeHome:
    number = next(_numbers)
    client = create_client(
        conn,
        ACTOR,
        civility="Mme",
        last_name=last_name,
        first_name="Odile",
        fragile=fragile,
        home=NewHome(street="3 rue des Tanneurs", postal_code="99100", city="La Chesnaye"),
        now=MORNING,
        area=area,
    )
    card = list_homes(conn, client)[0]
    line, tag = f"+335551{number:05d}", f"tag-{number:05d}"
    add_line(conn, card.id, line)
    enrol_tag(conn, card.id, tag, now=MORNING)
    return MadeHome(client, card.id, line, card.home_code, card.qr_token, tag)


def make_user(
    conn: db.Conn, *, role: Role = Role.COORDINATOR, area: AreaId | None = None, name: str = "MOREL Claire"
) -> UserId:
    return create_user(
        conn,
        ACTOR,
        f"personne{next(_numbers)}@exemple.fr",
        name=name,
        password=PASSWORD,
        roles=[(role, area)],
        now=MORNING,
    )


def make_signed_in(
    conn: db.Conn, organisation: OrganisationId, *, role: Role, area: AreaId | None = None
) -> tuple[SignedIn, str]:
    """Make an account with an open session; return the person and the session's token."""
    user = make_user(conn, role=role, area=area)
    token = open_session(conn, user, now=MORNING)
    return describe_user(conn, organisation, user), token


def actor_of(user: UserId) -> ByUser:
    return ByUser(user)


@dataclass(frozen=True, slots=True)
class MadeWorker:
    id: WorkerId
    code: str


def make_worker(
    conn: db.Conn,
    organisation: OrganisationId,
    area: AreaId,
    *,
    company: CompanyId | None = None,
    last_name: str = "Arnaud",
    first_name: str = "Sonia",
    weekly_hours: int = 30,
    user: UserId | None = None,
) -> MadeWorker:
    worker = create_worker(
        conn,
        ACTOR,
        company=company or make_company(conn),
        area=area,
        last_name=last_name,
        first_name=first_name,
        travel_mode=TravelMode.CAR,
        now=MORNING,
        user=user,
    )
    since = (MORNING - timedelta(days=300)).date()
    sign_contract(conn, ACTOR, worker, since=since, weekly_minutes=weekly_hours * 60, now=MORNING)
    for weekday in range(1, 8):
        add_availability(conn, worker, weekday=weekday, starts=time(7), ends=time(21), since=since)
    code = give_code(conn, ACTOR, worker, key=CODE_KEY, organisation=organisation, now=MORNING)
    return MadeWorker(worker, code)


def make_service(conn: db.Conn, *, tasks: tuple[str, ...] = ()) -> ServiceId:
    return create_service(conn, f"Aide {next(_numbers)}", tasks=list(tasks), skills={})


def make_visit(
    conn: db.Conn,
    home: MadeHome,
    worker: WorkerId | None,
    *,
    starts_at: datetime = MORNING,
    minutes: int = 60,
    service: ServiceId | None = None,
    published: bool = True,
) -> VisitId:
    visit = create_visit(
        conn,
        ACTOR,
        client=home.client,
        home=home.home,
        service=service or make_service(conn),
        starts_at=starts_at,
        minutes=minutes,
        worker=worker,
        now=MORNING,
    )
    if published and worker is not None:
        conn.execute("UPDATE visits SET published_at = %s WHERE id = %s", (MORNING, visit))
    return visit


def next_due_here(conn: db.Conn) -> datetime | None:
    """Return the next instant at which one of this organisation's visits becomes late."""
    return db.value(conn, datetime, "SELECT min(due_at) FROM alert_dues")
