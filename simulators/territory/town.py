"""The town: an old centre inside boulevards, quays along the river, suburbs, housing estates."""

import math
from itertools import groupby
from random import Random

from simulators.territory.bridges import QUAY, Bridge
from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.estates import draw_estates
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, bearing, offset, resample, smooth, walk
from simulators.territory.settlements import Settlement
from simulators.territory.streets import Quarter, StreetPlan, blend_directions
from simulators.territory.terrain import Swell, Terrain

OLD_SHARE = 0.30  # of the town's radius: what the boulevards enclose


def draw_town(
    town: Settlement, terrain: Terrain, roads: list[Road], bridges: list[Bridge], random: Random
) -> list[Road]:
    """Return the town's streets; `roads` are those that come in from the country."""
    lobes, turns = Swell(random, wavelength=0.9 * town.radius), Swell(random, wavelength=1.3 * town.radius)
    river = resample(terrain.river, 10.0)
    water = Nearby[float](60.0)
    for place, heading in walk(river, 10.0):
        if math.hypot(*place) < 1.6 * town.radius:
            water.add(place, heading)
    boulevards = _draw_boulevards(town, water, random)
    quays = _draw_quays(town, river)
    arteries = [road.line for road in roads if any(town.reaches(point, share=1.3) for point in road.line)]
    plan = StreetPlan([*arteries, *boulevards, *quays])
    along = Nearby[float](80.0)
    for line in [*arteries, *boulevards]:
        for place, heading in walk(line, 20.0):
            along.add(place, heading)

    def point_direction(point: XY) -> float:
        away = math.hypot(*point)
        pulls = [
            (0.5 + 0.9 * turns.at(point), 0.35),
            (bearing((0.0, 0.0), point), math.exp(-away / (0.5 * town.radius))),
        ]
        for guide, reach in ((along, 160.0), (water, 260.0)):
            found = guide.nearest(point, reach)
            if found is not None:
                pulls.append((found[1], 1.4 * (1 - math.dist(found[0], point) / reach)))
        return blend_directions(pulls)

    def space(point: XY) -> float:
        share = math.hypot(*point) / town.radius
        return 44.0 if share < OLD_SHARE else 62.0 + 42.0 * share

    def allow(point: XY) -> bool:
        limit = town.radius * (0.94 + 0.16 * lobes.at(point))
        return math.hypot(*point) < limit and water.is_free(point, QUAY + 6.0)

    quarter = Quarter(direction=point_direction, spacing=space, allows=allow)
    seeds = _scatter_seeds(town, random, count=round(town.radius * 1.1))
    streets = plan.grow(quarter, seeds, random)
    estates = draw_estates(town, plan, random, is_dry=lambda point: water.is_free(point, QUAY + 30.0))
    return [
        *(Road(line, RoadClass.SECONDARY, Zone.BOULEVARD) for line in boulevards),
        *(Road(line, RoadClass.TERTIARY, Zone.QUAY) for line in quays),
        *(Road(line, RoadClass.RESIDENTIAL, Zone.STREET) for line in streets),
        *estates,
        *_draw_missing_bridges(bridges, roads),
    ]


def _draw_missing_bridges(bridges: list[Bridge], roads: list[Road]) -> list[Road]:
    """The bridges of the town that no country road uses."""
    drawn = {end for road in roads if road.is_bridge for end in (road.line[0], road.line[-1])}
    return [
        Road([bridge.left, bridge.right], RoadClass.TERTIARY, Zone.COUNTRY, {"bridge": "yes", "layer": "1"})
        for bridge in bridges
        if bridge.in_town and bridge.left not in drawn
    ]


def _scatter_seeds(town: Settlement, random: Random, *, count: int) -> list[XY]:
    """Points all over the town, from the church outwards: the oldest streets are drawn first."""
    seeds = []
    for _ in range(count):
        away, angle = 1.15 * town.radius * math.sqrt(random.random()), random.uniform(0, 2 * math.pi)
        seeds.append((away * math.cos(angle), away * math.sin(angle)))
    return sorted(seeds, key=lambda seed: math.hypot(*seed))


def _draw_boulevards(town: Settlement, water: Nearby[float], random: Random) -> list[Line]:
    """The line of the former walls, open on the river's side."""
    phase, ring = random.uniform(0, 2 * math.pi), []
    for turn in range(48):
        angle = 2 * math.pi * turn / 48
        away = (
            town.radius
            * OLD_SHARE
            * (1 + 0.10 * math.sin(2 * angle + phase) + 0.06 * math.sin(3 * angle - phase))
        )
        ring.append((away * math.cos(angle), away * math.sin(angle)))
    is_dry = [water.is_free(point, QUAY + 25.0) for point in ring]
    if all(is_dry):
        return _share_out(smooth([*ring, ring[0]], 1), parts=4)
    # Twice round, so that a dry run over the start of the ring is found whole.
    walls = max(((ring * 2)[start : start + length] for start, length in _find_runs(is_dry * 2)), key=len)
    landings = [water.nearest(walls[0], 400.0), water.nearest(walls[-1], 400.0)]
    ends = [shore[0] for shore in landings if shore is not None]
    if len(ends) == 2:  # noqa: PLR2004
        walls = [_stop_short(walls[0], ends[0]), *walls, _stop_short(walls[-1], ends[1])]
    return _share_out(smooth(walls, 2), parts=3)


def _find_runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of True."""
    runs, start = [], 0
    for value, members in groupby(flags):
        length = len(list(members))
        if value:
            runs.append((start, length))
        start += length
    return runs


def _share_out(line: Line, *, parts: int) -> list[Line]:
    """Cut the line in parts of about the same number of points, each with its own name."""
    size = math.ceil((len(line) - 1) / parts)
    return [line[start : start + size + 1] for start in range(0, len(line) - 1, size)]


def _stop_short(start: XY, river: XY) -> XY:
    """The point on the way to the river where the quay is."""
    share = 1 - QUAY / math.dist(start, river)
    return start[0] + (river[0] - start[0]) * share, start[1] + (river[1] - start[1]) * share


def _draw_quays(town: Settlement, river: Line) -> list[Line]:
    inside = [point for point in river if town.reaches(point, share=0.78)]
    banks = [smooth(offset(resample(inside, 40.0), side * QUAY), 1) for side in (1, -1)]
    return [quay for bank in banks for quay in _share_out(bank, parts=3)]
