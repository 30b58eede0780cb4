"""Archives a problem as canonical JSON, and back: the inputs of a run can be read and replayed for ever."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import numpy as np

from homecare.law.model import Agreement
from optimizer.modes import Mode
from optimizer.problem import Commitment, Journeys, Limits, Plan, Prices, Problem, Stop, VisitJob, WorkerDay

VERSION = 2


def to_record(problem: Problem) -> dict[str, Any]:
    """Return the problem as plain JSON values."""
    return {
        "version": VERSION,
        "day": problem.day.isoformat(),
        "visits": [_visit_record(visit) for visit in problem.visits],
        "workers": [_worker_record(worker) for worker in problem.workers],
        "travel": {
            mode.value: {"seconds": one.seconds.tolist(), "metres": one.metres.tolist()}
            for mode, one in sorted(problem.travel.items())
        },
        "prices": asdict(problem.prices),
        "estimated": problem.estimated,
    }


def from_record(record: Mapping[str, Any]) -> Problem:
    """Return the problem that `to_record` wrote. Raises ValueError for another version."""
    if record["version"] != VERSION:
        raise ValueError(f"an instance of version {record['version']}")
    return Problem(
        day=date.fromisoformat(record["day"]),
        visits=tuple(_read_visit(visit) for visit in record["visits"]),
        workers=tuple(_read_worker(worker) for worker in record["workers"]),
        travel={
            Mode(mode): Journeys(
                seconds=np.array(one["seconds"], dtype=np.int32),
                metres=np.array(one["metres"], dtype=np.int32),
            )
            for mode, one in record["travel"].items()
        },
        prices=Prices(**record["prices"]),
        estimated=record["estimated"],
    )


def archive(problem: Problem, start: Plan) -> dict[str, Any]:
    """Return everything that a run begins with: the problem and the plan that stood."""
    return {
        "problem": to_record(problem),
        "start": [[stop.worker, stop.start, stop.visit] for stop in start.stops],
    }


def restore(record: Mapping[str, Any]) -> tuple[Problem, Plan]:
    """Return what `archive` wrote."""
    return from_record(record["problem"]), Plan(tuple(Stop(*stop) for stop in record["start"]))


def fingerprint(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical text of a record, in hexadecimal."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: VisitJob | WorkerDay) -> dict[str, Any]:
    return {part.name: getattr(value, part.name) for part in fields(value)}


def _pairs(mapping: Mapping[int, int]) -> list[list[int]]:
    return [[key, mapping[key]] for key in sorted(mapping)]


def _visit_record(visit: VisitJob) -> dict[str, Any]:
    return _plain(visit) | {
        "skills": _pairs(visit.skills),
        "refused": sorted(visit.refused),
        "known": None if visit.known is None else sorted(visit.known),
    }


def _read_visit(record: Mapping[str, Any]) -> VisitJob:
    known = record["known"]
    return VisitJob(
        **{
            **record,
            "skills": dict(record["skills"]),
            "refused": frozenset(record["refused"]),
            "known": None if known is None else frozenset(known),
        }
    )


def _worker_record(worker: WorkerDay) -> dict[str, Any]:
    return _plain(worker) | {
        "mode": worker.mode.value,
        "hours": None if worker.hours is None else [list(period) for period in worker.hours],
        "skills": _pairs(worker.skills),
        "agreement": worker.agreement and worker.agreement.value,
        "limits": asdict(worker.limits),
        "around": [asdict(one) for one in worker.around],
    }


def _read_worker(record: Mapping[str, Any]) -> WorkerDay:
    hours, agreement = record["hours"], record["agreement"]
    return WorkerDay(
        **{
            **record,
            "mode": Mode(record["mode"]),
            "hours": None if hours is None else tuple((opens, closes) for opens, closes in hours),
            "skills": dict(record["skills"]),
            "agreement": None if agreement is None else Agreement(agreement),
            "limits": Limits(**record["limits"]),
            "around": tuple(Commitment(**one) for one in record["around"]),
        }
    )
