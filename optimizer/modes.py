"""How a worker travels between two homes, and where a home is. Pure values, shared by graphs and matrices."""

from dataclasses import dataclass
from enum import StrEnum

_HALF_TURN = 180.0  # degrees


class Mode(StrEnum):
    """Means of travel; each has its own road graph."""

    CAR = "car"
    BIKE = "bike"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in degrees (WGS 84)."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if abs(self.lon) > _HALF_TURN or abs(self.lat) > _HALF_TURN / 2:
            raise ValueError(f"no such place: lon {self.lon}, lat {self.lat}")
