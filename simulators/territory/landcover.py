"""What grows and lies between the roads: built-up land, woods on the heights, meadows, vineyards, water."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np

from simulators.territory.buildings import House, middle_of
from simulators.territory.contours import Patch, outline_patches
from simulators.territory.plane import Line, offset, resample
from simulators.territory.settlements import Settlement
from simulators.territory.terrain import HALF_SIDE, RIVER_WIDTH, Swell, Terrain

_COARSE, _FINE = 125.0, 40.0


@dataclass(frozen=True, slots=True)
class Cover:
    """An area of the map with its OpenStreetMap tags."""

    patch: Patch
    tags: dict[str, str]


def cover_land(
    terrain: Terrain, settlements: list[Settlement], houses: list[House], random: Random
) -> list[Cover]:
    covers = [
        Cover(Patch(_draw_water(terrain)), {"natural": "water", "water": "river", "name": "La Vélande"})
    ]
    axis = np.arange(-HALF_SIDE, HALF_SIDE, _COARSE) + _COARSE / 2
    x, y = axis[None, :], axis[:, None]
    height, from_river = terrain.height(x, y), terrain.river_distance(x, y)
    free = np.ones((len(axis), len(axis)), dtype=np.bool_)
    for place in settlements:
        free &= np.hypot(x - place.centre[0], y - place.centre[1]) > place.radius * 1.35 + 150
    for house in houses:
        column, row = (int((value + HALF_SIDE) / _COARSE) for value in house.door)
        free[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = False
    copses, fields = Swell(random, wavelength=2_600).over(x, y), Swell(random, wavelength=1_900).over(x, y)
    edges = Swell(random, wavelength=700).over(x, y)
    wood = free & (from_river > 300) & (height + 60 * copses + 22 * edges > 265)  # noqa: PLR2004
    meadow = free & ~wood & (from_river > 150) & (from_river < 700 + 400 * fields + 200 * edges)  # noqa: PLR2004
    vineyard = free & ~wood & ~meadow & (height > 190) & (fields > 0.95)  # noqa: PLR2004
    for marked, tags in (
        (wood, {"natural": "wood"}),
        (meadow, {"landuse": "meadow"}),
        (vineyard, {"landuse": "vineyard"}),
    ):
        patches = outline_patches(marked, west=-HALF_SIDE, south=-HALF_SIDE, cell=_COARSE)
        covers += [Cover(patch, tags) for patch in patches]
    for place in settlements:
        covers += [Cover(patch, {"landuse": "residential"}) for patch in _find_built_land(place, houses)]
    return covers


def _draw_water(terrain: Terrain) -> Line:
    """The river from bank to bank, wider in its bends."""
    course = resample([p for p in terrain.river if max(map(abs, p)) < HALF_SIDE + 1_000], 30.0)
    left, right = offset(course, RIVER_WIDTH / 2), offset(course, -RIVER_WIDTH / 2)
    return [*left, *right[::-1]]


def _find_built_land(place: Settlement, houses: list[House]) -> list[Patch]:
    """The land within some 50 m of houses."""
    west, south = place.centre[0] - 1.6 * place.radius - 200, place.centre[1] - 1.6 * place.radius - 200
    count = math.ceil((3.2 * place.radius + 400) / _FINE)
    built = np.zeros((count, count), dtype=np.bool_)
    for house in houses:
        x, y = middle_of(house.outline)
        column, row = int((x - west) / _FINE), int((y - south) / _FINE)
        if house.road.commune == place.commune_code and 0 < row < count and 0 < column < count:
            built[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = True
    return outline_patches(built, west=west, south=south, cell=_FINE)
