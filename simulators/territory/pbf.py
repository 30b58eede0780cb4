"""Write the district as an OpenStreetMap extract: nodes, then ways, then relations."""

from collections import defaultdict
from pathlib import Path

import osmium
import osmium.io
import osmium.osm
from osmium.osm import mutable

from simulators.territory import words
from simulators.territory.access import stitch_pieces
from simulators.territory.contours import Patch
from simulators.territory.district import District
from simulators.territory.drafts import Road, RoadClass
from simulators.territory.plane import XY, Line, to_degrees
from simulators.territory.settlements import SettlementKind
from simulators.territory.terrain import HALF_SIDE

GENERATOR = "simulators.territory (fictional)"


def write_pbf(file: Path, district: District) -> None:
    """Write (or replace) the extract. The same district gives the same objects in the same order."""
    sheet = _Sheet()
    for road in stitch_pieces(district.roads):
        sheet.draw(road.line, _tag_road(road))
    sheet.draw(district.river, {"waterway": "river", "name": "La Vélande"})
    for brook in district.brooks:
        sheet.draw(brook, {"waterway": "stream"})
    places = {place.commune_code: place for place in district.settlements}
    for house in district.houses:
        place = places[house.road.commune]
        sheet.draw([*house.outline, house.outline[0]], {"building": house.building})
        address = {
            "addr:housenumber": house.number,
            "addr:street": house.road.name,
            "addr:postcode": place.postcode,
            "addr:city": place.name,
        }
        sheet.mark(house.door, address)
    for landmark in district.landmarks:
        sheet.draw([*landmark.outline, landmark.outline[0]], landmark.tags)
    for cover in district.covers:
        sheet.fill(cover.patch, cover.tags)
    for place in district.settlements:
        kind = "town" if place.kind is SettlementKind.TOWN else "village"
        sheet.mark(
            place.centre,
            {
                "place": kind,
                "name": place.name,
                "population": str(place.population),
                "postal_code": place.postcode,
                "ref:INSEE": place.commune_code,
            },
        )
    hamlets = {road.name: road for road in district.roads if road.name in words.HAMLETS}
    for name, lane in hamlets.items():
        sheet.mark(lane.line[-1], {"place": "hamlet", "name": name})
    for (point, height), name in zip(district.peaks, words.PEAKS, strict=True):
        sheet.mark(point, {"natural": "peak", "name": name, "ele": str(height)})
    sheet.write(file)


def _tag_road(road: Road) -> dict[str, str]:
    tags = {"highway": RoadClass(road.road_class).name.lower(), **road.tags}
    return tags | {"name": road.name} if road.name else tags


class _Sheet:
    """The objects to write; points drawn twice are one node."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[float, float], int] = {}
        self._marks: defaultdict[int, dict[str, str]] = defaultdict(dict)
        self._ways: list[tuple[list[int], dict[str, str]]] = []
        self._areas: list[tuple[list[tuple[int, str]], dict[str, str]]] = []

    def mark(self, point: XY, tags: dict[str, str]) -> None:
        self._marks[self._node(point)] |= tags

    def draw(self, line: Line, tags: dict[str, str]) -> int:
        """Add a way and return its number."""
        self._ways.append(([self._node(point) for point in line], tags))
        return len(self._ways)

    def fill(self, patch: Patch, tags: dict[str, str]) -> None:
        """Add an area: a closed way, or a multipolygon when it has holes."""
        if not patch.holes:
            self.draw([*patch.outer, patch.outer[0]], tags)
            return
        members = [(self.draw([*patch.outer, patch.outer[0]], {}), "outer")]
        members += [(self.draw([*hole, hole[0]], {}), "inner") for hole in patch.holes]
        self._areas.append((members, {"type": "multipolygon", **tags}))

    def write(self, file: Path) -> None:
        header = osmium.io.Header()
        header.set("generator", GENERATOR)
        south_west, north_east = to_degrees((-HALF_SIDE, -HALF_SIDE)), to_degrees((HALF_SIDE, HALF_SIDE))
        header.add_box(osmium.osm.Box(*south_west, *north_east))
        fresh = file.with_name(f".{file.name}.building.osm.pbf")
        fresh.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(fresh), header=header) as writer:
            for place, number in self._nodes.items():
                tags = self._marks.get(number, {})
                writer.add_node(mutable.Node(id=number, version=1, location=place, tags=tags))
            for number, (nodes, tags) in enumerate(self._ways, start=1):
                writer.add_way(mutable.Way(id=number, version=1, nodes=nodes, tags=tags))
            for number, (members, tags) in enumerate(self._areas, start=1):
                ways = [("w", way, role) for way, role in members]
                writer.add_relation(mutable.Relation(id=number, version=1, members=ways, tags=tags))
        fresh.replace(file)

    def _node(self, point: XY) -> int:
        return self._nodes.setdefault(to_degrees(point), len(self._nodes) + 1)
