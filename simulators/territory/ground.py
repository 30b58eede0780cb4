"""The district as a graph to search: a coarse grid of passable ground, settlements and bridges."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

from simulators.territory.bridges import Bridge
from simulators.territory.plane import XY
from simulators.territory.terrain import HALF_SIDE, RIVER_WIDTH, Terrain

CELL = 300.0
_SIDE = int(2 * HALF_SIDE / CELL) + 1
_CLIMB = 14.0  # metres of detour that a driver accepts against one metre of climb
_SHORE = RIVER_WIDTH + 60.0  # metres from the middle of the river
_SHARED = 0.55  # a road that exists already costs less than new ground

type Edge = tuple[int, int]


def edge_of(a: int, b: int) -> Edge:
    return (a, b) if a < b else (b, a)


@dataclass(slots=True)
class Ground:
    """Node numbers: the cells row by row, then the settlements, then two per bridge (left bank first)."""

    places: list[XY]
    neighbours: list[list[tuple[int, float]]]
    homes: list[int] = field(default_factory=list)
    decks: list[Edge] = field(default_factory=list)

    def search(self, start: int, used: Mapping[Edge, float]) -> list[int]:
        """Return for each node the node before it on the easiest way from `start` (-1: none)."""
        before, best = [-1] * len(self.places), [math.inf] * len(self.places)
        best[start] = 0.0
        queue = [(0.0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if cost > best[node]:
                continue
            for other, step in self.neighbours[node]:
                total = cost + step * (_SHARED if edge_of(node, other) in used else 1.0)
                if total < best[other]:
                    best[other], before[other] = total, node
                    heapq.heappush(queue, (total, other))
        return before

    def find_way_outs(self, random: Random, *, count: int) -> list[int]:
        """Return cells at the edge of the map, one in each direction, where roads leave the district."""
        start = random.uniform(0, 2 * math.pi)
        outs = []
        for turn in range(count):
            angle = start + (turn + random.uniform(-0.3, 0.3)) * 2 * math.pi / count
            stretch = HALF_SIDE / max(abs(math.cos(angle)), abs(math.sin(angle)))
            goal = (stretch * math.cos(angle), stretch * math.sin(angle))
            rim = (n for n in _rim() if len(self.neighbours[n]) >= 3)  # noqa: PLR2004
            outs.append(min(rim, key=lambda node: math.dist(self.places[node], goal)))
        return outs


def trace(before: list[int], goal: int) -> list[Edge]:
    """Return the edges of the way that `search` found to the goal."""
    nodes = [goal]
    while before[nodes[-1]] >= 0:
        nodes.append(before[nodes[-1]])
    return [edge_of(a, b) for a, b in pairwise(reversed(nodes))]


def survey(terrain: Terrain, centres: Iterable[XY], bridges: Iterable[Bridge], random: Random) -> Ground:
    """Lay the grid: cells out of line so that roads wind, no way through the water but bridges."""
    axis = np.linspace(-HALF_SIDE, HALF_SIDE, _SIDE)
    jitter = np.array([random.uniform(-0.3, 0.3) * CELL for _ in range(2 * _SIDE * _SIDE)]).reshape(
        2, _SIDE, _SIDE
    )
    x, y = axis[None, :] + jitter[0], axis[:, None] + jitter[1]
    height = terrain.height(x, y).ravel()
    from_river = terrain.river_distance(x, y).ravel()
    places: list[XY] = list(zip(x.ravel().tolist(), y.ravel().tolist(), strict=True))
    sides: list[bool] = terrain.left_bank(x, y).ravel().tolist()
    # Cells in the water and on its edge belong to no bank.
    bank: list[bool | None] = [
        side if far > _SHORE else None for side, far in zip(sides, from_river.tolist(), strict=True)
    ]
    ground = Ground(places, [[] for _ in places])
    for a, b in _adjacent_cells():
        if bank[a] is None or bank[a] != bank[b]:
            continue
        if min(from_river[a], from_river[b]) < CELL and not terrain.keeps_to_one_bank([places[a], places[b]]):
            continue
        climb = abs(float(height[a] - height[b]))
        _join(ground, a, b, cost=math.dist(places[a], places[b]) + _CLIMB * climb)
    for centre in centres:
        ground.homes.append(_attach(ground, centre, bank, on_left=terrain.is_left_bank(centre)))
    for bridge in bridges:
        left = _attach(ground, bridge.left, bank, on_left=True)
        right = _attach(ground, bridge.right, bank, on_left=False)
        _join(ground, left, right, cost=2 * math.dist(bridge.left, bridge.right))
        ground.decks.append((left, right))
    return ground


def load(traffic: defaultdict[Edge, float], way: Iterable[Edge], *, vehicles: float) -> None:
    for edge in way:
        traffic[edge] += vehicles


def _join(ground: Ground, a: int, b: int, *, cost: float) -> None:
    ground.neighbours[a].append((b, cost))
    ground.neighbours[b].append((a, cost))


def _attach(ground: Ground, point: XY, bank: list[bool | None], *, on_left: bool) -> int:
    """Add a node at the point, joined to the cells around it on its bank; return its number."""
    node = len(ground.places)
    ground.places.append(point)
    ground.neighbours.append([])
    column, row = (round((value + HALF_SIDE) / CELL) for value in point)
    for i in range(max(row - 2, 0), min(row + 3, _SIDE)):
        for j in range(max(column - 2, 0), min(column + 3, _SIDE)):
            cell = i * _SIDE + j
            away = math.dist(ground.places[cell], point)
            if bank[cell] is on_left and away < 1.5 * CELL:
                _join(ground, node, cell, cost=away)
    return node


def _adjacent_cells() -> Iterable[Edge]:
    for row in range(_SIDE):
        for column in range(_SIDE):
            for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
                if row + down < _SIDE and 0 <= column + right < _SIDE:
                    yield row * _SIDE + column, (row + down) * _SIDE + column + right


def _rim() -> Iterable[int]:
    for index in range(_SIDE):
        yield from (index, (_SIDE - 1) * _SIDE + index, index * _SIDE, index * _SIDE + _SIDE - 1)
