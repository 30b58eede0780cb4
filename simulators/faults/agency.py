"""An agency of its own for the run: people who punch on every channel."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from homecare.access.call_lines import add_call_line
from homecare.access.model import Role
from homecare.access.operations import (
    create_area,
    create_company,
    create_organisation,
    create_user,
    open_session,
    sign_out,
)
from homecare.clients.model import NewHome
from homecare.clients.operations import add_line, create_client
from homecare.clients.queries import list_homes
from homecare.kernel import db
from homecare.kernel.audit import BySystem
from homecare.kernel.ids import (
    AreaId,
    ClientId,
    CompanyId,
    HomeId,
    OrganisationId,
    UserId,
    WorkerId,
    code_hash,
)
from homecare.kernel.settings import Settings
from homecare.punches.operations import register_device
from homecare.workers.model import TravelMode
from homecare.workers.operations import create_worker, enrol_badge, give_code

PEOPLE = 16
_ACTOR = BySystem("simulators.faults")


@dataclass(frozen=True, slots=True)
class Person:
    """A worker, and a home of whom everything punches: line, printed code, box."""

    user: UserId
    worker: WorkerId
    code: str
    code_hash: str
    badge: str
    session: str
    home: HomeId
    client: ClientId
    line: str
    qr_token: str
    device: str
    password: str


@dataclass(frozen=True, slots=True)
class Agency:
    """All that the sources need to know. `closed_session` is one that was signed out."""

    organisation: OrganisationId
    called: str
    people: list[Person]
    closed_session: str
    gateway: str
    gateway_password: str
    settings: Settings

    def connect(self) -> db.Conn:
        """Return a connection to the database itself, through no link that is harmed."""
        conn = psycopg.connect(self.settings.database_url, connect_timeout=5)
        db.use_organisation(conn, self.organisation)
        return conn


@dataclass(frozen=True, slots=True)
class _Office:
    """What people are entered with."""

    organisation: OrganisationId
    company: CompanyId
    area: AreaId
    tag: int
    now: datetime
    settings: Settings
    password_of: Callable[[str], str]


def found_agency(settings: Settings, *, tag: int, password_of: Callable[[str], str]) -> Agency:
    """Write the agency; `tag` keeps its numbers apart from those of other runs on the same servers."""
    now = datetime.now(UTC)
    with psycopg.connect(settings.owner_database_url) as owner:
        organisation = create_organisation(owner, f"Pannes {tag}", now=now)
    gateway, called = f"gw-{tag:05d}", f"+3380{tag % 10_000_000:07d}"
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        add_call_line(conn, called, label="Pannes")
        company = create_company(conn, name="Pannes", siret="0" * 14, iban=None, agreement="idcc-3127")
        area = create_area(conn, company, name="Pannes", communes=[], duty_number=None)
        office = _Office(organisation, company, area, tag, now, settings, password_of)
        people = [_settle(conn, office, number) for number in range(PEOPLE)]
        register_device(conn, gateway, label="Lecteur", home=people[0].home)
        closed = open_session(conn, people[0].user, now=now)
        sign_out(conn, closed)
    return Agency(organisation, called, people, closed, gateway, password_of(gateway), settings)


def _settle(conn: db.Conn, office: _Office, number: int) -> Person:
    tag, now = office.tag, office.now
    user = create_user(
        conn,
        _ACTOR,
        f"panne-{tag}-{number}@exemple.fr",
        name=f"PANNE {number}",
        password=secrets.token_urlsafe(),
        roles=[(Role.WORKER, None)],
        now=now,
    )
    client = create_client(
        conn,
        _ACTOR,
        civility="Mme",
        last_name=f"Panne{number}",
        first_name="Odile",
        fragile=False,
        home=NewHome(street="3 rue des Tanneurs", postal_code="99100", city="La Chesnaye"),
        now=now,
        area=office.area,
    )
    home = list_homes(conn, client)[0]
    line, device = f"+336{tag % 1_000_000:06d}{number:02d}", f"box-{tag:05d}{number:02d}"
    add_line(conn, home.id, line)
    register_device(conn, device, label="Boîtier", home=home.id)
    worker = create_worker(
        conn,
        _ACTOR,
        company=office.company,
        area=office.area,
        last_name=f"Panne{number}",
        first_name="Sonia",
        travel_mode=TravelMode.CAR,
        now=now,
        user=user,
    )
    key = office.settings.code_key
    code = give_code(conn, _ACTOR, worker, key=key, organisation=office.organisation, now=now)
    badge = f"04{tag % 0x1000000:06X}{number:06X}"
    enrol_badge(conn, worker, badge, now=now)
    return Person(
        user=user,
        worker=worker,
        code=code,
        code_hash=code_hash(key, office.organisation, code).hex(),
        badge=badge,
        session=open_session(conn, user, now=now),
        home=home.id,
        client=client,
        line=line,
        qr_token=home.qr_token,
        device=device,
        password=office.password_of(device),
    )
