"""Where the river is crossed."""

import math
from dataclasses import dataclass

from simulators.territory.plane import XY, bearing, resample, shift
from simulators.territory.terrain import HALF_SIDE, RIVER_WIDTH, Terrain

QUAY = RIVER_WIDTH / 2 + 16.0  # metres from the middle of the river to the street along it
_STEP = 20.0
_OUTSIDE = (-850, -420, 410, 860)  # steps along the river from the town to the country's bridges


@dataclass(frozen=True, slots=True)
class Bridge:
    """A deck across the river, from the road on its left bank to the road on its right bank."""

    left: XY
    right: XY
    in_town: bool


def place_bridges(terrain: Terrain, *, town_radius: float) -> list[Bridge]:
    """Three bridges in the town, the oldest first below the church; one every 8 km or so outside."""
    river = resample(terrain.river, _STEP)
    middle = min(range(len(river)), key=lambda index: math.hypot(*river[index]))
    spread = max(14, round(town_radius * 0.62 / _STEP))
    bridges = []
    for steps in (0, -spread, spread, *_OUTSIDE):
        point = river[middle + steps]
        if max(map(abs, point)) < HALF_SIDE - 1_500:
            across = bearing(river[middle + steps - 3], river[middle + steps + 3]) + math.pi / 2
            bridges.append(
                Bridge(shift(point, across, QUAY), shift(point, across, -QUAY), abs(steps) <= spread)
            )
    return bridges
