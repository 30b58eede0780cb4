"""Reading clients, homes, lines and tags. Row-level security keeps other organisations and areas out."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import LiteralString

from homecare.clients.model import Client, ClientRow, HomeCard, NewHome
from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, HomeId


def list_clients(
    conn: db.Conn, *, search: str = "", area: AreaId | None = None, limit: int = 50, offset: int = 0
) -> list[ClientRow]:
    """Return clients by name. `search`: each word begins a word of the name, of the city or a home code."""
    return db.many(
        conn,
        ClientRow,
        """SELECT c.id, c.area_id, a.name AS area, c.civility, c.last_name, c.first_name, c.fragile,
                  coalesce(h.city, '') AS city,
                  coalesce(r.weekly_visits, 0)::int AS weekly_visits
           FROM clients c
           JOIN areas a ON a.id = c.area_id
           LEFT JOIN LATERAL (
               SELECT city, home_code FROM homes WHERE client_id = c.id ORDER BY id LIMIT 1
           ) h ON true
           LEFT JOIN LATERAL (
               SELECT sum(cardinality(weekdays)) AS weekly_visits FROM recurrences WHERE client_id = c.id
           ) r ON true
           WHERE (%(area)s::bigint IS NULL OR c.area_id = %(area)s)
             AND NOT EXISTS (
                 SELECT FROM regexp_split_to_table(trim(plain(%(search)s)), ' +') AS word
                 WHERE strpos(
                     ' ' || plain(concat_ws(' ', c.last_name, c.first_name, h.city, h.home_code)),
                     ' ' || word) = 0
             )
           ORDER BY plain(c.last_name), plain(c.first_name), c.id LIMIT %(limit)s OFFSET %(offset)s""",
        {"area": area, "search": search, "limit": limit, "offset": offset},
    )


def count_clients(conn: db.Conn, *, search: str = "", area: AreaId | None = None) -> int:
    """Return how many clients `list_clients` would page through."""
    count = db.value(
        conn,
        int,
        """SELECT count(*) FROM clients c
           LEFT JOIN LATERAL (
               SELECT city, home_code FROM homes WHERE client_id = c.id ORDER BY id LIMIT 1
           ) h ON true
           WHERE (%(area)s::bigint IS NULL OR c.area_id = %(area)s)
             AND NOT EXISTS (
                 SELECT FROM regexp_split_to_table(trim(plain(%(search)s)), ' +') AS word
                 WHERE strpos(
                     ' ' || plain(concat_ws(' ', c.last_name, c.first_name, h.city, h.home_code)),
                     ' ' || word) = 0
             )""",
        {"area": area, "search": search},
    )
    return count or 0


def find_client(conn: db.Conn, client: ClientId) -> Client:
    """Return a client's card. Raises `NotFoundError`, also for a client of an area out of reach."""
    return db.one(
        conn,
        Client,
        """SELECT c.id, c.area_id, a.name AS area, c.civility, c.last_name, c.first_name, c.fragile,
                  c.instructions, c.ended_on, c.checks_place, c.radius_metres, c.revision,
                  ARRAY(SELECT t.name FROM client_traits ct JOIN traits t ON t.id = ct.trait_id
                        WHERE ct.client_id = c.id ORDER BY t.name) AS traits
           FROM clients c JOIN areas a ON a.id = c.area_id WHERE c.id = %s""",
        (client,),
    )


def find_namesakes(conn: db.Conn, last_name: str, first_name: str, home: NewHome) -> list[ClientId]:
    """Return the clients within reach of this name and at this address, whatever the accents and capitals."""
    return db.values(
        conn,
        ClientId,
        """SELECT c.id FROM clients c
           WHERE plain(c.last_name) = plain(%(last)s) AND plain(c.first_name) = plain(%(first)s)
             AND EXISTS (SELECT FROM homes h WHERE h.client_id = c.id AND h.postal_code = %(postal_code)s
                         AND plain(h.street) = plain(%(street)s))
           ORDER BY c.id""",
        {"last": last_name, "first": first_name, "street": home.street, "postal_code": home.postal_code},
    )


def list_homes(conn: db.Conn, client: ClientId) -> list[HomeCard]:
    """Return the homes of a client, the first one first."""
    return db.many(
        conn,
        HomeCard,
        """SELECT h.id, h.client_id, h.label, h.street, h.postal_code, h.city, h.access_notes, h.lon, h.lat,
                  h.home_code, h.qr_token, h.checks_place, h.radius_metres, h.revision,
                  ARRAY(SELECT number FROM home_lines l WHERE l.home_id = h.id ORDER BY number) AS lines,
                  ARRAY(SELECT number FROM home_lines l WHERE l.home_id = h.id AND l.without_keys
                        ORDER BY number) AS lines_without_keys,
                  ARRAY(SELECT token FROM home_tags t WHERE t.home_id = h.id AND t.retired_at IS NULL
                        ORDER BY token) AS tags
           FROM homes h JOIN clients c ON c.id = h.client_id WHERE h.client_id = %s ORDER BY h.id""",
        (client,),
    )


def find_home(conn: db.Conn, home: HomeId) -> HomeCard:
    """Return one home. Raises `NotFoundError`, also for a home of an area out of reach."""
    return db.one(
        conn,
        HomeCard,
        """SELECT h.id, h.client_id, h.label, h.street, h.postal_code, h.city, h.access_notes, h.lon, h.lat,
                  h.home_code, h.qr_token, h.checks_place, h.radius_metres, h.revision,
                  ARRAY(SELECT number FROM home_lines l WHERE l.home_id = h.id ORDER BY number) AS lines,
                  ARRAY(SELECT number FROM home_lines l WHERE l.home_id = h.id AND l.without_keys
                        ORDER BY number) AS lines_without_keys,
                  ARRAY(SELECT token FROM home_tags t WHERE t.home_id = h.id AND t.retired_at IS NULL
                        ORDER BY token) AS tags
           FROM homes h JOIN clients c ON c.id = h.client_id WHERE h.id = %s""",
        (home,),
    )


def homes_on_line(conn: db.Conn, number: str) -> list[HomeId]:
    """Return the homes that a caller's number (E.164) names: none, one, or those of one building."""
    return db.values(
        conn, HomeId, "SELECT home_id FROM home_lines WHERE number = %s ORDER BY home_id", (number,)
    )


def names_another_home(conn: db.Conn, number: str, *, beside: HomeId | None = None) -> bool:
    """Tell whether a number (E.164) names a home other than this one, of whatever area."""
    return any(home != beside for home in homes_on_line(conn, number))


def home_with_code(conn: db.Conn, code: str) -> HomeId | None:
    """Return the home whose printed code was keyed."""
    return db.value(conn, HomeId, "SELECT id FROM homes WHERE home_code = %s", (code,))


type Place = tuple[str, str]
"""What a phone names: `("tag" | "qr" | "home" | "site", token or number)`."""

_HOMES_OF: Mapping[str, LiteralString] = {
    "tag": "SELECT token, home_id FROM home_tags WHERE token = ANY (%s) AND retired_at IS NULL",
    "qr": "SELECT qr_token, id FROM homes WHERE qr_token = ANY (%s)",
    "home": "SELECT id::text, id FROM homes WHERE id = ANY (%s::bigint[])",
    "site": """SELECT s.site_id::text, min(h.id) FROM site_clients s JOIN homes h ON h.client_id = s.client_id
               WHERE s.site_id = ANY (%s::bigint[]) GROUP BY s.site_id""",
}


def home_of_place(conn: db.Conn, place: Place) -> HomeId | None:
    """Return the home that a phone names, None when it is not the organisation's."""
    return homes_of_places(conn, {place}).get(place)


def homes_of_places(conn: db.Conn, places: AbstractSet[Place]) -> dict[Place, HomeId]:
    """Return the homes that phones name, by place; those that are not the organisation's are left out.

    Of a site agreed with several clients, any one's home. One statement for each kind of place.
    """
    named: dict[str, list[str]] = {}
    for kind, value in places:
        named.setdefault(kind, []).append(value)
    return {
        (kind, value): home
        for kind, values in named.items()
        for value, home in conn.execute(_HOMES_OF[kind], (values,))
    }


def duty_number(conn: db.Conn, homes: Sequence[HomeId]) -> str | None:
    """Return the number of the coordinator on duty for these homes, or for the organisation's first area."""
    return db.value(
        conn,
        str,
        """SELECT a.duty_number FROM areas a
           WHERE a.duty_number IS NOT NULL
           ORDER BY a.id <> ALL (ARRAY(SELECT c.area_id FROM homes h JOIN clients c ON c.id = h.client_id
                                       WHERE h.id = ANY (%s))), a.id LIMIT 1""",
        (list(homes),),
    )


def list_traits(conn: db.Conn) -> list[str]:
    """Return the names of the traits the organisation uses."""
    return db.values(conn, str, "SELECT name FROM traits ORDER BY name")
