"""Ways that no car takes: a greenway along the river, farm tracks, forest paths, footways between closes."""

import math
from random import Random

from simulators.territory.bridges import QUAY
from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, bearing, measure, offset, resample, shift, smooth
from simulators.territory.settlements import Settlement
from simulators.territory.terrain import Terrain

_GREENWAY_REACH = 9_500.0
_TRACKS, _PATHS = 70, 34
_STRIDE = 70.0


def draw_trails(
    terrain: Terrain, settlements: list[Settlement], roads: list[Road], random: Random
) -> list[Road]:
    town = settlements[0]
    trails = _draw_greenway(terrain, town)
    drawn = Nearby[int](100.0)
    for road in roads:
        drawn.add_line(road.line, 0, step=20.0)
    river = Nearby[int](200.0)
    river.add_line(terrain.river, 0, step=30.0)
    starts = [road for road in roads if road.zone in {Zone.COUNTRY, Zone.HAMLET} and not road.is_bridge]
    for road_class, count in ((RoadClass.TRACK, _TRACKS), (RoadClass.PATH, _PATHS)):
        for _ in range(count):
            line = _wander(random.choice(random.choice(starts).line), drawn, river, settlements, random)
            if measure(line) > 350:  # noqa: PLR2004
                drawn.add_line(line, 0, step=20.0)
                trails.append(Road(line, road_class, Zone.TRAIL))
    trails += _link_closes(roads)
    return trails


def _draw_greenway(terrain: Terrain, town: Settlement) -> list[Road]:
    """The cycle way on the left bank, up and down the river from the ends of the quays."""
    river = resample(terrain.river, 60.0)
    ways = []
    for sign in (-1, 1):
        part = [p for p in river if 0.70 * town.radius < sign * p[0] and math.hypot(*p) < _GREENWAY_REACH]
        bank = smooth(offset(part, QUAY + 14.0), 1)
        ways.append(Road(bank, RoadClass.CYCLEWAY, Zone.TRAIL, {"name": "Voie verte de la Vélande"}))
    return ways


def _wander(
    start: XY, drawn: Nearby[int], river: Nearby[int], settlements: list[Settlement], random: Random
) -> Line:
    """Walk away from a road until another one is met, the water, a village, or one is tired."""
    heading = random.uniform(0, 2 * math.pi)
    line, turn = [start], 0.0
    for stride in range(random.randint(12, 40)):
        turn = 0.7 * turn + random.uniform(-0.22, 0.22)
        heading += turn
        place = shift(line[-1], heading, _STRIDE)
        if not river.is_free(place, 90.0) or any(home.reaches(place, share=1.15) for home in settlements):
            break
        met = drawn.nearest(place, 0.8 * _STRIDE) if stride > 1 else None
        if met is not None:
            return smooth([*line, met[0]], 2)
        line.append(place)
    return smooth(line, 2)


def _link_closes(roads: list[Road]) -> list[Road]:
    """Short cuts on foot from the end of a close to the next street."""
    streets = Nearby[int](60.0)
    for number, road in enumerate(roads):
        if road.zone in {Zone.STREET, Zone.ESTATE, Zone.CLOSE}:
            streets.add_line(road.line, number, step=10.0)
    links = []
    for number, road in enumerate(roads):
        if road.zone is not Zone.CLOSE:
            continue
        tip, heading = road.line[-1], bearing(road.line[-2], road.line[-1])
        others = [
            place
            for place, other in streets.within(shift(tip, heading, 45.0), 45.0)
            if other != number and math.dist(place, tip) > 15.0  # noqa: PLR2004
        ]
        if others:
            goal = min(others, key=lambda place: math.dist(place, tip))
            links.append(Road([tip, goal], RoadClass.FOOTWAY, Zone.TRAIL))
    return links
