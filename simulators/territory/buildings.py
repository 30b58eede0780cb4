"""Put houses along the named streets, clear of roads, water and each other. Numbers are given elsewhere."""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from simulators.territory.bridges import QUAY
from simulators.territory.drafts import Road, Zone
from simulators.territory.lots import Style, choose_style
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, draw_rectangle, measure, shift, walk
from simulators.territory.settlements import Settlement
from simulators.territory.terrain import Terrain

_HAMLET_LENGTH = 340.0  # metres of a hamlet's lane, from its end, that have houses
_CROSSING = 7.0  # no front door nearer to a junction than this


@dataclass(slots=True)
class House:
    """A building with its front door, `along` metres and `side` (1 left, -1 right) of its piece of street."""

    outline: Line
    door: XY
    road: Road
    along: float
    side: int
    building: str
    number: str = ""
    tags: dict[str, str] = field(default_factory=dict)


class Site:
    """The ground left to build on."""

    def __init__(self, roads: list[Road], terrain: Terrain) -> None:
        self._roads, self._houses = Nearby[float](16.0), Nearby[Line](30.0)
        self._water = Nearby[int](60.0)
        for road in roads:
            self._roads.add_line(road.line, road.road_class.half_width, step=5.0)
        self._water.add_line(terrain.river, 0, step=15.0)

    def take(self, outline: Line, *, margin: float = 0.6) -> bool:
        """Reserve the outline if it is clear of roads, water and what is built; say whether it was."""
        centre = middle_of(outline)
        reach = max(math.dist(centre, corner) for corner in outline)
        if not self._water.is_free(centre, QUAY - 4.0 + reach):
            return False
        edges = [point for a, b in pairwise([*outline, outline[0]]) for point, _ in walk([a, b], 6.0)]
        for point in [*edges, centre]:
            if any(math.dist(spot, point) < half + margin for spot, half in self._roads.within(point, 7.5)):
                return False
        if any(_overlap(outline, other) for _, other in self._houses.within(centre, reach + 30.0)):
            return False
        self._houses.add(centre, outline)
        return True


def build_houses(roads: list[Road], settlements: list[Settlement], site: Site, random: Random) -> list[House]:
    """Return houses on both sides of all named streets, as many as fit."""
    by_code = {place.commune_code: place for place in settlements}
    houses: list[House] = []
    for road in roads:
        if (
            road.name
            and not road.is_bridge
            and road.commune in by_code
            and measure(road.line) > 2 * _CROSSING
        ):
            style = choose_style(road, by_code[road.commune])
            for side in (1, -1):
                houses += _line_street(road, side, style, site, random)
    return houses


def keep_best(houses: list[House], place: Settlement, random: Random) -> list[House]:
    """Keep as many houses as the settlement has addresses: its heart is full, its edge is not."""
    ranked = sorted(
        houses,
        key=lambda house: math.dist(house.door, place.centre) / place.radius + random.uniform(0, 0.35),
    )
    kept = {id(house) for house in ranked[: place.addresses]}
    return [house for house in houses if id(house) in kept]


def _line_street(road: Road, side: int, style: Style, site: Site, random: Random) -> list[House]:
    houses: list[House] = []
    length = measure(road.line)
    position = _CROSSING if road.zone is not Zone.HAMLET else max(_CROSSING, length - _HAMLET_LENGTH)
    while True:
        width, depth = random.uniform(*style.width), random.uniform(*style.depth)
        position += random.uniform(*style.gap) + width / 2
        if position > length - _CROSSING:
            return houses
        if random.random() >= style.empty:
            spot, heading = next(walk(road.line, length, start=position))
            aside = heading + side * math.pi / 2
            front = road.road_class.half_width + random.uniform(*style.setback)
            turn = heading + (random.uniform(-0.5, 0.5) if style.building == "farm" else 0.0)
            outline = draw_rectangle(shift(spot, aside, front + depth / 2), turn, width=width, depth=depth)
            if site.take(outline, margin=0.1 if style.gap[0] == 0 else 0.8):
                door = shift(spot, aside, front)
                houses.append(House(outline, door, road, position, side, style.building))
        position += width / 2


def middle_of(outline: Line) -> XY:
    return sum(x for x, _ in outline) / len(outline), sum(y for _, y in outline) / len(outline)


def _overlap(one: Line, other: Line) -> bool:
    """Separating axes of two convex outlines; walls that touch are no overlap."""
    for shape in (one, other):
        for a, b in zip(shape, shape[1:] + shape[:1], strict=True):
            nx, ny = b[1] - a[1], a[0] - b[0]
            first = [nx * x + ny * y for x, y in one]
            second = [nx * x + ny * y for x, y in other]
            slack = 0.05 * math.hypot(nx, ny)
            if max(first) <= min(second) + slack or max(second) <= min(first) + slack:
                return False
    return True
