"""Draw the whole district, step by step, from one seed."""

from dataclasses import dataclass
from random import Random

from simulators.territory.access import find_root, keep_connected, open_one_ways, prune_dead_ends
from simulators.territory.addresses import Address
from simulators.territory.bridges import place_bridges
from simulators.territory.buildings import House, Site, build_houses, keep_best
from simulators.territory.country import draw_country_roads
from simulators.territory.drafts import Road, Zone
from simulators.territory.hamlets import draw_hamlets
from simulators.territory.landcover import Cover, cover_land
from simulators.territory.landmarks import Landmark, place_landmarks
from simulators.territory.naming import name_streets
from simulators.territory.network import join_roads
from simulators.territory.numbering import number_houses
from simulators.territory.plane import XY, Line, to_degrees
from simulators.territory.settlements import Settlement, place_settlements
from simulators.territory.signs import put_signs
from simulators.territory.terrain import draw_brooks, draw_terrain, find_peaks
from simulators.territory.town import draw_town
from simulators.territory.trails import draw_trails
from simulators.territory.villages import draw_village

_BROOKS, _PEAKS = 9, 8
FEWEST_ADDRESSES = 300


@dataclass(frozen=True, slots=True)
class District:
    """All that goes on the map, in metres around the town's church."""

    settlements: list[Settlement]
    roads: list[Road]
    houses: list[House]
    landmarks: list[Landmark]
    covers: list[Cover]
    river: Line
    brooks: list[Line]
    peaks: list[tuple[XY, int]]

    def list_addresses(self) -> list[Address]:
        """Return the addresses sorted by commune, street and number."""
        places = {place.commune_code: place for place in self.settlements}
        found = []
        for house in self.houses:
            place = places[house.road.commune]
            lon, lat = to_degrees(house.door)
            found.append(
                Address(
                    house.number, house.road.name, place.postcode, place.name, lon, lat, place.commune_code
                )
            )
        return sorted(found, key=lambda a: (a.commune_code, a.street, int(a.number.split()[0]), a.number))


def draw_district(*, seed: int, addresses: int) -> District:
    """Draw a district of about that many addresses. Raises ValueError below FEWEST_ADDRESSES."""
    if addresses < FEWEST_ADDRESSES:
        raise ValueError(f"a district has at least {FEWEST_ADDRESSES} addresses")
    random = Random(seed)
    terrain = draw_terrain(random)
    settlements = place_settlements(terrain, random, addresses=addresses)
    town = settlements[0]
    bridges = place_bridges(terrain, town_radius=town.radius)
    country = draw_country_roads(terrain, settlements, bridges, random)
    drawn = list(country)
    for road in draw_town(town, terrain, country, bridges, random):
        road.commune = town.commune_code
        drawn.append(road)
    for village in settlements[1:]:
        for road in draw_village(village, country, random):
            road.commune = village.commune_code
            drawn.append(road)
    scattered = addresses - sum(place.addresses for place in settlements)
    drawn += draw_hamlets(terrain, settlements, country, random, addresses=scattered)
    drawn += draw_trails(terrain, settlements, drawn, random)
    roads = prune_dead_ends(join_roads(drawn))
    root = find_root(roads, town.centre)
    roads = keep_connected(roads, root)
    put_signs(roads, settlements, random)
    open_one_ways(roads, root)
    name_streets(roads, settlements, random)
    site = Site(roads, terrain)
    landmarks = place_landmarks(settlements, site, random)
    built = build_houses(roads, settlements, site, random)
    houses = [
        house
        for place in settlements
        for house in keep_best(
            [h for h in built if h.road.commune == place.commune_code and h.road.zone is not Zone.HAMLET],
            place,
            random,
        )
    ]
    houses += [house for house in built if house.road.zone is Zone.HAMLET][:scattered]
    number_houses(houses, settlements, random)
    return District(
        settlements=settlements,
        roads=roads,
        houses=houses,
        landmarks=landmarks,
        covers=cover_land(terrain, settlements, houses, random),
        river=terrain.river,
        brooks=draw_brooks(terrain, random, count=_BROOKS),
        peaks=find_peaks(terrain, count=_PEAKS),
    )
