"""One run from start to end: loads, archives, solves with progress, proposes. Each step is a transaction."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import structlog

from homecare.kernel import db
from homecare.kernel.ids import RunId
from homecare.visits.optimisation import (
    find_run,
    note_failure,
    note_progress,
    save_proposal,
    start_run,
)
from optimizer.instances import archive, fingerprint
from optimizer.load import load
from optimizer.proposals import differences, outcome
from optimizer.solve import Progress, solve
from optimizer.travel import Travel

_REPORT_SECONDS = 0.5

log = structlog.get_logger()

type Transaction = Callable[[], AbstractContextManager[db.Conn]]
"""Opens a transaction that serves the run's organisation."""


def optimise(
    run: RunId, *, transaction: Transaction, travel: Travel, now: Callable[[db.Conn], datetime]
) -> None:
    """Do a run that was asked for. One that another worker has taken is left to it.

    Whatever fails is noted on the run, with a sentence for the planner, and raised.
    """
    try:
        _optimise(run, transaction, travel, now)
    except Exception:
        with transaction() as conn:
            sentence = "L’optimisation s’est arrêtée sur une erreur : rien n’a été changé."
            note_failure(conn, run, sentence, now=now(conn))
        raise


def _optimise(
    run: RunId, transaction: Transaction, travel: Travel, now: Callable[[db.Conn], datetime]
) -> None:
    with transaction() as conn:
        asked = find_run(conn, run)
        loaded = load(conn, asked.area_id, asked.day, travel=travel, now=now(conn))
        record = archive(loaded.problem, loaded.standing)
        if not start_run(conn, run, instance=record, instance_hash=fingerprint(record), now=now(conn)):
            return
    watch = _Watch(run, transaction, seconds=asked.seconds)
    plan = solve(
        loaded.problem, seed=asked.seed, start=loaded.standing, stop=watch.is_over, progress=watch.note
    )
    changes = differences(loaded, plan)
    with transaction() as conn:
        save_proposal(conn, run, changes, outcome=outcome(loaded, plan, changes), now=now(conn))
    log.info("optimisation.proposed", run=run, changes=len(changes), rounds=plan.rounds)


class _Watch:
    """Ends the search in time or when somebody asks, and tells the best value twice a second at most."""

    def __init__(self, run: RunId, transaction: Transaction, *, seconds: int) -> None:
        self._run = run
        self._transaction = transaction
        self._began = time.monotonic()
        self._seconds = seconds
        self._last = 0.0
        self._latest: Progress | None = None
        self._stopped = False

    def note(self, progress: Progress) -> None:
        """Remember the best value; it is written at the next look at the clock."""
        self._latest = progress

    def is_over(self) -> bool:
        """Tell whether to stop."""
        passed = time.monotonic() - self._began
        if passed - self._last >= _REPORT_SECONDS or self._last == 0.0:
            self._last = passed
            self._report(passed)
        return self._stopped or passed >= self._seconds

    def _report(self, passed: float) -> None:
        if self._latest is None:
            return
        point = {
            "seconds": round(passed, 1),
            "rounds": self._latest.rounds,
            "cents": self._latest.cents,
            "open": self._latest.open,
        }
        with self._transaction() as conn:
            self._stopped = note_progress(conn, self._run, point)
