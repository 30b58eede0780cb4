"""Roads while they are drawn: a line in metres with its class and what will become its tags."""

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from simulators.territory.plane import XY, Line


class RoadClass(IntEnum):
    """From the most to the least important; the name in lower case is OpenStreetMap's."""

    PRIMARY = 1
    SECONDARY = 2
    TERTIARY = 3
    UNCLASSIFIED = 4
    RESIDENTIAL = 5
    LIVING_STREET = 6
    PEDESTRIAN = 7
    SERVICE = 8
    TRACK = 9
    CYCLEWAY = 10
    FOOTWAY = 11
    PATH = 12

    @property
    def takes_cars(self) -> bool:
        return self <= RoadClass.SERVICE and self is not RoadClass.PEDESTRIAN

    @property
    def half_width(self) -> float:
        """Metres from the middle to the fronts' side, pavement included."""
        return {1: 6.0, 2: 5.5, 3: 4.5, 4: 3.5, 5: 4.0, 6: 3.0, 7: 3.0}.get(self, 2.0)


class Zone(StrEnum):
    """What a street belongs to; its name, its speed and its houses depend on it."""

    COUNTRY = "country"  # roads from place to place, also where they cross one
    BOULEVARD = "boulevard"
    QUAY = "quay"
    STREET = "street"
    ESTATE = "estate"
    CLOSE = "close"
    HAMLET = "hamlet"
    TRAIL = "trail"


@dataclass(slots=True)
class Road:
    """A road being drawn. `street` is the same number for all pieces of what was drawn at once."""

    line: Line
    road_class: RoadClass
    zone: Zone
    tags: dict[str, str] = field(default_factory=dict)
    street: int = 0
    name: str = ""
    commune: str = ""  # code of the commune whose street it is; empty in open country

    @property
    def middle(self) -> XY:
        return self.line[len(self.line) // 2]

    @property
    def is_bridge(self) -> bool:
        return "bridge" in self.tags

    def cut(self, line: Line) -> "Road":
        """Return a piece of this road along another line."""
        return replace(self, line=line, tags=dict(self.tags))
