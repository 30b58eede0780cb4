"""From a plan to what a planner reads: the differences, and the figures of both plans side by side."""

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from typing import Any

from homecare.kernel.ids import VisitId, WorkerId
from homecare.labour.breach import Severity
from homecare.visits.model import NewChange
from optimizer.evaluate import Evaluation, evaluate
from optimizer.load import Loaded
from optimizer.problem import Plan, Problem


def differences(loaded: Loaded, plan: Plan) -> list[NewChange]:
    """Return one change for each visit whose worker or start the plan would change."""
    stops = {stop.visit: stop for stop in plan.stops}
    changes = []
    for visit in loaded.visits.values():
        stop = stops.get(visit.id)
        worker = None if stop is None else WorkerId(stop.worker)
        starts_at: datetime = visit.starts_at if stop is None else loaded.problem.instant(stop.start)
        if (worker, starts_at) != (visit.worker_id, visit.starts_at):
            changes.append(NewChange(VisitId(visit.id), visit.revision, worker, starts_at))
    return changes


def outcome(loaded: Loaded, plan: Plan, changes: Sequence[NewChange]) -> dict[str, Any]:
    """Return the figures of the plan that stands and of the proposed one, as JSON values.

    `before` and `after`: visits, assigned, open, blocking, warnings, work_minutes, travel_minutes (between
    visits), road_minutes and kilometres (those, and from home and back), waiting_minutes, cents, costs (cents
    by component), rules (breaches by rule). `stops` (worker,
    start, visit) and `rounds` are what a replay must find again, on the same `engine`.
    """
    return {
        "before": figures(loaded.problem, evaluate(loaded.problem, loaded.standing)),
        "after": figures(loaded.problem, evaluate(loaded.problem, plan)),
        "changes": len(changes),
        "rounds": plan.rounds,
        "stops": stop_records(plan),
        "engine": {"ortools": version("ortools"), "python": platform.python_version()},
        "estimated": loaded.problem.estimated,
        "unplaced": list(loaded.unplaced),
    }


def stop_records(plan: Plan) -> list[list[int]]:
    """Return the stops as JSON values, in order of worker and start."""
    return [[stop.worker, stop.start, stop.visit] for stop in sorted(plan.stops)]


def figures(problem: Problem, judged: Evaluation) -> Mapping[str, Any]:
    """Return what a person reads of an evaluation: whole minutes and kilometres."""
    return {
        "visits": len(problem.visits),
        "assigned": len(problem.visits) - len(judged.open),
        "open": len(judged.open),
        "blocking": judged.blocking,
        "warnings": sum(one.severity is Severity.WARNING for one in judged.broken),
        "work_minutes": judged.work_seconds // 60,
        "travel_minutes": judged.travel_seconds // 60,
        "road_minutes": judged.road_seconds // 60,
        "waiting_minutes": judged.waiting_seconds // 60,
        "kilometres": round(judged.metres / 1_000),
        "cents": judged.costs.total,
        "costs": asdict(judged.costs),
        "rules": dict(sorted(Counter(one.rule for one in judged.broken).items())),
    }
