"""Keep the network usable: no stubs, nothing cut off, every place reached by car and left again."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from simulators.territory.drafts import Road, Zone
from simulators.territory.plane import XY, Line, measure

_SHORTEST_DEAD_END = 38.0  # metres


def prune_dead_ends(roads: list[Road]) -> list[Road]:
    """Leave out the stubs that the drawing leaves behind crossings; long dead ends are real ones."""
    for _ in range(3):
        uses = _count_uses(roads)
        kept = [
            road
            for road in roads
            if road.zone is Zone.COUNTRY
            or min(uses[road.line[0]], uses[road.line[-1]]) > 1
            or measure(road.line) >= _SHORTEST_DEAD_END
        ]
        if len(kept) == len(roads):
            break
        roads = kept
    return roads


def find_root(roads: list[Road], centre: XY) -> XY:
    """Return the junction of car roads nearest to the centre."""
    ends = (end for road in roads if road.road_class.takes_cars for end in (road.line[0], road.line[-1]))
    return min(ends, key=lambda end: math.dist(end, centre))


def keep_connected(roads: list[Road], root: XY) -> list[Road]:
    """Leave out what cannot be walked to from the root, and car roads that no car road leads to."""
    drivable = _reach(root, (road for road in roads if road.road_class.takes_cars))
    roads = [road for road in roads if not road.road_class.takes_cars or road.line[0] in drivable]
    walkable = _reach(root, roads)
    return [road for road in roads if road.line[0] in walkable]


def open_one_ways(roads: list[Road], root: XY) -> None:
    """Make streets two-way again until every car road can be driven to from the root and back."""
    cars = [road for road in roads if road.road_class.takes_cars]
    while True:
        out = _reach(root, cars, backwards=lambda road: not _is_one_way(road))
        back = _reach(
            root, (road.cut(road.line[::-1]) for road in cars), backwards=lambda road: not _is_one_way(road)
        )
        reached = out & back
        stuck = {
            r.street for r in cars if _is_one_way(r) and not (r.line[0] in reached and r.line[-1] in reached)
        }
        if not stuck:
            return
        first = min(stuck)
        for road in cars:
            if road.street == first:
                road.tags.pop("oneway", None)
                road.tags.pop("oneway:bicycle", None)


def stitch_pieces(roads: list[Road]) -> list[Road]:
    """Put together the pieces of a street that follow each other and are signed alike: fewer ways."""
    alike: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    models: dict[tuple[object, ...], Road] = {}
    for road in roads:
        look = (road.street, road.road_class, road.name, tuple(sorted(road.tags.items())))
        models.setdefault(look, road)
        lines = alike[look]
        line = list(road.line)
        for other in [*lines]:
            if other[-1] == line[0] and other[0] != line[-1]:
                lines.remove(other)
                line = other + line[1:]
            elif line[-1] == other[0] and other[-1] != line[0]:
                lines.remove(other)
                line = line + other[1:]
        lines.append(line)
    return [models[look].cut(line) for look, lines in alike.items() for line in lines]


def _is_one_way(road: Road) -> bool:
    return road.tags.get("oneway") == "yes"


def _reach(root: XY, roads: Iterable[Road], *, backwards: Callable[[Road], bool] = lambda _: True) -> set[XY]:
    """Return the ends of roads reached from the root; backwards too where `backwards` allows it."""
    ways: defaultdict[XY, list[XY]] = defaultdict(list)
    for road in roads:
        ways[road.line[0]].append(road.line[-1])
        if backwards(road):
            ways[road.line[-1]].append(road.line[0])
    reached, waiting = {root}, [root]
    while waiting:
        for place in ways[waiting.pop()]:
            if place not in reached:
                reached.add(place)
                waiting.append(place)
    return reached


def _count_uses(roads: list[Road]) -> Counter[XY]:
    return Counter(end for road in roads for end in (road.line[0], road.line[-1]))
