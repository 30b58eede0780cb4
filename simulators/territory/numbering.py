"""Number the houses of each street: from the centre outwards, odd on the left, even on the right."""

import heapq
import math
from collections import defaultdict
from random import Random

from simulators.territory.buildings import House
from simulators.territory.drafts import Road
from simulators.territory.plane import XY, measure
from simulators.territory.settlements import Settlement


def number_houses(houses: list[House], settlements: list[Settlement], random: Random) -> None:
    """Set `number` in place, unique in each street."""
    centres = {place.commune_code: place.centre for place in settlements}
    streets: defaultdict[tuple[str, str], list[House]] = defaultdict(list)
    for house in houses:
        streets[house.road.commune, house.road.name].append(house)
    for (commune, _), members in streets.items():
        ranks = _order(members, centres[commune])
        for side in (1, -1):
            row = [house for house, (_, its_side) in zip(members, ranks, strict=True) if its_side == side]
            places = {id(house): rank for house, (rank, _) in zip(members, ranks, strict=True)}
            row.sort(key=lambda house: places[id(house)])
            _number_row(row, first=1 if side == 1 else 2, random=random)


def _number_row(row: list[House], *, first: int, random: Random) -> None:
    number, previous = first - 2, 0
    for house in row:
        if number == previous > 0 and random.random() < 0.03:  # noqa: PLR2004
            house.number = f"{number} bis"
            previous = 0
            continue
        number += 4 if random.random() < 0.07 else 2  # noqa: PLR2004 - a plot without a house
        house.number = str(number)
        previous = number


def _order(houses: list[House], centre: XY) -> list[tuple[float, int]]:
    """Return for each house how far along the street it stands, and its side when walking outwards."""
    pieces = {id(house.road): house.road for house in houses}
    starts = _measure_from_centre(list(pieces.values()), centre)
    ranks = []
    for house in houses:
        road = house.road
        length = measure(road.line)
        begin, end = starts[road.line[0]], starts[road.line[-1]]
        if begin <= end:
            ranks.append((begin + house.along, house.side))
        else:
            ranks.append((end + length - house.along, -house.side))
    return ranks


def _measure_from_centre(pieces: list[Road], centre: XY) -> dict[XY, float]:
    """Return the walking distance of each junction of the street from its end nearest to the centre."""
    ways: defaultdict[XY, list[tuple[XY, float]]] = defaultdict(list)
    for piece in pieces:
        length = measure(piece.line)
        ways[piece.line[0]].append((piece.line[-1], length))
        ways[piece.line[-1]].append((piece.line[0], length))
    far: dict[XY, float] = {}
    offset = 0.0
    for start in sorted(ways, key=lambda end: math.dist(end, centre)):
        if start in far:
            continue
        queue = [(offset, start)]  # a part of the street that does not touch the others goes on after them
        while queue:
            away, place = heapq.heappop(queue)
            if place in far:
                continue
            far[place] = away
            for other, length in ways[place]:
                heapq.heappush(queue, (away + length, other))
        offset = max(far.values()) + 10.0
    return far
