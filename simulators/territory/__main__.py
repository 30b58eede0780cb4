"""Command line: `python -m simulators.territory --out FOLDER --seed 1 --addresses 6000`."""

import argparse
import sys
import time
from pathlib import Path

from simulators.territory.addresses import write_addresses
from simulators.territory.district import FEWEST_ADDRESSES, draw_district
from simulators.territory.pbf import write_pbf


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.territory", description="Draw a fictional district."
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of territory.osm.pbf and addresses.csv"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--addresses", type=int, default=6_000, help=f"about how many (from {FEWEST_ADDRESSES})"
    )
    options = parser.parse_args(arguments)
    if options.addresses < FEWEST_ADDRESSES:
        parser.error(f"a district has at least {FEWEST_ADDRESSES} addresses")
    started = time.perf_counter()
    district = draw_district(seed=options.seed, addresses=options.addresses)
    options.out.mkdir(parents=True, exist_ok=True)
    write_pbf(options.out / "territory.osm.pbf", district)
    addresses = district.list_addresses()
    write_addresses(options.out / "addresses.csv", addresses)
    print(
        f"{len(district.settlements)} communes, {len(district.roads)} pieces of road,"
        f" {len(addresses)} addresses in {time.perf_counter() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
