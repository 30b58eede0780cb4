"""Hamlets and farms: a lane off a country road, a handful of houses at its end."""

import math
from random import Random

from simulators.territory import words
from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.nearby import Nearby
from simulators.territory.plane import XY, Line, bearing, shift, smooth
from simulators.territory.settlements import Settlement, nearest_settlement
from simulators.territory.terrain import HALF_SIDE, Terrain

_NEAREST_ROAD, _FARTHEST_ROAD = 260.0, 1_300.0
_APART = 800.0
_HOUSES, _TRIES = 9, 400


def draw_hamlets(
    terrain: Terrain, settlements: list[Settlement], roads: list[Road], random: Random, *, addresses: int
) -> list[Road]:
    """Return lanes that bear the hamlets' names, enough of them for about that many addresses."""
    wanted = max(6, round(addresses / _HOUSES))
    names = random.sample(words.HAMLETS, len(words.HAMLETS))
    given: set[tuple[str, str]] = set()
    near_roads = Nearby[int](400.0)
    for number, road in enumerate(roads):
        if road.zone is Zone.COUNTRY and not road.commune and not road.is_bridge:
            near_roads.add_line(road.line, number, step=50.0)
    river = Nearby[int](400.0)
    river.add_line(terrain.river, 0, step=100.0)
    lanes: list[Road] = []
    placed: list[XY] = []
    for _ in range(_TRIES * wanted):
        if len(placed) == wanted:
            break
        place = (random.uniform(-0.9, 0.9) * HALF_SIDE, random.uniform(-0.9, 0.9) * HALF_SIDE)
        if any(math.dist(place, other) < _APART for other in placed):
            continue
        if any(home.reaches(place, share=1.7) for home in settlements) or not river.is_free(place, 260.0):
            continue
        turning = near_roads.nearest(place, _FARTHEST_ROAD)
        if turning is None or math.dist(turning[0], place) < _NEAREST_ROAD:
            continue
        if terrain.is_left_bank(place) != terrain.is_left_bank(turning[0]):
            continue
        home = nearest_settlement(settlements, place)
        name = names[len(placed) % len(names)]
        if (home.commune_code, name) in given:
            continue
        given.add((home.commune_code, name))
        placed.append(place)
        line = _draw_lane(turning[0], place, random)
        lanes.append(Road(line, RoadClass.UNCLASSIFIED, Zone.HAMLET, commune=home.commune_code, name=name))
    return lanes


def _draw_lane(start: XY, place: XY, random: Random) -> Line:
    """A bent way to the place and a little beyond."""
    heading, length = bearing(start, place), math.dist(start, place)
    line = [start]
    for share in (0.3, 0.6):
        aside = random.uniform(-0.12, 0.12) * length
        line += [shift(shift(start, heading, length * share), heading + math.pi / 2, aside)]
    beyond = shift(place, heading + random.uniform(-1.2, 1.2), random.uniform(60, 130))
    return smooth([*line, place, beyond], 3)
