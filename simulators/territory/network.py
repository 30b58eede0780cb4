"""Make drawn lines one network: roads meet where they cross, ends that almost touch are joined.

After `join_roads` roads that touch share the very same point, and each is a piece between two junctions.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from simulators.territory.drafts import Road
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, cross_segments, nearest_on_segment

_END_REACH = 14.0  # an end this close to another road is a junction with it
_SAME_PLACE = 8.0  # junctions closer than this are one
_SQUARE = 120.0


def join_roads(roads: list[Road]) -> list[Road]:
    """Return the pieces between junctions, each with its road's number as `street`."""
    for number, road in enumerate(roads):
        road.street = number
    cuts = _find_crossings(roads)
    landings = _find_landings(roads, cuts)
    merged = _Merged()
    for road in roads:
        for end in (road.line[0], road.line[-1]):
            merged.name(end, at=landings.get(end, end))
    for found in cuts:
        for _, _, point in found:
            merged.name(point, at=point)
    lines = [_insert(road.line, found, merged.places) for road, found in zip(roads, cuts, strict=True)]
    return _split(roads, lines)


type _Cut = tuple[int, float, XY]  # segment, metres along it, the point


class _Merged:
    """Which point stands for a junction: junctions that nearly coincide are one."""

    def __init__(self) -> None:
        self.places: dict[XY, XY] = {}
        self._known = Nearby[XY](_SAME_PLACE)

    def name(self, point: XY, *, at: XY) -> None:
        if point in self.places:
            return
        known = self._known.nearest(at, _SAME_PLACE)
        self.places[point] = known[1] if known else at
        if known is None:
            self._known.add(at, at)


class _Segments:
    """The segments of all roads, found again by where they are."""

    def __init__(self, roads: list[Road]) -> None:
        self._squares: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for index, road in enumerate(roads):
            for at, (a, b) in enumerate(pairwise(road.line)):
                for square in _squares(a, b, margin=_END_REACH):
                    self._squares[square].append((index, at))

    def around(self, point: XY) -> list[tuple[int, int]]:
        return self._squares.get(_square(point), [])

    def pair(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Return the pairs of segments of different roads that share a square, once each."""
        pairs = {
            (one, other)
            for members in self._squares.values()
            for one in members
            for other in members
            if one[0] < other[0]
        }
        return sorted(pairs)


def _find_crossings(roads: list[Road]) -> list[list[_Cut]]:
    """Find, for each road, where others cross it. A bridge is only met at its ends."""
    cuts: list[list[_Cut]] = [[] for _ in roads]
    for (i, at), (j, on) in _Segments(roads).pair():
        if roads[i].is_bridge or roads[j].is_bridge:
            continue
        point = cross_segments(*roads[i].line[at : at + 2], *roads[j].line[on : on + 2])
        if point is not None:
            point = round(point[0], 2), round(point[1], 2)
            cuts[i].append((at, math.dist(roads[i].line[at], point), point))
            cuts[j].append((on, math.dist(roads[j].line[on], point), point))
    return cuts


def _find_landings(roads: list[Road], cuts: list[list[_Cut]]) -> dict[XY, XY]:
    """Find the ends that almost touch another road, and where on it; that road is cut there."""
    segments = _Segments(roads)
    landings: dict[XY, XY] = {}
    for index, road in enumerate(roads):
        for tip in (road.line[0], road.line[-1]):
            near = []
            for other, at in segments.around(tip):
                foot = nearest_on_segment(tip, *roads[other].line[at : at + 2])
                if other != index and not roads[other].is_bridge and 0 < math.dist(tip, foot) <= _END_REACH:
                    near.append((math.dist(tip, foot), other, at, foot))
            if near and tip not in landings:
                _, other, at, (x, y) = min(near)
                landings[tip] = foot = round(x, 2), round(y, 2)
                cuts[other].append((at, math.dist(roads[other].line[at], foot), foot))
    return landings


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


def _square(point: XY) -> tuple[int, int]:
    return math.floor(point[0] / _SQUARE), math.floor(point[1] / _SQUARE)


def _squares(a: XY, b: XY, *, margin: float) -> Iterable[tuple[int, int]]:
    west, south = _square((min(a[0], b[0]) - margin, min(a[1], b[1]) - margin))
    east, north = _square((max(a[0], b[0]) + margin, max(a[1], b[1]) + margin))
    return ((i, j) for i in range(west, east + 1) for j in range(south, north + 1))
