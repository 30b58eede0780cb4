"""Runs every comparison, prints the table and writes it as JSON under var/bench."""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from docker.rootfs.programs import SECOND_CORE
from tests.bench import boards, channels, checkins, drain, ingest, taps, telephone
from tests.bench.agency import settle_in
from tests.bench.arm import STEADY, Line, syncs_per_second
from tests.bench.part import Part, Scene
from tests.supervised import Supervised, running_supervisor

OUT = Path("var/bench")
PARTS: dict[str, Part] = {
    "ingest": ingest.measure,
    "channels": channels.measure,
    "boards": boards.measure,
    "checkins": checkins.measure,
    "drain": drain.measure,
    "telephone": telephone.measure,
    "taps": taps.measure,
}


def count_twice(core: Supervised) -> int:
    """Return how many punches are stored twice or without their key: must be 0."""
    with psycopg.connect(core.settings.owner_database_url) as conn:
        row = conn.execute(
            """SELECT (SELECT count(*) FROM punches) - (SELECT count(*) FROM punch_keys)
                      + (SELECT count(*) FROM punch_conflicts)"""
        ).fetchone()
    return -1 if row is None else int(row[0])


def show(lines: list[Line], *, steady: bool) -> None:
    """Print the table; a target has no verdict when the disk did not keep its pace."""
    verdicts = {None: "", True: "atteint", False: "MANQUÉ"}
    print(f"{'':88} {'nous':>10} {'référence':>10} {'rapport':>8}  {'visé':>7}")
    for line in lines:
        verdict = verdicts[line.reached] if steady or line.reached is None else "disque instable"
        print(
            f"{line.name:88} {line.ours:10.1f} {line.baseline:10.1f} {line.ratio:8.2f}  {line.aim:>7}"
            f" {line.unit} {verdict}"
        )


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure")
    options = parser.parse_args()
    started, load_before = datetime.now(UTC), os.getloadavg()
    lines: list[Line] = []
    samples: dict[str, list[float]] = {}
    with running_supervisor(
        "--only", "postgresql,mosquitto", "--programs", "realtime", "--cores", "2"
    ) as core:
        core.command(f"stop {SECOND_CORE}")  # until it is measured what two do
        syncs = [syncs_per_second(core.state)]
        organisation, people = settle_in(core)
        scene = Scene(core, organisation, people, rounds=options.rounds, seconds=options.seconds)
        for part in options.only:
            measured = PARTS[part](scene)
            lines += measured.lines
            samples |= measured.samples
        wrong = count_twice(core)
        syncs.append(syncs_per_second(core.state))
    steady = max(syncs) <= STEADY * min(syncs)
    show(lines, steady=steady)
    print(f"pointages en double ou sans clé : {wrong}")
    print(f"fdatasync/s avant et après : {syncs[0]:.0f}, {syncs[1]:.0f}")
    print(f"charge de la machine avant et après : {load_before[0]:.1f}, {os.getloadavg()[0]:.1f}")
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{started:%Y%m%d-%H%M%S}.json"
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    path.write_text(
        json.dumps(
            {
                "started": started.isoformat(),
                "commit": commit,
                "machine": {"processor": platform.processor(), "python": platform.python_version()},
                "load": [load_before, os.getloadavg()],
                "syncs_per_second": syncs,
                "lines": [asdict(line) | {"ratio": line.ratio, "reached": line.reached} for line in lines],
                "samples": samples,
                "doubles": wrong,
            },
            ensure_ascii=False,
            indent=1,
        )
    )
    print(path)
    return 0 if wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
