"""Find what lies near a point: a hash of the plane in square cells. Never sorts by distance unless asked."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from simulators.territory.plane import XY, walk


class Nearby[Thing]:
    """Points with something attached, found again by distance."""

    def __init__(self, cell: float) -> None:
        """`cell`: side of a square in metres, about the usual search radius."""
        self._cell = cell
        self._squares: defaultdict[tuple[int, int], list[tuple[XY, Thing]]] = defaultdict(list)

    def add(self, point: XY, thing: Thing) -> None:
        self._squares[self._square(point)].append((point, thing))

    def add_line(self, line: Iterable[XY], thing: Thing, *, step: float) -> None:
        """Remember the line as points every `step` metres."""
        points = list(line)
        for place, _ in walk(points, step):
            self.add(place, thing)
        self.add(points[-1], thing)

    def within(self, point: XY, radius: float) -> Iterator[tuple[XY, Thing]]:
        """Yield all that lies at `radius` metres or less."""
        reach = math.ceil(radius / self._cell)
        column, row = self._square(point)
        for i in range(column - reach, column + reach + 1):
            for j in range(row - reach, row + reach + 1):
                for place, thing in self._squares.get((i, j), ()):
                    if math.dist(place, point) <= radius:
                        yield place, thing

    def is_free(self, point: XY, radius: float) -> bool:
        return next(self.within(point, radius), None) is None

    def nearest(self, point: XY, radius: float) -> tuple[XY, Thing] | None:
        return min(self.within(point, radius), key=lambda found: math.dist(found[0], point), default=None)

    def _square(self, point: XY) -> tuple[int, int]:
        return math.floor(point[0] / self._cell), math.floor(point[1] / self._cell)
