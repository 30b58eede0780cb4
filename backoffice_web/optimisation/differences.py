"""A proposal read worker by worker: what each takes, gives, shifts; hours before and after. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.model import Change
from homecare.visits.planning import PlannedVisit


class Kind(StrEnum):
    """What a change is for one worker."""

    TAKES = "takes"
    GIVES = "gives"
    SHIFTS = "shifts"


@dataclass(frozen=True, slots=True)
class Line:
    """One change as one worker sees it. `other` is who gives or takes it, None: nobody."""

    kind: Kind
    client: str
    other: str | None
    was: datetime
    becomes: datetime


@dataclass(frozen=True, slots=True)
class Affected:
    """A worker whom the proposal touches. Minutes are those of the day in homes."""

    worker: str
    before: int
    after: int
    lines: tuple[Line, ...]


def by_worker(changes: Sequence[Change], visits: Iterable[PlannedVisit]) -> list[Affected]:
    """Return the workers whom the changes touch, by name. `visits` are the day's, as they stand."""
    minutes: dict[VisitId, int] = {}
    before: dict[WorkerId, int] = defaultdict(int)
    for visit in visits:
        minutes[visit.id] = visit.minutes
        if visit.worker_id is not None:
            before[visit.worker_id] += visit.minutes
    after = dict(before)
    names: dict[WorkerId, str] = {}
    lines: dict[WorkerId, list[Line]] = defaultdict(list)
    for change in changes:
        for worker, name, kind, other in _seen_by(change):
            names[worker] = name
            lines[worker].append(Line(kind, change.client, other, change.from_start, change.to_start))
            gained = {Kind.TAKES: 1, Kind.GIVES: -1, Kind.SHIFTS: 0}[kind]
            after[worker] = after.get(worker, 0) + gained * minutes.get(change.visit_id, 0)
    return [
        Affected(
            names[worker],
            before.get(worker, 0),
            after.get(worker, 0),
            tuple(sorted(lines[worker], key=lambda line: line.becomes)),
        )
        for worker in sorted(names, key=lambda worker: names[worker])
    ]


def _seen_by(change: Change) -> Iterable[tuple[WorkerId, str, Kind, str | None]]:
    """Yield whom the change touches, and what it is for them."""
    if change.from_worker_id == change.to_worker_id:
        if change.to_worker_id is not None:
            yield change.to_worker_id, change.to_worker or "", Kind.SHIFTS, None
        return
    if change.from_worker_id is not None:
        yield change.from_worker_id, change.from_worker or "", Kind.GIVES, change.to_worker
    if change.to_worker_id is not None:
        yield change.to_worker_id, change.to_worker or "", Kind.TAKES, change.from_worker
