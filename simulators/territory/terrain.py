"""The lie of the land: a river that meanders across the district, hills away from it, brooks that join it."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from simulators.territory.plane import XY, Line, resample, simplify, smooth

type Grid = NDArray[np.float64]

HALF_SIDE = 22_500.0  # metres from the church to the edge of the map
RIVER_WIDTH = 34.0
_BROOK_STEP, _BROOKS_APART = 220.0, 3_000.0
_RIVER_BEYOND = 8_000.0  # the river is drawn past the edges, to tell the two banks apart everywhere


class Swell:
    """A smooth random surface, the sum of plane waves; mean 0, about -1 to 1."""

    def __init__(self, random: Random, *, wavelength: float, waves: int = 14) -> None:
        self._waves = []
        for _ in range(waves):
            angle, length = random.uniform(0, 2 * math.pi), wavelength * random.uniform(0.6, 1.8)
            push = 2 * math.pi / length
            phase = random.uniform(0, 2 * math.pi)
            self._waves.append((push * math.cos(angle), push * math.sin(angle), phase))
        self._scale = 1.0 / math.sqrt(waves)

    def at(self, point: XY) -> float:
        return self._scale * sum(math.sin(kx * point[0] + ky * point[1] + p) for kx, ky, p in self._waves)

    def over(self, x: Grid, y: Grid) -> Grid:
        total = np.zeros(np.broadcast(x, y).shape)
        for kx, ky, phase in self._waves:
            total += np.sin(kx * x + ky * y + phase)
        return total * self._scale


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights in metres and water. The town stands on the left bank, just above the river."""

    river: Line
    hills: Swell

    def height(self, x: Grid, y: Grid) -> Grid:
        """Ground height over arrays of coordinates: flat along the river, hilly away from it."""
        rise = 1 - np.exp(-((self.river_distance(x, y) / 2_600) ** 2))
        return np.asarray(140 + rise * (90 + 150 * self.hills.over(x, y)))

    def river_distance(self, x: Grid, y: Grid) -> Grid:
        """Metres to the middle of the river, over arrays of coordinates."""
        nearest = np.full(np.broadcast(x, y).shape, np.inf)
        for rx, ry in resample(self.river, 220):
            np.minimum(nearest, (x - rx) ** 2 + (y - ry) ** 2, out=nearest)
        return np.asarray(np.sqrt(nearest))

    def left_bank(self, x: Grid, y: Grid) -> NDArray[np.bool_]:
        """Say which points are north of the river, which runs from west to east without turning back."""
        river = np.array(self.river)
        return np.asarray(y > np.interp(x, river[:, 0], river[:, 1]))

    def is_left_bank(self, point: XY) -> bool:
        return bool(self.left_bank(np.array(point[0]), np.array(point[1])))

    def keeps_to_one_bank(self, line: Line) -> bool:
        """Say whether the line, looked at every 20 m, stays on one side of the water."""
        places = np.array(resample(line, 20.0))
        banks = self.left_bank(places[:, 0], places[:, 1])
        return bool(banks.all() or not banks.any())


def draw_terrain(random: Random) -> Terrain:
    """Draw the river from west to east, passing south of the church, and the hills."""
    bends = [
        (random.uniform(0.5, 1.0), length, random.uniform(0, 2 * math.pi)) for length in (31_000, 13_000)
    ]
    loops = [(random.uniform(0.6, 1.0), length, random.uniform(0, 2 * math.pi)) for length in (3_900, 2_300)]
    tilt = random.uniform(-0.25, 0.25)

    def sway(x: float) -> float:
        wide = sum(1_500 * size * math.sin(2 * math.pi * x / length + phase) for size, length, phase in bends)
        quiet = 0.35 + 0.65 * min(1.0, abs(x) / 4_000)  # through the town the river hardly bends
        return wide + quiet * sum(
            260 * size * math.sin(2 * math.pi * x / length + phase) for size, length, phase in loops
        )

    reach = HALF_SIDE + _RIVER_BEYOND
    course: Line = []
    x = -reach
    while x <= reach:
        course.append((x, sway(x) - sway(0.0) + tilt * x - 270.0))
        x += 150.0
    return Terrain(river=simplify(smooth(course), 1.0), hills=Swell(random, wavelength=6_500))


def find_peaks(terrain: Terrain, *, count: int) -> list[tuple[XY, int]]:
    """Return the highest hilltops, at least 3 km apart, with their height in metres."""
    axis = np.arange(-HALF_SIDE + 1_000, HALF_SIDE - 1_000, 400.0)
    x, y = np.meshgrid(axis, axis)
    heights = terrain.height(x, y)
    peaks: list[tuple[XY, int]] = []
    for index in np.argsort(-heights, axis=None):
        place = (float(x.flat[index]), float(y.flat[index]))
        if all(math.dist(place, other) > 3_000 for other, _ in peaks):  # noqa: PLR2004
            peaks.append((place, round(float(heights.flat[index]))))
        if len(peaks) == count:
            break
    return peaks


def draw_brooks(terrain: Terrain, random: Random, *, count: int) -> list[Line]:
    """Draw brooks from their springs in the hills to the river, by following the valleys upwards."""
    mouths = [point for point in terrain.river if max(map(abs, point)) < 0.9 * HALF_SIDE]
    brooks: list[Line] = []
    for _ in range(count * 6):
        mouth = random.choice(mouths)
        if len(brooks) < count and all(math.dist(mouth, brook[-1]) > _BROOKS_APART for brook in brooks):
            brooks.append(_climb_valley(terrain, mouth, random))
    return brooks


def _climb_valley(terrain: Terrain, mouth: XY, random: Random) -> Line:
    """Go up from the mouth, each step away from the river and over the lowest ground."""
    heading = random.choice((-1, 1)) * math.pi / 2
    course = [mouth]
    for _ in range(random.randint(14, 34)):
        angles = [heading + turn * math.pi / 12 for turn in range(-4, 5)]
        x = course[-1][0] + _BROOK_STEP * np.cos(np.array(angles))
        y = course[-1][1] + _BROOK_STEP * np.sin(np.array(angles))
        # A brook keeps its direction where the ground is flat, and wavers.
        lowest = terrain.height(x, y) + 6 * np.abs(np.arange(-4, 5)) - 0.02 * terrain.river_distance(x, y)
        choice = int(np.argmin(lowest))
        heading = angles[choice] + random.uniform(-0.3, 0.3)
        course.append((float(x[choice]), float(y[choice])))
    return smooth(course[::-1], 3)
