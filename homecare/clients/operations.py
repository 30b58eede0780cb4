"""Writing clients, homes and lines."""

from datetime import datetime

from homecare.access.queries import area_at, find_called_line
from homecare.clients.model import NewHome
from homecare.clients.refused_lines import hold_lines, is_line_refused
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, ClientId, HomeId, new_home_code, new_token
from homecare.kernel.text import clean_notes, require_line

NO_LAST_NAME, NO_FIRST_NAME = "Saisissez le nom.", "Saisissez le prénom."


class LineError(InvalidError):
    """The number cannot name a home."""


class CalledLineError(LineError):
    """The number is one that workers call: as a home's line it would name that home at every call."""


class RefusedLineError(LineError):
    """The number is one from which the organisation takes no call."""


def create_client(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    civility: str,
    last_name: str,
    first_name: str,
    fragile: bool,
    home: NewHome,
    now: datetime,
    area: AreaId | None = None,
    instructions: str = "",
) -> ClientId:
    """Create a client with a first home. Without a chosen area the address decides in which one they fall.

    Raises `InvalidError` for what cannot be kept, when no area covers the address, or when that area is not
    within the actor's reach.
    """
    home = home.clean()
    last_name = require_line(last_name, missing=NO_LAST_NAME)
    first_name = require_line(first_name, missing=NO_FIRST_NAME)
    area = area or find_area_of(conn, home)
    client = db.insert(
        conn,
        ClientId,
        """INSERT INTO clients (area_id, civility, last_name, first_name, fragile, instructions)
           VALUES (%s, %s, %s, %s, %s, %s) RETURNING id""",
        (area, civility, last_name, first_name, fragile, clean_notes(instructions)),
    )
    add_home(conn, client, home)
    audit.record(conn, actor, "clients.create_client", client, now=now, after={"area": area})
    return client


def find_area_of(conn: db.Conn, home: NewHome) -> AreaId:
    """Return the area in which an address falls by itself.

    Raises `InvalidError` when no area covers it, or when that area is not within the actor's reach.
    """
    return _area_in_reach(conn, commune=home.commune_code, lon=home.lon, lat=home.lat)


def find_area_of_client(conn: db.Conn, client: ClientId) -> AreaId:
    """Return the area in which the client's first home falls; raises as `find_area_of` does."""
    row = conn.execute(
        "SELECT commune_code, lon, lat FROM homes WHERE client_id = %s ORDER BY id LIMIT 1", (client,)
    ).fetchone()
    commune, lon, lat = row or ("", None, None)
    return _area_in_reach(conn, commune=commune, lon=lon, lat=lat)


def _area_in_reach(conn: db.Conn, *, commune: str, lon: float | None, lat: float | None) -> AreaId:
    area = area_at(conn, commune=commune, lon=lon, lat=lat)
    if area is None:
        raise InvalidError("Aucun secteur ne couvre cette adresse : choisissez-en un.")
    if not db.value(conn, bool, "SELECT area_in_reach(%s)", (area,)):
        raise InvalidError("Cette adresse est dans un secteur que votre compte n’ouvre pas.")
    return area


def update_client(
    conn: db.Conn,
    actor: audit.Actor,
    client: ClientId,
    *,
    revision: int,
    civility: str,
    last_name: str,
    first_name: str,
    fragile: bool,
    instructions: str,
    area: AreaId,
    now: datetime,
) -> None:
    """Change a client's card; their visits to come follow the area (`visits.operations.follow_area`).

    `revision` is what its form showed: raises `StaleError` when somebody changed the card since,
    `NotFoundError` out of reach, `InvalidError` for what cannot be kept.
    """
    last_name = require_line(last_name, missing=NO_LAST_NAME)
    first_name = require_line(first_name, missing=NO_FIRST_NAME)
    touched = db.write(
        conn,
        """UPDATE clients SET civility = %s, last_name = %s, first_name = %s, fragile = %s, instructions = %s,
                              area_id = %s, revision = revision + 1
           WHERE id = %s AND revision = %s""",
        (civility, last_name, first_name, fragile, clean_notes(instructions), area, client, revision),
    )
    if not touched:
        if db.value(conn, int, "SELECT 1 FROM clients WHERE id = %s", (client,)) is None:
            raise NotFoundError("Cette fiche n’existe pas ou n’est pas accessible avec votre compte.")
        raise StaleError("Cette fiche vient de changer\N{NO-BREAK SPACE}: relisez-la avant d’enregistrer.")
    audit.record(
        conn, actor, "clients.update_client", client, now=now, after={"fragile": fragile, "area": area}
    )


def add_home(conn: db.Conn, client: ClientId, home: NewHome) -> HomeId:
    """Open a home for a client, with a fresh home code and label token. Raises `InvalidError`."""
    home = home.clean()
    while True:
        opened = db.value(
            conn,
            HomeId,
            """INSERT INTO homes (client_id, label, street, postal_code, city, commune_code, access_notes,
                                  lon, lat, home_code, qr_token)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT ON CONSTRAINT home_code_is_unique DO NOTHING RETURNING id""",
            (
                client,
                home.label,
                home.street,
                home.postal_code,
                home.city,
                home.commune_code,
                home.access_notes,
                home.lon,
                home.lat,
                new_home_code(),
                new_token(),
            ),
        )
        if opened is not None:
            return opened


def update_home(
    conn: db.Conn, actor: audit.Actor, home: HomeId, card: NewHome, *, revision: int, now: datetime
) -> None:
    """Change a home's address and notes; its code, its label, its lines and tags stay.

    `revision` is what its form showed: raises `StaleError` when somebody changed it since, `NotFoundError`
    when there is no such home, `InvalidError` for what cannot be kept.
    """
    card = card.clean()
    touched = db.write(
        conn,
        """UPDATE homes SET label = %s, street = %s, postal_code = %s, city = %s, commune_code = %s,
                            access_notes = %s, lon = %s, lat = %s, revision = revision + 1
           WHERE id = %s AND revision = %s""",
        (
            card.label,
            card.street,
            card.postal_code,
            card.city,
            card.commune_code,
            card.access_notes,
            card.lon,
            card.lat,
            home,
            revision,
        ),
    )
    if not touched:
        if db.value(conn, int, "SELECT 1 FROM homes WHERE id = %s", (home,)) is not None:
            raise StaleError(
                "Ce domicile vient de changer\N{NO-BREAK SPACE}: relisez-le avant d’enregistrer."
            )
        raise NotFoundError("Ce domicile n’existe pas ou n’est pas accessible avec votre compte.")
    audit.record(conn, actor, "clients.update_home", home, now=now)


def add_line(conn: db.Conn, home: HomeId, number: str) -> None:
    """Register a telephone number (E.164) that names this home. Raises as `check_home_line` does."""
    check_home_line(conn, number)
    conn.execute(
        "INSERT INTO home_lines (home_id, number) VALUES (%s, %s) ON CONFLICT DO NOTHING", (home, number)
    )


def check_home_line(conn: db.Conn, number: str) -> None:
    """Raise `LineError` when the number cannot name a home.

    Workers call it to punch, of whatever organisation; or this organisation takes no call from it.
    """
    hold_lines(conn)
    if find_called_line(conn, number) is not None:
        raise CalledLineError(
            "Ce numéro est celui que les intervenants appellent pour pointer\N{NO-BREAK SPACE}: "
            "il ne peut pas désigner un domicile."
        )
    if is_line_refused(conn, number):
        raise RefusedLineError(
            "Cette ligne est refusée par votre agence\N{NO-BREAK SPACE}: levez d’abord ce refus, "
            "dans Pointages › Lignes refusées."
        )


def set_line_without_keys(
    conn: db.Conn, actor: audit.Actor, home: HomeId, number: str, *, without_keys: bool, now: datetime
) -> None:
    """Say whether nothing can be keyed on a home's line, so that a missed call from it counts.

    Raises `NotFoundError` for a number that is not one of the home's.
    """
    touched = db.write(
        conn,
        "UPDATE home_lines SET without_keys = %s WHERE home_id = %s AND number = %s",
        (without_keys, home, number),
    )
    if not touched:
        raise NotFoundError("Cette ligne n’est pas celle de ce domicile.")
    after = {"number": number, "without_keys": without_keys}
    audit.record(conn, actor, "clients.set_line_without_keys", home, now=now, after=after)


def remove_line(conn: db.Conn, home: HomeId, number: str) -> None:
    """Let a telephone number name this home no more."""
    conn.execute("DELETE FROM home_lines WHERE home_id = %s AND number = %s", (home, number))


def add_trait(conn: db.Conn, client: ClientId, name: str) -> None:
    """Note on the client's card something that a worker may have to avoid (a dog, a cat, tobacco)."""
    name = require_line(name, missing="Dites ce qu’un intervenant y rencontre.")
    conn.execute("INSERT INTO traits (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,))
    conn.execute(
        """INSERT INTO client_traits (client_id, trait_id) SELECT %s, id FROM traits WHERE name = %s
           ON CONFLICT DO NOTHING""",
        (client, name),
    )


def remove_trait(conn: db.Conn, client: ClientId, name: str) -> None:
    """Note that a worker no longer meets it there (the dog is gone)."""
    conn.execute(
        """DELETE FROM client_traits USING traits
           WHERE client_id = %s AND traits.id = trait_id AND traits.name = %s""",
        (client, name),
    )
