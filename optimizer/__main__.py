"""Replays an archived run: `python -m optimizer replay --organisation 1 --run 12`.

Solves the stored instance again, with the same seed, as far as the run went, and tells whether the plan it
finds is worth the same.
"""

import argparse
import sys

import psycopg

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId, RunId
from homecare.kernel.settings import read_settings
from homecare.visits.optimisation import find_run, read_instance
from optimizer.evaluate import evaluate
from optimizer.instances import fingerprint, restore
from optimizer.solve import solve


def replay(conn: db.Conn, run: RunId) -> bool:
    """Replay a run and print what was found. Return whether it is worth the same as the proposal was."""
    asked = find_run(conn, run)
    record = read_instance(conn, run)
    if asked.outcome is None or fingerprint(record) != asked.instance_hash:
        print("no proposal, or an archive that was changed")
        return False
    proposed = asked.outcome["after"]
    rounds = asked.outcome["rounds"]
    if not isinstance(proposed, dict) or not isinstance(rounds, int):
        return False
    problem, start = restore(record)
    plan = solve(problem, seed=asked.seed, start=start, stop=lambda: False, rounds=rounds)
    cents = evaluate(problem, plan).costs.total
    print(f"run {run}: {rounds} rounds, {cents} cents, proposed {proposed['cents']} cents")
    return bool(cents == proposed["cents"])


def main() -> int:
    """Replay the run that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["replay"])
    parser.add_argument("--organisation", type=int, required=True)
    parser.add_argument("--run", type=int, required=True)
    arguments = parser.parse_args()
    with psycopg.connect(read_settings().database_url) as conn:
        db.use_organisation(conn, OrganisationId(arguments.organisation))
        return 0 if replay(conn, RunId(arguments.run)) else 1


if __name__ == "__main__":
    sys.exit(main())
