"""Sites: named places other than a home that are agreed with clients, where a worker may punch.

A family's home is agreed with one client; a day centre with all those who attend it, and a punch there
belongs to the one whose visit it fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from homecare.clients.place_rules import check_radius
from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import ClientId, SiteId
from homecare.kernel.text import clean_line, clean_postal_code, require_line


class SiteKind(StrEnum):
    """What a site is."""

    FAMILY = "family"
    DAY_CENTRE = "day_centre"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewSite:
    """What is typed of a site. `lon` and `lat` are degrees (WGS 84), None when the map does not know them."""

    kind: SiteKind
    name: str
    street: str
    postal_code: str
    city: str
    lon: float | None = None
    lat: float | None = None
    radius_metres: int | None = None

    def clean(self) -> Self:
        """Return it in the form in which it is kept. Raises `InvalidError` for what cannot be."""
        check_radius(self.radius_metres)
        return replace(
            self,
            name=require_line(self.name, missing="Donnez un nom à ce lieu."),
            street=require_line(self.street, missing="Saisissez le numéro et la voie."),
            postal_code=clean_postal_code(self.postal_code),
            city=clean_line(self.city),
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A site as cards show it. `radius_metres` is its own, None where the client's or the agency's holds."""

    id: SiteId
    kind: str
    name: str
    street: str
    postal_code: str
    city: str
    lon: float | None
    lat: float | None
    radius_metres: int | None


def agree_site(
    conn: db.Conn, actor: audit.Actor, client: ClientId, site: NewSite, *, now: datetime
) -> SiteId:
    """Open a site and agree on it with a client. Raises `InvalidError`, `NotFoundError` out of reach."""
    site = site.clean()
    opened = db.insert(
        conn,
        SiteId,
        """INSERT INTO sites (kind, name, street, postal_code, city, lon, lat, radius_metres)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            site.kind.value,
            site.name,
            site.street,
            site.postal_code,
            site.city,
            site.lon,
            site.lat,
            site.radius_metres,
        ),
    )
    join_site(conn, actor, client, opened, now=now)
    return opened


def join_site(conn: db.Conn, actor: audit.Actor, client: ClientId, site: SiteId, *, now: datetime) -> None:
    """Agree on an existing site with one more client. Raises `NotFoundError` when either is out of reach."""
    known = db.value(
        conn,
        bool,
        "SELECT EXISTS (SELECT FROM clients WHERE id = %s) AND EXISTS (SELECT FROM sites WHERE id = %s)",
        (client, site),
    )
    if not known:
        raise NotFoundError("Ce lieu ou cette fiche n’existe pas, ou n’est pas accessible avec votre compte.")
    conn.execute(
        "INSERT INTO site_clients (site_id, client_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", (site, client)
    )
    audit.record(conn, actor, "clients.join_site", client, now=now, after={"site": site})


def leave_site(conn: db.Conn, actor: audit.Actor, client: ClientId, site: SiteId, *, now: datetime) -> None:
    """End the agreement: telephones offer this site no more for this client. The site stays for others."""
    if db.write(conn, "DELETE FROM site_clients WHERE site_id = %s AND client_id = %s", (site, client)):
        audit.record(conn, actor, "clients.leave_site", client, now=now, before={"site": site})


def list_sites(conn: db.Conn, client: ClientId) -> list[Site]:
    """Return the sites agreed with a client, by name."""
    return db.many(
        conn,
        Site,
        """SELECT s.id, s.kind, s.name, s.street, s.postal_code, s.city, s.lon, s.lat, s.radius_metres
           FROM sites s JOIN site_clients sc ON sc.site_id = s.id JOIN clients c ON c.id = sc.client_id
           WHERE c.id = %s ORDER BY s.name, s.id""",
        (client,),
    )


def list_shared_sites(conn: db.Conn) -> list[Site]:
    """Return the organisation's day centres, by name: they may be agreed with any client."""
    return db.many(
        conn,
        Site,
        """SELECT id, kind, name, street, postal_code, city, lon, lat, radius_metres
           FROM sites WHERE kind = 'day_centre' ORDER BY name, id""",
    )


@dataclass(frozen=True, slots=True)
class OfferedSite:
    """A site as a worker's telephone offers it for a client's visit, with what it compares its place with."""

    client_id: ClientId
    id: SiteId
    name: str
    lon: float | None
    lat: float | None
    radius_metres: int | None


def list_offered_sites(
    conn: db.Conn, clients: Sequence[ClientId], *, usual_radius: int | None
) -> list[OfferedSite]:
    """Return the sites agreed with these clients, by name. `usual_radius` None: no place is checked.

    Where nothing is to be compared (the check is off, the map does not know the place) all three figures are
    None.
    """
    return db.many(
        conn,
        OfferedSite,
        """SELECT sc.client_id, s.id, s.name,
                  CASE WHEN checked THEN s.lon END AS lon, CASE WHEN checked THEN s.lat END AS lat,
                  CASE WHEN checked THEN coalesce(s.radius_metres, c.radius_metres, %(radius)s) END
                      AS radius_metres
           FROM site_clients sc JOIN sites s ON s.id = sc.site_id JOIN clients c ON c.id = sc.client_id
           CROSS JOIN LATERAL (
               SELECT %(radius)s::integer IS NOT NULL AND c.checks_place AND s.lon IS NOT NULL AS checked
           ) rule
           WHERE sc.client_id = ANY (%(clients)s) ORDER BY s.name, s.id""",
        {"clients": list(clients), "radius": usual_radius},
    )
