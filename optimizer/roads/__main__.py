"""Command line: `python -m optimizer.roads build --pbf FILE.osm.pbf --out FOLDER`.

Prints each phase with its seconds.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from optimizer.modes import Mode
from optimizer.roads.addresses import build_addresses
from optimizer.roads.graphs import RoadsNotBuiltError, build_graph
from optimizer.roads.tiles import MapNotBuiltError, build_tiles, credit


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m optimizer.roads", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="build")
    build = commands.add_parser("build", help="road graphs, map tiles, addresses")
    build.add_argument("--pbf", type=Path, required=True, help="OpenStreetMap extract")
    build.add_argument("--out", type=Path, required=True, help="folder of car/ bike/ foot/ and map.pmtiles")
    build.add_argument("--attribution", help="credit shown on the map (default: what the extract is)")
    options = parser.parse_args(arguments)
    if not options.pbf.is_file():
        print(f"no such file: {options.pbf}", file=sys.stderr)
        return 2
    pbf, out = options.pbf, options.out
    try:
        for mode in Mode:
            _show_phase(f"{mode} roads", partial(build_graph, pbf, out, mode=mode))
        _show_phase(
            "map tiles", partial(build_tiles, pbf, out, attribution=options.attribution or credit(pbf))
        )
        _show_phase("addresses", partial(build_addresses, pbf, out))
    except (RoadsNotBuiltError, MapNotBuiltError) as error:
        print(f"not built: {error}", file=sys.stderr)
        return 1
    return 0


def _show_phase(name: str, build: Callable[[], bool]) -> None:
    started = time.perf_counter()
    print(f"{name:<12}", end=" ", flush=True)
    built = build()
    print(f"{time.perf_counter() - started:6.1f} s" if built else "unchanged", flush=True)


if __name__ == "__main__":
    sys.exit(main())
