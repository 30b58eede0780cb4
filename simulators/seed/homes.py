"""Writes a client with a home: what names it, what stands in it, what is needed there every week."""

from homecare.alerts.operations import set_rule
from homecare.clients.model import NewHome
from homecare.clients.operations import add_line, add_trait, create_client
from homecare.clients.queries import list_homes
from homecare.clients.tags import enrol_tag
from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, ServiceId, new_token
from homecare.punches.operations import register_device
from homecare.visits.operations import create_recurrence
from simulators.seed.keepsakes import PlacedDevice
from simulators.seed.sketch import ClientSketch
from simulators.seed.terms import ACTOR, Terms

_STRICT_MINUTES = (0, 5)


def open_home(
    conn: db.Conn,
    sketch: ClientSketch,
    area: AreaId,
    *,
    services: dict[str, ServiceId],
    terms: Terms,
) -> ClientId:
    """Write the client with their home and recurrences."""
    now, place = terms.now, sketch.place
    client = create_client(
        conn,
        ACTOR,
        civility=sketch.civility,
        last_name=sketch.last_name,
        first_name=sketch.first_name,
        fragile=sketch.fragile,
        home=NewHome(
            street=place.street,
            postal_code=place.postal_code,
            city=place.city,
            commune_code=place.commune_code,
            lon=place.lon,
            lat=place.lat,
        ),
        now=now,
        area=area,
        instructions=sketch.instructions,
    )
    home = list_homes(conn, client)[0].id
    if sketch.line is not None:
        add_line(conn, home, sketch.line)
    if sketch.has_tag:
        enrol_tag(conn, home, new_token(), now=now)
    for trait in sketch.traits:
        add_trait(conn, client, trait)
    for need in sketch.needs:
        create_recurrence(
            conn,
            ACTOR,
            client=client,
            home=home,
            service=services[need.service],
            weekdays=list(need.weekdays),
            starts=need.starts,
            minutes=need.minutes,
            flexible_minutes=need.flexible_minutes,
            since=terms.since,
            until=None,
            now=now,
        )
    if sketch.strict:
        first, second = _STRICT_MINUTES
        set_rule(conn, ACTOR, client=client, first_minutes=first, second_minutes=second, now=now)
    return client


def place_device(conn: db.Conn, name: str, client: ClientId, terms: Terms) -> PlacedDevice:
    """Register a box or reader in the client's home."""
    home = list_homes(conn, client)[0].id
    register_device(conn, name, label="Lecteur" if name.startswith("gw-") else "Boîtier", home=home)
    return PlacedDevice(home, terms.device_password(name))
