"""How long it takes to go from one home to another, guessed without roads. Pure.

The optimiser measures on the roads; screens that plan by hand show this estimate and call it one. It never
claims to be a measure.
"""

from math import asin, ceil, cos, radians, sin, sqrt

from homecare.workers.model import TravelMode

type Place = tuple[float, float]
"""Longitude and latitude, degrees (WGS 84)."""

_EARTH_RADIUS_KM = 6371.0088
# Ratio of the way by road to the straight line, and km/h once on the way, as the optimiser's own estimate.
_DETOUR = {TravelMode.CAR: 1.35, TravelMode.BIKE: 1.30, TravelMode.FOOT: 1.25}
_KM_PER_HOUR = {TravelMode.CAR: 45.0, TravelMode.BIKE: 15.0, TravelMode.FOOT: 5.0}


def crow_flies_km(here: Place, there: Place) -> float:
    """Return the length of the straight line over the ground, in km (haversine)."""
    (lon, lat), (to_lon, to_lat) = here, there
    chord = (
        sin(radians(to_lat - lat) / 2) ** 2
        + cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(chord))


def estimate_minutes(here: Place | None, there: Place | None, *, mode: TravelMode) -> int:
    """Return the estimated journey in whole minutes, rounded up; 0 when one of the places is not known."""
    if here is None or there is None:
        return 0
    return ceil(crow_flies_km(here, there) * _DETOUR[mode] / _KM_PER_HOUR[mode] * 60)
