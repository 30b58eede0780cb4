"""Command line: `python -m simulators.territory --out FOLDER --seed 1 --addresses 6000`."""

import sys
import time
from pathlib import Path

from docker.commands import Arguments, in_words
from simulators.territory.addresses import write_addresses
from simulators.territory.district import FEWEST_ADDRESSES, draw_district
from simulators.territory.pbf import write_pbf


def main(arguments: list[str] | None = None) -> int:
    parser = Arguments(prog="python -m simulators.territory", description="Draw a fictional district.")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of territory.osm.pbf and addresses.csv"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--addresses", type=int, default=6_000, help=f"about how many (from {FEWEST_ADDRESSES})"
    )
    options = parser.parse_args(arguments)
    if options.addresses < FEWEST_ADDRESSES:
        parser.error(f"un territoire a au moins {FEWEST_ADDRESSES} adresses")
    started = time.perf_counter()
    district = draw_district(seed=options.seed, addresses=options.addresses)
    addresses = district.list_addresses()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        write_pbf(options.out / "territory.osm.pbf", district)
        write_addresses(options.out / "addresses.csv", addresses)
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 1
    print(
        f"{len(district.settlements)} communes, {len(district.roads)} pieces of road,"
        f" {len(addresses)} addresses in {time.perf_counter() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
