"""Whether workers' telephones check the place of a punch, and how far from the home still counts as there.

The check is made on the telephone, which says one word (`model.PlaceCheck`). No position is received or kept.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.clients.place_rules import USUAL_RADIUS, check_radius
from homecare.kernel import audit, db


@dataclass(frozen=True, slots=True)
class PlaceSetting:
    """The organisation's choice: off until somebody switches it on."""

    is_on: bool = False
    radius_metres: int = USUAL_RADIUS


def find_place_setting(conn: db.Conn) -> PlaceSetting:
    """Return the organisation's setting."""
    found = db.maybe(conn, PlaceSetting, "SELECT is_on, radius_metres FROM place_settings")
    return found or PlaceSetting()


def change_place_setting(conn: db.Conn, actor: audit.Actor, setting: PlaceSetting, *, now: datetime) -> None:
    """Switch the check on or off, for every telephone from its next page on. Raises `InvalidError`."""
    check_radius(setting.radius_metres)
    before = find_place_setting(conn)
    conn.execute(
        """INSERT INTO place_settings (is_on, radius_metres) VALUES (%s, %s)
           ON CONFLICT (organisation_id)
           DO UPDATE SET is_on = excluded.is_on, radius_metres = excluded.radius_metres""",
        (setting.is_on, setting.radius_metres),
    )
    audit.record(
        conn,
        actor,
        "punches.change_place_setting",
        None,
        now=now,
        before={"is_on": before.is_on, "radius_metres": before.radius_metres},
        after={"is_on": setting.is_on, "radius_metres": setting.radius_metres},
    )
