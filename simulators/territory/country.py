"""Roads between the places: the easiest ways over the hills, shared where they can be.

The class of a road comes from the traffic that would use it. Streets are drawn elsewhere.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from random import Random

from simulators.territory.bridges import Bridge
from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.ground import Edge, Ground, edge_of, load, survey, trace
from simulators.territory.plane import Line, resample, smooth
from simulators.territory.settlements import Settlement
from simulators.territory.terrain import Terrain

_WAY_OUTS = 7
_TRANSIT, _LINK = (
    6_000.0,
    300.0,
)  # vehicles a day that leave the district by one road, that use a cross-country link
_BUSY = 5_000.0

type _Look = tuple[RoadClass, str, bool]  # class, number, on a bridge: what makes two pieces one road


def draw_country_roads(
    terrain: Terrain, settlements: list[Settlement], bridges: list[Bridge], random: Random
) -> list[Road]:
    """Return the roads that link the settlements with the town, each other and the world outside."""
    ground = survey(terrain, [place.centre for place in settlements], bridges, random)
    town, *villages = ground.homes
    outs = ground.find_way_outs(random, count=_WAY_OUTS)
    from_town = ground.search(town, {})
    traffic: defaultdict[Edge, float] = defaultdict(float)
    numbers: dict[Edge, str] = {}
    goals = [(out, _TRANSIT) for out in outs]
    goals += [(home, float(place.population)) for home, place in zip(villages, settlements[1:], strict=True)]
    through = {edge for out in (outs[0], outs[_WAY_OUTS // 2]) for edge in trace(from_town, out)}
    for rank, (goal, vehicles) in enumerate(goals):
        way = trace(from_town, goal)
        load(traffic, way, vehicles=vehicles)
        number = "D 940" if set(way) <= through else f"D {17 + rank * 7}"
        for edge in way:
            numbers.setdefault(edge, "D 940" if edge in through else number)
    main = dict(traffic)
    for rank, (a, b) in enumerate(_pair_neighbours(settlements)):
        way = trace(ground.search(ground.homes[a], traffic), ground.homes[b])
        load(traffic, way, vehicles=_LINK)
        for edge in way:
            numbers.setdefault(edge, f"D {118 + rank * 3}")

    def look_at(edge: Edge) -> _Look:
        if edge in through:
            road_class = RoadClass.PRIMARY
        elif edge in main:
            road_class = RoadClass.SECONDARY if main[edge] > _BUSY else RoadClass.TERTIARY
        else:
            road_class = RoadClass.TERTIARY
        return road_class, numbers[edge], edge in decks

    decks = {edge_of(*deck) for deck in ground.decks}
    roads = _draw_chains(ground, terrain, traffic, look_at)
    return [piece for road in roads for piece in _cut_at_entries(road, settlements)]


def _cut_at_entries(road: Road, settlements: list[Settlement]) -> list[Road]:
    """Cut the road where it enters and leaves a built-up place, and give the inner pieces to its commune."""
    if road.is_bridge:
        inside = next((place.commune_code for place in settlements if place.reaches(road.line[0])), "")
        return [replace(road, commune=inside)]
    pieces: list[Road] = []
    line = resample(road.line, 60.0)
    for point in line:
        inside = next((place.commune_code for place in settlements if place.reaches(point)), "")
        if not pieces:
            pieces.append(replace(road, line=[point], commune=inside))
            continue
        pieces[-1].line.append(point)
        if inside != pieces[-1].commune and point is not line[-1]:
            pieces.append(replace(road, line=[point], commune=inside, tags=dict(road.tags)))
    return pieces


def _pair_neighbours(settlements: list[Settlement]) -> list[tuple[int, int]]:
    """Pair the villages that have nobody between them (Gabriel's graph), nearest pairs first."""
    pairs = []
    for a in range(1, len(settlements)):
        for b in range(a + 1, len(settlements)):
            here, there = settlements[a].centre, settlements[b].centre
            middle = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
            reach = math.dist(here, there) / 2
            if all(math.dist(place.centre, middle) >= reach for place in settlements):
                pairs.append((a, b))
    return sorted(pairs, key=lambda pair: math.dist(settlements[pair[0]].centre, settlements[pair[1]].centre))


def _draw_chains(
    ground: Ground, terrain: Terrain, edges: Iterable[Edge], look_at: Callable[[Edge], _Look]
) -> list[Road]:
    """Cut the used edges into roads between forks, settlements and changes of look, and round their bends."""
    around: defaultdict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        around[a].append(b)
        around[b].append(a)
    fixed = set(ground.homes)
    ends = [
        node
        for node, others in around.items()
        if len(others) != 2  # noqa: PLR2004
        or node in fixed
        or look_at(edge_of(node, others[0])) != look_at(edge_of(node, others[1]))
    ]
    stops, seen = set(ends), set()
    roads = []
    for start in ends:
        for step in around[start]:
            if edge_of(start, step) in seen:
                continue
            nodes = [start, step]
            while nodes[-1] not in stops:
                nodes.append(next(n for n in around[nodes[-1]] if n != nodes[-2]))
            seen |= {edge_of(a, b) for a, b in pairwise(nodes)}
            road_class, number, is_bridge = look_at(edge_of(start, step))
            tags = {"ref": number} | ({"bridge": "yes", "layer": "1"} if is_bridge else {})
            line = [ground.places[node] for node in nodes]
            roads.append(
                Road(line if is_bridge else _round_bends(line, terrain), road_class, Zone.COUNTRY, tags)
            )
    return roads


def _round_bends(line: Line, terrain: Terrain) -> Line:
    """Take out the zigzag of the grid, as far as the road does not get its feet wet."""
    for rounds in (3, 1, 0):
        rounded = line
        for _ in range(rounds):
            rounded = _pull_together(rounded)
        rounded = smooth(rounded, 2)
        if terrain.keeps_to_one_bank(rounded[1:-1]):
            return rounded
    return line


def _pull_together(line: Line) -> Line:
    """Pull each point but the ends towards its neighbours."""
    triples = zip(line, line[1:], line[2:], strict=False)
    pulled = [
        (0.25 * a[0] + 0.5 * b[0] + 0.25 * c[0], 0.25 * a[1] + 0.5 * b[1] + 0.25 * c[1])
        for a, b, c in triples
    ]
    return [line[0], *pulled, line[-1]]
