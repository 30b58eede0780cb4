"""Command line: `python -m optimizer.roads build --pbf FILE.osm.pbf --out FOLDER`.

Prints each phase with its seconds.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from optimizer.modes import Mode
from optimizer.roads.addresses import extract_addresses
from optimizer.roads.graphs import RoadsNotBuiltError, build_graph
from optimizer.roads.tiles import MapNotBuiltError, build_tiles

_OSM = "© les contributeurs OpenStreetMap (ODbL 1.0)"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m optimizer.roads", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="build")
    build = commands.add_parser("build", help="road graphs, map tiles, addresses")
    build.add_argument("--pbf", type=Path, required=True, help="OpenStreetMap extract")
    build.add_argument("--out", type=Path, required=True, help="folder of car/ bike/ foot/ and map.pmtiles")
    build.add_argument("--attribution", default=_OSM, help="credit shown on the map (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not options.pbf.is_file():
        print(f"no such file: {options.pbf}", file=sys.stderr)
        return 2
    pbf, out = options.pbf, options.out
    try:
        for mode in Mode:
            _show_phase(f"{mode} roads", partial(build_graph, pbf, out, mode=mode))
        _show_phase("map tiles", partial(build_tiles, pbf, out, attribution=options.attribution))
        _show_phase("addresses", partial(_provide_addresses, pbf, out / "addresses.csv"))
    except (RoadsNotBuiltError, MapNotBuiltError) as error:
        print(f"not built: {error}", file=sys.stderr)
        return 1
    return 0


def _provide_addresses(pbf: Path, wanted: Path) -> bool:
    """Take the list that came with the extract, which knows the communes, or else read the extract's own."""
    given = pbf.with_name("addresses.csv")
    if given.is_file():
        if given.resolve() != wanted.resolve():
            shutil.copyfile(given, wanted)
        return False
    extract_addresses(pbf, wanted)
    return True


def _show_phase(name: str, build: Callable[[], bool]) -> None:
    started = time.perf_counter()
    print(f"{name:<12}", end=" ", flush=True)
    built = build()
    print(f"{time.perf_counter() - started:6.1f} s" if built else "unchanged", flush=True)


if __name__ == "__main__":
    sys.exit(main())
