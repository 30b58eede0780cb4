"""Villages: a few streets around the church, along the roads that meet there."""

import math
from random import Random

from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, bearing, walk
from simulators.territory.settlements import Settlement
from simulators.territory.streets import Quarter, StreetPlan, blend_directions
from simulators.territory.terrain import Swell


def draw_village(village: Settlement, roads: list[Road], random: Random) -> list[Road]:
    """Return the village's own streets; `roads` are those of the country."""
    turns = Swell(random, wavelength=700.0)
    through = [road.line for road in roads if any(village.reaches(point, share=1.6) for point in road.line)]
    plan = StreetPlan(through)
    along = Nearby[float](80.0)
    for line in through:
        for place, heading in walk(line, 20.0):
            along.add(place, heading)

    def point_direction(point: XY) -> float:
        pulls = [(turns.at(point), 0.6), (bearing(village.centre, point), 0.3)]
        found = along.nearest(point, 200.0)
        if found is not None:
            pulls.append((found[1], 1.3 * (1 - math.dist(found[0], point) / 200.0)))
        return blend_directions(pulls)

    quarter = Quarter(
        direction=point_direction,
        spacing=lambda point: 66.0 + 60.0 * math.dist(point, village.centre) / village.radius,
        allows=lambda point: village.reaches(point, share=0.9 + 0.25 * turns.at(point)),
        ends_at_crossing=0.45,
    )
    seeds = []
    for _ in range(round(village.radius * 0.5)):
        away, angle = village.radius * random.random(), random.uniform(0, 2 * math.pi)
        x, y = village.centre
        seeds.append((x + away * math.cos(angle), y + away * math.sin(angle)))
    seeds.sort(key=lambda seed: math.dist(seed, village.centre))
    return [Road(line, RoadClass.RESIDENTIAL, Zone.STREET) for line in plan.grow(quarter, seeds, random)]
