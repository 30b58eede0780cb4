"""Make drawn lines one network: they meet where they cross, loose ends are joined or cut, nothing is cut off.

After `join_roads` two roads that touch share the very same point, and each road is a piece between two junctions.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from simulators.territory.drafts import Road, RoadClass
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, cross_segments, measure, nearest_on_segment

_END_REACH = 14.0  # an end this close to another road is a junction with it
_SAME_PLACE = 8.0  # junctions closer than this are one
_SHORTEST_DEAD_END = 38.0
_SQUARE = 120.0


def join_roads(roads: list[Road]) -> list[Road]:
    """Return the pieces between junctions, each with its road's number as `street`."""
    for number, road in enumerate(roads):
        road.street = number
    cuts = _find_meetings(roads)
    centres = Nearby[XY](_SAME_PLACE)
    merged: dict[XY, XY] = {}
    ends = [end for road in roads for end in (road.line[0], road.line[-1])]
    for point in [*ends, *(point for found in cuts for _, _, point in found)]:
        if point not in merged:
            known = centres.nearest(point, _SAME_PLACE)
            merged[point] = known[1] if known else point
            if known is None:
                centres.add(point, point)
    lines = [_insert(road.line, found, merged) for road, found in zip(roads, cuts, strict=True)]
    return _split(roads, lines)


def prune_dead_ends(roads: list[Road]) -> list[Road]:
    """Leave out the stubs that the drawing leaves behind crossings; long dead ends are real ones."""
    for _ in range(3):
        uses = _count_uses(roads)
        kept = [
            road
            for road in roads
            if road.road_class < RoadClass.UNCLASSIFIED
            or min(uses[road.line[0]], uses[road.line[-1]]) > 1
            or measure(road.line) >= _SHORTEST_DEAD_END
        ]
        if len(kept) == len(roads):
            break
        roads = kept
    return roads


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
        out = _reach(root, cars, follows=lambda road: not _is_one_way(road))
        back = _reach(
            root, (road.cut(road.line[::-1]) for road in cars), follows=lambda road: not _is_one_way(road)
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


def _is_one_way(road: Road) -> bool:
    return road.tags.get("oneway") == "yes"


def _reach(root: XY, roads: Iterable[Road], *, follows: Callable[[Road], bool] = lambda _: True) -> set[XY]:
    """Return the ends of roads reached from the root; a road is also taken backwards when `follows` says so."""
    ways: defaultdict[XY, list[XY]] = defaultdict(list)
    for road in roads:
        ways[road.line[0]].append(road.line[-1])
        if follows(road):
            ways[road.line[-1]].append(road.line[0])
    reached, waiting = {root}, [root]
    while waiting:
        for place in ways[waiting.pop()]:
            if place not in reached:
                reached.add(place)
                waiting.append(place)
    return reached


type _Cut = tuple[int, float, XY]  # segment, metres along it, the point


def _find_meetings(roads: list[Road]) -> list[list[_Cut]]:
    """Find, for each road, where others cross it or end at it. A bridge is only met at its ends."""
    squares: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for index, road in enumerate(roads):
        for at, (a, b) in enumerate(zip(road.line, road.line[1:], strict=False)):
            for square in _squares(a, b, margin=_END_REACH):
                squares[square].append((index, at))
    cuts: list[list[_Cut]] = [[] for _ in roads]

    def note(index: int, at: int, point: XY) -> None:
        cuts[index].append((at, math.dist(roads[index].line[at], point), point))

    for index, road in enumerate(roads):
        for end in (0, -1):
            tip = road.line[end]
            near = [
                (math.dist(tip, foot := nearest_on_segment(tip, *roads[i].line[at : at + 2])), i, at, foot)
                for i, at in squares.get(_square(tip), ())
                if i != index and not roads[i].is_bridge
            ]
            near = [found for found in near if found[0] <= _END_REACH]
            if near and min(near)[0] > 0:
                _, i, at, foot = min(near)
                foot = _round(foot)
                note(i, at, foot)
                if not road.is_bridge and tip not in (roads[i].line[0], roads[i].line[-1]):
                    road.line[end] = foot
    pairs = {
        (one, other)
        for members in squares.values()
        for one in members
        for other in members
        if one[0] < other[0] and not (roads[one[0]].is_bridge or roads[other[0]].is_bridge)
    }
    for (i, at), (j, on) in sorted(pairs):
        point = cross_segments(*roads[i].line[at : at + 2], *roads[j].line[on : on + 2])
        if point is not None:
            note(i, at, _round(point))
            note(j, on, _round(point))
    return cuts


def _insert(line: Line, cuts: list[_Cut], merged: dict[XY, XY]) -> list[tuple[XY, bool]]:
    """Return the line's points, with those of the junctions in their place and marked."""
    junctions = {merged.get(line[0], line[0]), merged.get(line[-1], line[-1])}
    points: list[XY] = []
    found = sorted(cuts)
    for at, point in enumerate(line):
        points.append(merged.get(point, point))
        for _, _, junction in (cut for cut in found if cut[0] == at):
            points.append(merged[junction])
            junctions.add(merged[junction])
    marked = [(point, point in junctions) for point in points]
    # A bend beside a junction would make a hook.
    lone = [
        (point, is_junction)
        for index, (point, is_junction) in enumerate(marked)
        if is_junction
        or not any(
            m and math.dist(point, p) < _SAME_PLACE / 2 for p, m in marked[max(index - 2, 0) : index + 3]
        )
    ]
    return [pair for index, pair in enumerate(lone) if index == 0 or pair[0] != lone[index - 1][0]]


def _split(roads: list[Road], lines: list[list[tuple[XY, bool]]]) -> list[Road]:
    pieces: dict[tuple[XY, ...], Road] = {}
    for road, marked in zip(roads, lines, strict=True):
        piece: Line = []
        for index, (point, is_junction) in enumerate(marked):
            piece.append(point)
            if (is_junction or index == len(marked) - 1) and len(piece) > 1:
                key = min(tuple(piece), tuple(piece[::-1]))
                if piece[0] != piece[-1] or len(piece) > 3:  # noqa: PLR2004
                    pieces.setdefault(key, road.cut(piece))
                piece = [point]
    return list(pieces.values())


def _count_uses(roads: list[Road]) -> Counter[XY]:
    return Counter(end for road in roads for end in (road.line[0], road.line[-1]))


def _round(point: XY) -> XY:
    return round(point[0], 2), round(point[1], 2)


def _square(point: XY) -> tuple[int, int]:
    return math.floor(point[0] / _SQUARE), math.floor(point[1] / _SQUARE)


def _squares(a: XY, b: XY, *, margin: float) -> Iterable[tuple[int, int]]:
    west, south = _square((min(a[0], b[0]) - margin, min(a[1], b[1]) - margin))
    east, north = _square((max(a[0], b[0]) + margin, max(a[1], b[1]) + margin))
    return ((i, j) for i in range(west, east + 1) for j in range(south, north + 1))
