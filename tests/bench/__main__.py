"""Runs every comparison, prints the table and writes it as JSON under var/bench."""

import argparse
import json
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from homecare.kernel.ids import OrganisationId
from tests.bench import boards, boxes, calls, checkins, raw
from tests.bench.agency import WORKERS, Person, settle_in
from tests.bench.arm import Arm, Line, compare
from tests.supervised import Supervised, running_supervisor

OUT = Path("var/bench")


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


def punches(
    core: Supervised, organisation: OrganisationId, people: list[Person], *, rounds: int, seconds: float
) -> tuple[list[Line], dict[str, list[float]]]:
    """Punches a second per channel, WORKERS at once, beside single-row commits on as many connections."""
    raw.prepare(core)
    arms = [
        Arm("téléphone (FastAGI, sans le son)", partial(calls.per_second, core, people)),
        Arm("boîtiers (MQTT)", partial(boxes.per_second, core, organisation, people)),
        Arm("téléphones mobiles (HTTP)", partial(checkins.per_second, core, people)),
    ]
    baseline = Arm(
        f"limite brute : {WORKERS} connexions, une ligne par COMMIT",
        partial(raw.commits_per_second, core, connections=WORKERS),
    )
    return compare(arms, baseline, rounds=rounds, seconds=seconds)


def count_twice(core: Supervised) -> int:
    """Return how many punches are stored twice or without their key: must be 0."""
    with psycopg.connect(core.settings.owner_database_url) as conn:
        row = conn.execute(
            """SELECT (SELECT count(*) FROM punches) - (SELECT count(*) FROM punch_keys)
                      + (SELECT count(*) FROM punch_conflicts)"""
        ).fetchone()
    return -1 if row is None else int(row[0])


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    started = datetime.now(UTC)
    with running_supervisor("--only", "postgresql,mosquitto", "--programs", "realtime") as core:
        organisation, people = settle_in(core)
        delays = board_delays(core, organisation, people)
        lines, samples = punches(core, organisation, people, rounds=options.rounds, seconds=options.seconds)
        lines += delays
        wrong = count_twice(core)
    print(f"{'':48} {'nous':>10} {'référence':>10} {'rapport':>8}  unité")
    for line in lines:
        print(f"{line.name:48} {line.ours:10.1f} {line.baseline:10.1f} {line.ratio:8.2f}  {line.unit}")
    print(f"pointages en double ou sans clé : {wrong}")
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
                "lines": [asdict(line) | {"ratio": line.ratio} for line in lines],
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
