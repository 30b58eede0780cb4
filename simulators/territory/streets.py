"""Grow the streets of a quarter: they follow a field of directions, keep their distance, end at others.

The way of Chen, Esch, Wonka, Müller and Zhang, "Interactive procedural street modeling" (2008), without its
editor: the field has four directions at each point, so streets cross at about right angles yet bend.
"""

import cmath
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, bearing, measure, resample, shift, simplify, walk

_STEP = 9.0
_LONGEST = 900.0
_PARALLEL = math.radians(38)
_ENDS_AT_CROSSING = 0.16  # at each street met: few streets cross a whole old town


@dataclass(frozen=True, slots=True)
class Quarter:
    """What decides of a quarter's streets: direction (mod a right angle), spacing, ground to build on."""

    direction: Callable[[XY], float]
    spacing: Callable[[XY], float]
    allows: Callable[[XY], bool]
    ends_at_crossing: float = _ENDS_AT_CROSSING


def blend_directions(weighted: Iterable[tuple[float, float]]) -> float:
    """Blend (angle, weight) pairs of four-way directions into one angle."""
    total = sum(weight * cmath.exp(4j * angle) for angle, weight in weighted)
    return cmath.phase(total) / 4 if total else 0.0


class StreetPlan:
    """The streets drawn so far, those that were there before included."""

    def __init__(self, existing: Iterable[Line]) -> None:
        self._drawn = Nearby[float](50.0)
        for line in existing:
            self._remember(line)

    def grow(self, quarter: Quarter, seeds: Iterable[XY], random: Random) -> list[Line]:
        """Draw the streets that pass near the seeds, in their order."""
        streets = []
        for seed in seeds:
            for turn in (0.0, math.pi / 2):
                if not quarter.allows(seed):
                    continue
                heading = quarter.direction(seed) + turn
                if self._is_beside_parallel(seed, heading, quarter.spacing(seed)):
                    continue
                ahead = self._trace(seed, heading, quarter, random)
                behind = self._trace(seed, heading + math.pi, quarter, random)
                line = [*behind[::-1], seed, *ahead]
                if measure(line) >= max(45.0, 0.8 * quarter.spacing(seed)):
                    street = simplify(line, 0.7)
                    self._remember(street)
                    streets.append(street)
        return streets

    def is_free(self, point: XY, radius: float) -> bool:
        """Say whether no street passes nearer than `radius`."""
        return self._drawn.is_free(point, radius)

    def add(self, line: Line) -> None:
        """Take a street drawn elsewhere into account."""
        self._remember(line)

    def nearest(self, point: XY, radius: float) -> XY | None:
        found = self._drawn.nearest(point, radius)
        return found[0] if found else None

    def _remember(self, line: Line) -> None:
        for place, heading in walk(line, _STEP):
            self._drawn.add(place, heading)
        self._drawn.add(line[-1], bearing(line[-2], line[-1]))

    def _trace(self, start: XY, heading: float, quarter: Quarter, random: Random) -> Line:
        line: Line = []
        place = start
        since_crossing = 0.0
        while len(line) * _STEP < _LONGEST / 2:
            field = quarter.direction(place)
            heading = field + round((heading - field) / (math.pi / 2)) * math.pi / 2
            place = shift(place, heading, _STEP)
            spacing = quarter.spacing(place)
            if not quarter.allows(place) or self._is_beside_parallel(place, heading, 0.6 * spacing):
                self._reach_out(line, start, heading, quarter)
                return line
            line.append(place)
            since_crossing += _STEP
            met = self._drawn.nearest(place, 0.75 * _STEP)
            if met is not None and since_crossing > 2 * _STEP and len(line) > 1:
                since_crossing = 0.0
                if random.random() < quarter.ends_at_crossing:
                    line[-1] = met[0]
                    return line
        return line

    def _reach_out(self, line: Line, start: XY, heading: float, quarter: Quarter) -> None:
        """A street that stops short of another goes on to it, over ground that may be built on."""
        tip = line[-1] if line else start
        spacing = quarter.spacing(tip)
        ahead = self._drawn.nearest(shift(tip, heading, 0.5 * spacing), 0.45 * spacing)
        if ahead is None or math.dist(ahead[0], tip) <= _STEP:
            return
        goal = ahead[0]
        link = resample([tip, goal], _STEP)[1:]
        if all(quarter.allows(point) for point in link if math.dist(point, goal) > 2 * _STEP):
            line += link

    def _is_beside_parallel(self, place: XY, heading: float, radius: float) -> bool:
        for _, other in self._drawn.within(place, radius):
            turn = abs((heading - other + math.pi / 2) % math.pi - math.pi / 2)
            if turn < _PARALLEL:
                return True
        return False
