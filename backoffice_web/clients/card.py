"""What a client's card shows, read at once."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backoffice_web.agency_settings.forms import MinimumForm
from backoffice_web.agency_settings.payer_forms import ClientPayerForm, LastDayForm
from backoffice_web.clients.forms import CodeDeviceForm, LineForm, RefusalForm, TagForm, TraitForm
from backoffice_web.clients.place_forms import ClientPlaceForm, HomeRadiusForm, JoinSiteForm
from homecare.clients.code_devices import CodeDevice, list_code_devices
from homecare.clients.model import Client, HomeCard
from homecare.clients.queries import find_client, list_homes, list_traits
from homecare.clients.sites import Site, list_shared_sites, list_sites
from homecare.clients.tags import TagCard, list_tags
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import ClientId, HomeId, PayerId
from homecare.payers.client_payers import ClientPayer, list_client_payers
from homecare.payers.model import Payer
from homecare.payers.queries import list_payers
from homecare.punches.journal import JournalRow, list_journal
from homecare.punches.place_setting import PlaceSetting, find_place_setting
from homecare.punches.proof_minimum import (
    Asked,
    Minimum,
    find_minimum,
    list_minimums,
    list_payers_minimums,
)
from homecare.visits.model import Recurrence, Visit
from homecare.visits.queries import list_between, list_recurrences
from homecare.workers.model import WorkerRow
from homecare.workers.queries import Refused, list_refused_at, list_workers

PUNCHES_BACK = timedelta(days=30)
PUNCHES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Forms:
    """The small forms of the card. The one that was refused carries its errors; `home` is whose it is."""

    line: LineForm = field(default_factory=LineForm)
    tag: TagForm = field(default_factory=TagForm)
    device: CodeDeviceForm = field(default_factory=CodeDeviceForm)
    trait: TraitForm = field(default_factory=TraitForm)
    refusal: RefusalForm = field(default_factory=RefusalForm)
    place: ClientPlaceForm = field(default_factory=ClientPlaceForm)
    radius: HomeRadiusForm = field(default_factory=HomeRadiusForm)
    join: JoinSiteForm = field(default_factory=JoinSiteForm)
    home: HomeId | None = None
    minimum: MinimumForm | None = None
    payer: ClientPayerForm | None = None
    last_day: dict[int, LastDayForm] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """A client with everything that a coordinator looks for."""

    client: Client
    homes: list[HomeCard]
    code_devices: dict[HomeId, list[CodeDevice]]
    tags: dict[HomeId, list[TagCard]]
    recurrences: list[Recurrence]
    monday: date
    visits: list[Visit]
    punches: list[JournalRow]
    refused: list[Refused]
    known_traits: list[str]
    workers: list[WorkerRow]
    place: PlaceSetting
    asked: Asked | None
    minimums: list[Minimum]
    payers: list[ClientPayer]
    known_payers: list[Payer]
    payers_ask: dict[PayerId, str]
    sites: list[Site]
    shared_sites: list[Site]


def read_card(conn: db.Conn, client: ClientId, *, now: datetime) -> Card:
    """Read the card, with the visits of the present week. Raises `NotFoundError` out of reach."""
    found = find_client(conn, client)
    today = paris_day(now)
    monday = today - timedelta(days=today.weekday())
    starts, _ = day_bounds(monday)
    _, ends = day_bounds(monday + timedelta(days=6))
    refused = list_refused_at(conn, client)
    homes = list_homes(conn, client)
    out = {one.worker_id for one in refused}
    sites = list_sites(conn, client)
    return Card(
        client=found,
        homes=homes,
        code_devices={home.id: list_code_devices(conn, home.id) for home in homes},
        tags={home.id: list_tags(conn, home.id) for home in homes},
        recurrences=list_recurrences(conn, client),
        monday=monday,
        visits=list_between(conn, starts, ends, client=client),
        punches=list_journal(conn, since=now - PUNCHES_BACK, until=now, client=client, limit=PUNCHES_SHOWN),
        refused=refused,
        known_traits=list_traits(conn),
        workers=[worker for worker in list_workers(conn, day=today) if worker.id not in out],
        place=find_place_setting(conn),
        asked=find_minimum(conn, client, now),
        minimums=list_minimums(conn, client),
        payers=list_client_payers(conn, client),
        known_payers=list_payers(conn, day=today),
        payers_ask=list_payers_minimums(conn, day=today),
        sites=sites,
        shared_sites=[one for one in list_shared_sites(conn) if one not in sites],
    )
