import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import osmium
import osmium.osm
import pytest

from simulators.territory.__main__ import main
from simulators.territory.addresses import pick_addresses, read_addresses
from simulators.territory.district import District, draw_district
from simulators.territory.drafts import RoadClass, Zone
from simulators.territory.plane import ORIGIN_LAT, ORIGIN_LON
from simulators.territory.settlements import SettlementKind


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert main(["--out", str(tmp_path / folder), "--seed", "7", "--addresses", "400"]) == 0
    for name in ("addresses.csv", "territory.osm.pbf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_draws_another_district(district: District) -> None:
    other = draw_district(seed=2, addresses=2_000)
    assert other.list_addresses() != district.list_addresses()


@pytest.mark.parametrize("seed", [4, 5])
def test_no_village_is_lost_whatever_the_seed(seed: int) -> None:
    district = draw_district(seed=seed, addresses=600)
    housed = Counter(house.road.commune for house in district.houses)
    assert all(housed[place.commune_code] >= 6 for place in district.settlements)
    assert 0.95 * 600 <= len(district.houses) <= 1.03 * 600


def test_a_town_of_fifteen_thousand_has_twelve_villages_three_to_twenty_kilometres_away(
    district: District,
) -> None:
    town, *villages = district.settlements
    assert (town.kind, town.population) == (SettlementKind.TOWN, 15_000)
    assert len(villages) == 12
    assert all(3_000 <= (v.centre[0] ** 2 + v.centre[1] ** 2) ** 0.5 <= 20_000 for v in villages)


def test_nothing_bears_a_real_code(district: District) -> None:
    for address in district.list_addresses():
        assert re.fullmatch(r"99\d{3}", address.postcode)
        assert re.fullmatch(r"990\d\d", address.commune_code)
        assert abs(address.lon - ORIGIN_LON) < 0.4
        assert abs(address.lat - ORIGIN_LAT) < 0.4


def test_a_front_door_is_written_once(district: District) -> None:
    doors = Counter((a.number, a.street, a.city) for a in district.list_addresses())
    assert [door for door, times in doors.items() if times > 1] == []


def test_the_town_has_every_sort_of_street(district: District) -> None:
    assert {road.road_class for road in district.roads} >= {
        RoadClass.PRIMARY, RoadClass.SECONDARY, RoadClass.TERTIARY, RoadClass.UNCLASSIFIED,
        RoadClass.RESIDENTIAL, RoadClass.TRACK, RoadClass.PATH, RoadClass.CYCLEWAY,
    }  # fmt: skip
    assert {road.tags.get("maxspeed") for road in district.roads} >= {"30", "50", "80", "90"}
    assert any(road.tags.get("oneway") == "yes" for road in district.roads)
    assert any(road.zone is Zone.QUAY for road in district.roads)


def test_the_river_is_crossed_by_bridges_only(district: District) -> None:
    bridges = [road for road in district.roads if road.is_bridge]
    assert len(bridges) >= 3
    # A way without a bridge between two points on opposite banks would cut the river's line.
    river = district.river

    def is_left(point: tuple[float, float]) -> bool:
        (ax, ay), (bx, by) = next((a, b) for a, b in pairwise(river) if a[0] <= point[0] <= b[0])
        return point[1] > ay + (by - ay) * (point[0] - ax) / (bx - ax)

    for road in district.roads:
        if not road.is_bridge:
            assert len({is_left(point) for point in road.line}) == 1, road


def test_the_extract_reads_back_with_its_roads_houses_and_places(roads_dir: Path, district: District) -> None:
    ways: Counter[str] = Counter()
    doors = 0
    places = []
    for thing in osmium.FileProcessor(str(roads_dir / "territory.osm.pbf")):
        if isinstance(thing, osmium.osm.Way):
            ways.update(key for key in ("highway", "building") if key in thing.tags)
        elif isinstance(thing, osmium.osm.Node):
            doors += "addr:housenumber" in thing.tags
            if thing.tags.get("place") in {"town", "village"}:
                places.append(thing.tags["name"])
    assert doors == len(district.houses)
    assert ways["building"] == len(district.houses) + len(district.landmarks)
    assert ways["highway"] > 200
    assert sorted(places) == sorted(place.name for place in district.settlements)


def test_addresses_are_picked_by_seed_and_read_as_written(roads_dir: Path, district: District) -> None:
    addresses = read_addresses(roads_dir / "addresses.csv")
    assert addresses == district.list_addresses()
    picked = pick_addresses(addresses, 50, seed=3)
    assert picked == pick_addresses(addresses, 50, seed=3)
    assert len(set(picked)) == 50


def test_a_district_without_enough_addresses_is_refused() -> None:
    with pytest.raises(ValueError, match="300"):
        draw_district(seed=1, addresses=20)
