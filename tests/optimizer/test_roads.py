import gzip
import json
import struct
from pathlib import Path
from typing import Any

import osmium
import pytest
from osmium.osm import mutable

from optimizer.roads.__main__ import main
from optimizer.roads.addresses import build_addresses
from optimizer.roads.layers import Layer, sort_area, sort_line, sort_point
from optimizer.roads.tiles import credit
from optimizer.travel import Mode, Point, RoadTravel
from simulators.territory.addresses import read_addresses, write_addresses
from simulators.territory.district import District


def read_pmtiles_metadata(tiles: Path) -> dict[str, Any]:
    """Read the JSON metadata of a PMTiles 3 archive."""
    head = tiles.read_bytes()
    assert head[:8] == b"PMTiles\x03"
    offset, length = struct.unpack_from("<QQ", head, 24)
    metadata = json.loads(gzip.decompress(head[offset : offset + length]))
    assert isinstance(metadata, dict)
    return metadata


def test_the_map_has_the_layers_that_the_basemap_style_paints(roads_dir: Path) -> None:
    metadata = read_pmtiles_metadata(roads_dir / "map.pmtiles")
    layers = {layer["id"]: layer for layer in metadata["vector_layers"]}
    assert set(layers) == {"earth", "landuse", "water", "roads", "buildings", "places"}
    assert {"kind", "kind_detail", "name", "ref"} <= set(layers["roads"]["fields"])
    assert metadata["attribution"] == "Territoire fictif"


def test_nothing_is_built_again_from_the_same_extract(
    roads_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (roads_dir / "map.pmtiles").stat().st_mtime_ns
    assert main(["build", "--pbf", str(roads_dir / "territory.osm.pbf"), "--out", str(roads_dir)]) == 0
    assert capsys.readouterr().out.count("unchanged") == 5
    assert (roads_dir / "map.pmtiles").stat().st_mtime_ns == before


def test_the_list_made_from_the_extract_is_the_one_drawn_with_it(
    roads_dir: Path, district: District, tmp_path: Path
) -> None:
    build_addresses(roads_dir / "territory.osm.pbf", tmp_path)
    write_addresses(tmp_path / "drawn.csv", district.list_addresses())
    assert (tmp_path / "addresses.csv").read_bytes() == (tmp_path / "drawn.csv").read_bytes()


def test_the_list_of_another_extract_is_replaced(roads_dir: Path, tmp_path: Path) -> None:
    pbf = roads_dir / "territory.osm.pbf"
    assert build_addresses(pbf, tmp_path)
    assert not build_addresses(pbf, tmp_path)
    other = draw_islands(tmp_path / "islands.osm.pbf")
    assert build_addresses(other, tmp_path)
    assert len(read_addresses(tmp_path / "addresses.csv")) == 1
    assert build_addresses(pbf, tmp_path)
    assert len(read_addresses(tmp_path / "addresses.csv")) > 1_500


def test_a_file_that_is_no_extract_is_refused_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.osm.pbf"
    wrong.write_bytes(b"this is no map")
    assert main(["build", "--pbf", str(wrong), "--out", str(tmp_path / "out")]) == 1
    assert "not built: osrm-extract" in capsys.readouterr().err
    assert main(["build", "--pbf", str(tmp_path / "absent.osm.pbf"), "--out", str(tmp_path / "out")]) == 2


def draw_islands(pbf: Path) -> Path:
    """Two straight streets 15 km apart, and one house that has a number but no town."""
    with osmium.SimpleWriter(str(pbf)) as writer:
        for number in range(8):
            island, place = divmod(number, 4)
            location = (2.0 + 0.2 * island + 0.002 * place, 46.0)
            writer.add_node(mutable.Node(id=number + 1, location=location))
        for island in (0, 1):
            nodes = [island * 4 + place + 1 for place in range(4)]
            writer.add_way(mutable.Way(id=island + 1, nodes=nodes, tags={"highway": "residential"}))
        house = {"building": "yes", "addr:housenumber": "4 ter", "addr:street": "Rue Basse"}
        writer.add_way(mutable.Way(id=3, nodes=[1, 2, 3, 1], tags=house))
    return pbf


def test_a_real_extract_is_credited_to_openstreetmap(tmp_path: Path) -> None:
    assert (
        credit(draw_islands(tmp_path / "islands.osm.pbf")) == "© les contributeurs OpenStreetMap (ODbL 1.0)"
    )


def test_two_islands_without_a_bridge_are_guessed(tmp_path: Path) -> None:
    pbf = draw_islands(tmp_path / "islands.osm.pbf")
    assert main(["build", "--pbf", str(pbf), "--out", str(tmp_path)]) == 0
    points = [Point(2.001, 46.0), Point(2.005, 46.0), Point(2.201, 46.0)]
    matrix = RoadTravel(tmp_path).matrix(points, mode=Mode.CAR)
    assert matrix.guessed.tolist() == [[False, False, True], [False, False, True], [True, True, False]]
    assert matrix.metres[0, 2] > 15_000


def test_tags_are_sorted_into_the_kinds_of_the_basemap() -> None:
    primary = sort_line({"highway": "primary", "ref": "D 940"})
    assert primary is not None
    assert (primary.layer, primary.properties["kind"]) == (Layer.ROADS, "major_road")
    wood = sort_area({"natural": "wood"})
    assert wood is not None
    assert (wood.layer, wood.properties["kind"]) == (Layer.LANDUSE, "wood")
    village = sort_point({"place": "village", "name": "Brézolette"})
    assert village is not None
    assert (village.layer, village.properties["kind"]) == (Layer.PLACES, "locality")
    assert sort_line({"power": "line"}) is None
    assert sort_area({"building": "no"}) is None
    assert sort_point({"place": "village"}) is None
