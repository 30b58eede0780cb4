"""Guess a journey without roads: distance as the crow flies, times a detour factor, over a usual speed.

The only file that knows geopy. It never claims to be a measure: who uses it labels the result.
"""

from collections.abc import Sequence

import numpy as np
from geopy.distance import geodesic  # type: ignore[import-untyped]
from numpy.typing import NDArray

from optimizer.modes import Mode, Point

# Ratio of the way by road to the straight line, and metres per second once on the way. Car and foot detours
# are those of French départements (about 1.3 to 1.4); a car's speed is an average over villages and country.
_DETOUR = {Mode.CAR: 1.35, Mode.BIKE: 1.30, Mode.FOOT: 1.25}
_SPEED = {Mode.CAR: 45 / 3.6, Mode.BIKE: 15 / 3.6, Mode.FOOT: 5 / 3.6}
_STEP = 0.01  # degrees


def estimate_journeys(
    points: Sequence[Point], *, mode: Mode
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds and metres, n × n, symmetric.

    The length of a degree is measured once on the ellipsoid, in the middle of the points, then applied to
    all pairs: within 0.1 % of the exact geodesic over a district, and 650 points take milliseconds instead
    of half a minute.
    """
    lon = np.array([point.lon for point in points], dtype=np.float64)
    lat = np.array([point.lat for point in points], dtype=np.float64)
    if len(points) == 0:
        nothing = np.zeros((0, 0))
        return nothing, nothing
    middle_lon, middle_lat = float(lon.mean()), float(np.clip(lat.mean(), -89, 89))
    here = (middle_lat, middle_lon)
    metres_per_lon = geodesic(here, (middle_lat, middle_lon + _STEP)).meters / _STEP
    metres_per_lat = geodesic(here, (middle_lat + _STEP, middle_lon)).meters / _STEP
    between = np.radians((lat[:, None] + lat[None, :]) / 2)
    east = (lon[:, None] - lon[None, :]) * metres_per_lon * np.cos(between) / np.cos(np.radians(middle_lat))
    north = (lat[:, None] - lat[None, :]) * metres_per_lat
    metres = np.hypot(east, north) * _DETOUR[mode]
    return metres / _SPEED[mode], metres
