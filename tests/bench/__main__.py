"""Runs every comparison, prints the table and writes it as JSON under var/bench."""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from homecare.kernel.ids import OrganisationId
from tests.bench import boards, boxes, calls, checkins, ingest, raw, taps
from tests.bench.agency import WORKERS, Person, settle_in
from tests.bench.arm import STEADY, Arm, Line, Target, compare, run_in_turns, syncs_per_second
from tests.supervised import Supervised, running_supervisor

OUT = Path("var/bench")
PARTS = ("ingest", "channels", "boards", "taps")

type Samples = dict[str, list[float]]


def board_delays(core: Supervised, organisation: OrganisationId, people: list[Person]) -> list[Line]:
    """From check-in to event during a peak of punches, with fifty open boards, beside the same with one."""
    alone = boards.delays(core, organisation, people, boards=1)
    many = boards.delays(core, organisation, people, boards=50)
    names = ("p50", "p95", "p99")
    peak = f"{boards.PUNCHES_A_SECOND}/s, 50 ouverts contre 1"
    return [
        Line(f"geste → tableau {name}, {peak}", ours, baseline, "ms")
        for name, ours, baseline in zip(names, many, alone, strict=True)
    ]


def channels(
    core: Supervised, organisation: OrganisationId, people: list[Person], *, rounds: int, seconds: float
) -> tuple[list[Line], Samples]:
    """Punches a second per channel, WORKERS at once, beside single-row commits on as many connections."""
    raw.prepare(core)
    baseline = Arm(
        f"limite brute : {WORKERS} connexions, une ligne par COMMIT",
        partial(raw.commits_per_second, core, connections=WORKERS),
    )
    arms = [
        Arm("téléphone (FastAGI, sans le son)", partial(calls.per_second, core, people)),
        Arm("boîtiers (MQTT)", partial(boxes.per_second, core, organisation, people)),
        Arm("téléphones mobiles (HTTP)", partial(checkins.per_second, core, people)),
    ]
    samples = run_in_turns([baseline, *arms], rounds=rounds, seconds=seconds)
    return compare(samples, [Target(arm.name, baseline.name) for arm in arms]), samples


def keeping(
    core: Supervised, organisation: OrganisationId, people: list[Person], *, rounds: int, seconds: float
) -> tuple[list[Line], Samples]:
    """The core's own door beside what the same database does without it; and settling, apart."""
    samples = run_in_turns(ingest.arms(core), rounds=rounds, seconds=seconds)
    lines = compare(samples, ingest.TARGETS)
    settled = ingest.settled_per_second(core, organisation, people)
    lines.append(
        Line("rattachement (à part) / porte, 1000", settled, median(samples[ingest.DOOR_1000]), "p/s")
    )
    return lines, samples


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
    print(f"{'':88} {'nous':>10} {'référence':>10} {'rapport':>8}  {'visé':>5}")
    for line in lines:
        wanted = "" if line.wanted is None else f"{line.wanted:g}"
        verdict = verdicts[line.reached] if steady or line.wanted is None else "disque instable"
        print(
            f"{line.name:88} {line.ours:10.1f} {line.baseline:10.1f} {line.ratio:8.2f}  {wanted:>5}"
            f" {line.unit} {verdict}"
        )


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    options = parser.parse_args()
    started, load_before = datetime.now(UTC), os.getloadavg()
    lines: list[Line] = []
    samples: Samples = {}
    with running_supervisor("--only", "postgresql,mosquitto", "--programs", "realtime") as core:
        syncs = [syncs_per_second(core.state)]
        organisation, people = settle_in(core)
        for part in options.only:
            if part == "boards":
                lines += board_delays(core, organisation, people)
                continue
            if part == "taps":
                more, raw_samples = taps.measure()
                lines += more
                samples |= raw_samples
                continue
            measure = keeping if part == "ingest" else channels
            more, raw_samples = measure(
                core, organisation, people, rounds=options.rounds, seconds=options.seconds
            )
            lines += more
            samples |= raw_samples
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
