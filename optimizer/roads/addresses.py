"""List the numbered addresses of an OpenStreetMap extract, in the same columns as the fictional territory's.

It never geocodes nor guesses: an address without number or street is left out.
"""

import csv
from pathlib import Path

import osmium
import osmium.filter
import osmium.osm

COLUMNS = ("number", "street", "postcode", "city", "lon", "lat", "commune_code")


def extract_addresses(pbf: Path, csv_file: Path) -> int:
    """Write the addresses of nodes and buildings, sorted by city, street and number; return how many.

    The commune code is empty: OpenStreetMap keeps it on boundaries, not on addresses.
    """
    rows: set[tuple[str, ...]] = set()
    objects = (
        osmium.FileProcessor(str(pbf))
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("addr:housenumber"))
    )
    for thing in objects:
        tags = {tag.k: tag.v for tag in thing.tags}
        if "addr:street" not in tags:
            continue
        place = _find_place(thing)
        if place is not None:
            number, street = tags["addr:housenumber"], tags["addr:street"]
            postcode, city = tags.get("addr:postcode", ""), tags.get("addr:city", "")
            rows.add((number, street, postcode, city, f"{place[0]:.7f}", f"{place[1]:.7f}", ""))
    ordered = sorted(rows, key=lambda row: (row[3], row[1], row[0].zfill(6), row))
    with csv_file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(ordered)
    return len(rows)


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
