"""Draw the outlines of patches marked on a grid, as rings with their holes."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.territory.plane import Line, smooth

type _Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """An area: its outer ring and the rings of its holes, open (the last point is not the first again)."""

    outer: Line
    holes: tuple[Line, ...] = ()


def outline_patches(marked: NDArray[np.bool_], *, west: float, south: float, cell: float) -> list[Patch]:
    """Return the patches of True cells, rounded; row 0 is the southern one. Specks are left out."""
    labels = _label(np.pad(marked, 1))
    patches = []
    for label in range(1, int(labels.max()) + 1):
        rings = []
        for ring in _trace(labels == label):
            points = [(west + (column - 1) * cell, south + (row - 1) * cell) for row, column in ring]
            rings.append(smooth(_halve(_halve(_halve(points))), 1, closed=True))
        rings = [ring for ring in rings if len(ring) > 20]  # noqa: PLR2004
        if rings:
            rings.sort(key=lambda ring: -abs(_area(ring)))
            patches.append(Patch(rings[0], tuple(rings[1:])))
    return patches


def _label(marked: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number the patches of cells that touch by a side."""
    labels = np.zeros(marked.shape, dtype=np.int32)
    count = 0
    for start in zip(*np.nonzero(marked), strict=True):
        if labels[start]:
            continue
        count += 1
        waiting = [(int(start[0]), int(start[1]))]
        labels[start] = count
        while waiting:
            row, column = waiting.pop()
            for place in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if marked[place] and not labels[place]:
                    labels[place] = count
                    waiting.append(place)
    return labels


def _trace(inside: NDArray[np.bool_]) -> list[list[_Corner]]:
    """Follow the border of the marked cells, which stay on the left."""
    following: defaultdict[_Corner, list[_Corner]] = defaultdict(list)
    for r, c in ((int(r), int(c)) for r, c in zip(*np.nonzero(inside), strict=True)):
        for neighbour, start, end in (
            ((r - 1, c), (r, c), (r, c + 1)),
            ((r, c + 1), (r, c + 1), (r + 1, c + 1)),
            ((r + 1, c), (r + 1, c + 1), (r + 1, c)),
            ((r, c - 1), (r + 1, c), (r, c)),
        ):
            if not inside[neighbour]:
                following[start].append(end)
    rings = []
    while following:
        start = next(iter(following))
        ring = [start]
        while True:
            ends = following[ring[-1]]
            ring.append(ends.pop())
            if not ends:
                del following[ring[-2]]
            if ring[-1] == start:
                break
        rings.append(ring[:-1])
    return rings


def _halve(ring: Line) -> Line:
    """Put the points in the middle of the cells' sides, which takes the stairs out of slanted borders."""
    return [
        ((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)
    ]


def _area(ring: Line) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2
