"""What lies under the marks of the map: our own tiles or the settings', and whom they are credited to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

OWN_TILES = "/tiles/map.pmtiles"
OPENSTREETMAP = "© les contributeurs OpenStreetMap"


@dataclass(frozen=True, slots=True)
class Ground:
    """The address of the tiles, and their credit."""

    tiles: str
    credit: str


def read_ground(tile_url: str, roads: Path) -> Ground:
    """Return the tiles of the settings, else our own, credited as their maker wrote down beside them."""
    if tile_url:
        return Ground(tile_url, OPENSTREETMAP)
    try:
        written = json.loads((roads / "map.stamp.json").read_text())
        return Ground(OWN_TILES, str(written.get("attribution") or OPENSTREETMAP))
    except (OSError, ValueError):
        return Ground(OWN_TILES, OPENSTREETMAP)


def ground() -> Ground:
    """Return the application's; the map may be made anew while it runs."""
    tile_url, roads = cast("tuple[str, Path]", current_app.extensions["map_ground"])
    return read_ground(tile_url, roads)


def install(app: "BackOffice") -> None:
    """Remember where the settings say that the map is."""
    app.extensions["map_ground"] = (app.settings.tile_url, app.settings.roads_dir)
