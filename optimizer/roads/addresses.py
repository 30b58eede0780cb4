"""List the numbered addresses of an OpenStreetMap extract.

It never geocodes nor guesses: an address without number or street is left out.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import osmium
import osmium.filter
import osmium.osm

from optimizer.roads.stamp import digest_file, is_current, write_stamp

COLUMNS = ("number", "street", "postcode", "city", "lon", "lat", "commune_code")


def build_addresses(pbf: Path, out: Path) -> bool:
    """Write `out/addresses.csv`; return False when it was already made from the same extract by this code.

    One line per address node or building, by commune, street and number. The commune code is the one that
    the extract's place of that name bears (`ref:INSEE`), else empty.
    """
    inputs = {"pbf": digest_file(pbf), "rules": digest_file(Path(__file__))}
    listed, stamp = out / "addresses.csv", out / "addresses.stamp.json"
    if listed.is_file() and is_current(stamp, inputs=inputs):
        return False
    out.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    rows = _read_rows(pbf)
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    write_stamp(stamp, inputs=inputs)
    return True


def _read_rows(pbf: Path) -> list[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    codes: dict[str, str] = {}
    objects = (
        osmium.FileProcessor(str(pbf))
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("addr:housenumber", "ref:INSEE"))
    )
    for thing in objects:
        tags = {tag.k: tag.v for tag in thing.tags}
        if "ref:INSEE" in tags and "place" in tags:
            codes[tags.get("name", "")] = tags["ref:INSEE"]
        place = _find_place(thing)
        if place is not None and "addr:housenumber" in tags and "addr:street" in tags:
            number, street = tags["addr:housenumber"], tags["addr:street"]
            postcode, city = tags.get("addr:postcode", ""), tags.get("addr:city", "")
            found.add((number, street, postcode, city, f"{place[0]:.7f}", f"{place[1]:.7f}"))
    return sorted(((*row, codes.get(row[3], "")) for row in found), key=_rank)


def _rank(row: Sequence[str]) -> tuple[str, str, str, int, str]:
    """Order by commune, city, street and number, « 9 » before « 10 » before « 10 bis »."""
    number, street, _, city, *_, commune_code = row
    leading = re.match(r"\d+", number)
    return commune_code, city, street, int(leading.group()) if leading else 0, number


def _find_place(thing: object) -> tuple[float, float] | None:
    if isinstance(thing, osmium.osm.Node):
        return thing.location.lon, thing.location.lat
    if isinstance(thing, osmium.osm.Way):
        corners = [node.location for node in thing.nodes if node.location.valid()]
        if corners:
            return (
                sum(corner.lon for corner in corners) / len(corners),
                sum(corner.lat for corner in corners) / len(corners),
            )
    return None
