"""Road signs: speed limits, one-way streets, calmed streets, as the tags of OpenStreetMap."""

import math
from random import Random

from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.settlements import Settlement
from simulators.territory.town import OLD_SHARE

_ONE_WAY_SHARE = 0.55
_PEDESTRIAN_STREETS = 3
_OPEN_COUNTRY = {
    RoadClass.PRIMARY: 90,
    RoadClass.SECONDARY: 80,
    RoadClass.TERTIARY: 80,
    RoadClass.UNCLASSIFIED: 70,
}


def put_signs(roads: list[Road], settlements: list[Settlement], random: Random) -> None:
    """Set classes and tags in place. One-way streets are not checked here: see `network.open_one_ways`."""
    town = settlements[0]
    by_code = {place.commune_code: place for place in settlements}
    old = sorted({road.street for road in roads if _is_old_street(road, town)})
    fates = {street: (random.random(), random.random()) for street in old}
    walked = set(random.sample(old, min(_PEDESTRIAN_STREETS, len(old))))
    ways = {street: random.choice((1, -1)) for street in old}
    for road in roads:
        if road.zone is Zone.TRAIL:
            road.tags |= _TRAIL_TAGS[road.road_class]
            continue
        road.tags["maxspeed"] = str(_limit_speed(road, by_code))
        road.tags["surface"] = "asphalt"
        if road.street not in fates or not _is_old_street(road, town):
            continue
        one_way, calmed = fates[road.street]
        if road.street in walked:
            road.road_class = RoadClass.PEDESTRIAN
            road.tags = {"surface": "sett", "bicycle": "yes"}
        elif one_way < _ONE_WAY_SHARE:
            if ways[road.street] < 0:
                road.line.reverse()
            road.tags["oneway"] = "yes"
            if calmed < 0.6:  # noqa: PLR2004
                road.tags["oneway:bicycle"] = "no"
        elif calmed < 0.4:  # noqa: PLR2004
            road.road_class = RoadClass.LIVING_STREET
            road.tags |= {"maxspeed": "20", "surface": "sett"}


_TRAIL_TAGS = {
    RoadClass.CYCLEWAY: {"bicycle": "designated", "foot": "yes", "surface": "fine_gravel"},
    RoadClass.TRACK: {"tracktype": "grade3", "surface": "gravel"},
    RoadClass.PATH: {"surface": "ground"},
    RoadClass.FOOTWAY: {"surface": "paved"},
}


def _is_old_street(road: Road, town: Settlement) -> bool:
    return road.zone is Zone.STREET and town.reaches(road.middle, share=OLD_SHARE)


def _limit_speed(road: Road, by_code: dict[str, Settlement]) -> int:
    """Kilometres an hour: 30 in hearts and housing estates, 50 in built-up places, more outside."""
    place = by_code.get(road.commune)
    if place is None or road.zone is Zone.HAMLET:
        return 50 if road.zone is Zone.HAMLET else _OPEN_COUNTRY.get(road.road_class, 70)
    share = math.dist(road.middle, place.centre) / place.radius
    if road.zone in {Zone.ESTATE, Zone.CLOSE} or share < OLD_SHARE:
        return 30
    return 50
