"""Housing estates at the edge of the town: a winding stem with closes on both sides, built at one go."""

import math
from collections.abc import Callable
from random import Random

from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.plane import XY, Line, shift, smooth, walk
from simulators.territory.settlements import Settlement
from simulators.territory.streets import StreetPlan

_TRIES = 90
_BETWEEN_CLOSES = 62.0


def draw_estates(
    town: Settlement, plan: StreetPlan, random: Random, *, is_dry: Callable[[XY], bool]
) -> list[Road]:
    """Return the estates' streets; each stem starts at a street of the plan, into free ground."""
    wanted = max(2, round(town.addresses / 420))
    roads: list[Road] = []
    built = 0
    for _ in range(_TRIES):
        if built == wanted:
            break
        angle = random.uniform(0, 2 * math.pi)
        gate = plan.nearest(shift(town.centre, angle, town.radius * random.uniform(0.75, 1.0)), 120.0)
        if gate is None:
            continue
        stem = _draw_stem(gate, random)
        if not all(plan.is_free(point, 48.0) and is_dry(point) for point in stem[2:]):
            continue
        closes = _draw_closes(stem, plan, random, is_dry=is_dry)
        if len(closes) < 3:  # noqa: PLR2004
            continue
        for line in (stem, *closes):
            plan.add(line)
        roads.append(Road(stem, RoadClass.RESIDENTIAL, Zone.ESTATE))
        roads += [Road(line, RoadClass.RESIDENTIAL, Zone.CLOSE) for line in closes]
        built += 1
    return roads


def _draw_stem(gate: XY, random: Random) -> Line:
    """A bent street away from the town."""
    heading = math.atan2(gate[1], gate[0]) + random.uniform(-0.7, 0.7)
    bend = random.choice((-1, 1)) * random.uniform(0.10, 0.26)
    line = [gate]
    for _ in range(random.randint(7, 11)):
        line.append(shift(line[-1], heading, 32.0))
        heading += bend
        if random.random() < 0.2:  # noqa: PLR2004
            bend = -bend
    return smooth(line, 1)


def _draw_closes(stem: Line, plan: StreetPlan, random: Random, *, is_dry: Callable[[XY], bool]) -> list[Line]:
    closes: list[Line] = []
    side = random.choice((-1, 1))
    for place, heading in walk(stem, _BETWEEN_CLOSES / 2, start=_BETWEEN_CLOSES):
        side = -side
        away = heading + side * math.pi / 2
        bend = random.uniform(-0.25, 0.25)
        length = random.uniform(50.0, 95.0)
        close = [place, shift(place, away, length / 2)]
        close.append(shift(close[-1], away + bend, length / 2))
        beyond = shift(close[-1], away, 20.0)
        if plan.is_free(close[1], 30.0) and plan.is_free(beyond, 34.0) and is_dry(beyond):
            closes.append(close)
    return closes
