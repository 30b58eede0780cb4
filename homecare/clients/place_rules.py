"""Where a client's punches are in their place: how near counts as there, and where nothing is checked.

The organisation's setting (`punches.place_setting`) gives the radius; a client's takes its place, and a
home's that of both. Telephones compare by themselves: no position of theirs is ever received.
"""

from datetime import datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import ClientId, HomeId

SMALLEST_RADIUS, USUAL_RADIUS, LARGEST_RADIUS = 50, 200, 2000
"""Metres. Below fifty a telephone in a thick-walled house would be outside its own kitchen."""

_NO_HOME = "Ce domicile n’existe pas ou n’est pas accessible avec votre compte."


def check_radius(metres: int | None) -> None:
    """Raise `InvalidError` for a radius that proves nothing; None leaves it to the wider rule."""
    if metres is not None and not SMALLEST_RADIUS <= metres <= LARGEST_RADIUS:
        raise InvalidError(f"Le rayon va de {SMALLEST_RADIUS} à {LARGEST_RADIUS} mètres.")


def switch_place_check(conn: db.Conn, actor: audit.Actor, home: HomeId, *, on: bool, now: datetime) -> None:
    """Let telephones check the place at this home, or not. Raises `NotFoundError` out of reach."""
    if not db.write(conn, "UPDATE homes SET checks_place = %s WHERE id = %s", (on, home)):
        raise NotFoundError(_NO_HOME)
    audit.record(conn, actor, "clients.switch_place_check", home, now=now, after={"on": on})


def set_home_radius(
    conn: db.Conn, actor: audit.Actor, home: HomeId, metres: int | None, *, now: datetime
) -> None:
    """Give a home its own radius; None: the client's, else the organisation's. Raises as `check_radius`."""
    check_radius(metres)
    if not db.write(conn, "UPDATE homes SET radius_metres = %s WHERE id = %s", (metres, home)):
        raise NotFoundError(_NO_HOME)
    audit.record(conn, actor, "clients.set_home_radius", home, now=now, after={"metres": metres})


def rule_client_place(
    conn: db.Conn, actor: audit.Actor, client: ClientId, *, checks: bool, metres: int | None, now: datetime
) -> None:
    """Say whether a client's places are checked at all, and within which radius where none has its own.

    Raises `InvalidError` as `check_radius` does, `NotFoundError` out of reach.
    """
    check_radius(metres)
    touched = db.write(
        conn,
        "UPDATE clients SET checks_place = %s, radius_metres = %s WHERE id = %s",
        (checks, metres, client),
    )
    if not touched:
        raise NotFoundError("Cette fiche n’existe pas ou n’est pas accessible avec votre compte.")
    audit.record(
        conn,
        actor,
        "clients.rule_client_place",
        client,
        now=now,
        after={"checks": checks, "metres": metres},
    )
