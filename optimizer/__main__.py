"""The optimiser at the command line. It proposes and prints; it never changes a visit.

    python -m optimizer plan --organisation 1 --area 2 --day 2026-03-10 --seconds 20
    python -m optimizer replay --organisation 1 --run 12
    python -m optimizer sample --drawing 1 --visits 150 --workers 20 --seconds 20

`plan` reads a day from the database and says what a run would propose. `replay` solves the stored instance
of a run again, as far as the run went, and tells whether it finds the very same plan. `sample` plans a drawn
day, for measuring: no database is needed.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date

import psycopg

from homecare.kernel import db
from homecare.kernel.clock import system_now
from homecare.kernel.ids import AreaId, OrganisationId, RunId
from homecare.kernel.settings import read_settings
from homecare.visits.optimisation import find_run, read_instance
from optimizer.evaluate import evaluate
from optimizer.instances import fingerprint, restore
from optimizer.load import load
from optimizer.problem import Plan, Problem
from optimizer.proposals import differences, figures, outcome, stop_records
from optimizer.sample import draw_problem
from optimizer.solve import Progress, solve
from optimizer.travel import open_travel


def main() -> int:
    """Do what the command line asks; return 0 when all is well."""
    arguments = _read_arguments()
    if arguments.command == "sample":
        return _sample(arguments)
    settings = read_settings()
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, OrganisationId(arguments.organisation))
        if arguments.command == "replay":
            return 0 if replay(conn, RunId(arguments.run)) else 1
        loaded = load(
            conn,
            AreaId(arguments.area),
            arguments.day,
            travel=open_travel(settings.roads_dir),
            now=system_now(),
        )
    plan = _solve(loaded.problem, loaded.standing, arguments)
    changes = differences(loaded, plan)
    print(json.dumps(outcome(loaded, plan, changes) | {"stops": len(plan.stops)}, indent=2))
    return 0


def replay(conn: db.Conn, run: RunId) -> bool:
    """Replay a run and print what was found. Return whether it is the very plan that was proposed."""
    asked = find_run(conn, run)
    record = read_instance(conn, run)
    if asked.outcome is None or fingerprint(record) != asked.instance_hash:
        print("no proposal, or an archive that was changed")
        return False
    rounds = asked.outcome["rounds"]
    if not isinstance(rounds, int):
        raise TypeError(f"run {run}: {rounds!r} rounds")
    problem, start = restore(record)
    plan = solve(problem, seed=asked.seed, start=start, stop=lambda: False, rounds=rounds)
    same = stop_records(plan) == asked.outcome["stops"]
    print(f"run {run}: {rounds} rounds, {'the same plan' if same else 'another plan'}")
    return same


def _sample(arguments: argparse.Namespace) -> int:
    problem = draw_problem(arguments.drawing, visits=arguments.visits, workers=arguments.workers)
    began = time.monotonic()
    plan = _solve(problem, Plan(), arguments)
    took = time.monotonic() - began
    judged = figures(problem, evaluate(problem, plan))
    print(json.dumps({"seconds": round(took, 1), "rounds": plan.rounds, **judged}, indent=2))
    return 0


def _solve(problem: Problem, start: Plan, arguments: argparse.Namespace) -> Plan:
    return solve(
        problem, seed=arguments.seed, start=start, stop=_after(arguments.seconds), progress=_print_progress
    )


def _after(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _print_progress(progress: Progress) -> None:
    print(f"{progress.rounds:>8} rounds  {progress.cents:>8} cents  {progress.open:>3} open", file=sys.stderr)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m optimizer", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    plan = commands.add_parser("plan", help="plan a day of the database and print the figures")
    plan.add_argument("--organisation", type=int, required=True)
    plan.add_argument("--area", type=int, required=True)
    plan.add_argument("--day", type=date.fromisoformat, required=True)
    again = commands.add_parser("replay", help="solve the stored instance of a run again")
    again.add_argument("--organisation", type=int, required=True)
    again.add_argument("--run", type=int, required=True)
    sample = commands.add_parser("sample", help="plan a drawn day")
    sample.add_argument("--drawing", type=int, default=1)
    sample.add_argument("--visits", type=int, default=150)
    sample.add_argument("--workers", type=int, default=20)
    for command in (plan, sample):
        command.add_argument("--seconds", type=float, default=20)
        command.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
