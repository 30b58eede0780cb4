"""Visits as blocks on a line of hours, and the ways between them. Pure.

Positions are hours from the left edge; the sheet places them. Visits that overlap are stacked, never hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.compliance import Slot, minutes_of_work
from homecare.visits.couples import Couples, are_couple, pairs_at_once
from homecare.visits.planning import PlannedVisit
from homecare.visits.travel import estimate_minutes
from homecare.workers.model import TravelMode

FIRST_HOUR = 7
LAST_HOUR = 21
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Block:
    """A visit in a row. `level` is its place in a stack; `overlaps` when the worker has two at once.

    `missed` when nobody came.
    """

    visit: PlannedVisit
    start: float
    end: float
    level: int
    overlaps: bool
    missed: bool = False

    @property
    def state(self) -> str:
        """What the sheet draws: `done`, `run`, `missed`, `open`, `published` or `draft`."""
        if self.visit.left_at is not None:
            return "done"
        if self.visit.arrived_at is not None:
            return "run"
        if self.missed:
            return "missed"
        if self.visit.worker_id is None:
            return "open"
        return "draft" if self.visit.published_at is None else "published"


@dataclass(frozen=True, slots=True)
class Journey:
    """The way from a visit to the next one: estimated minutes, beside those there are."""

    start: float
    end: float
    minutes: int
    free: int

    @property
    def is_tight(self) -> bool:
        """Tell whether the gap is too short."""
        return self.minutes > self.free


def hours_between(starts: datetime, instant: datetime) -> float:
    """Return a position: hours from the left edge."""
    return round((instant - starts) / HOUR, 4)


def find_overlaps(visits: Iterable[PlannedVisit], couples: Couples = frozenset()) -> frozenset[VisitId]:
    """Return the visits whose worker has another one at the same time, but to the other of a couple."""
    return frozenset(
        visit.id
        for pair in pairs_at_once(visits)
        if not are_couple(couples, pair[0].home_id, pair[1].home_id)
        for visit in pair
    )


def worked_minutes(visits: Iterable[PlannedVisit]) -> int:
    """Return the minutes worked in these visits. What a worker makes at once, for a couple, counts once."""
    by_worker: dict[WorkerId | None, list[PlannedVisit]] = defaultdict(list)
    for visit in visits:
        by_worker[visit.worker_id].append(visit)
    nobodys = sum(visit.minutes for visit in by_worker.pop(None, ()))
    return nobodys + sum(
        minutes_of_work(Slot(visit.starts_at, visit.ends_at) for visit in made) for made in by_worker.values()
    )


def stack(
    visits: Iterable[PlannedVisit], starts: datetime, overlapping: frozenset[VisitId], *, now: datetime
) -> tuple[Block, ...]:
    """Give each visit, in the order of starts, the first level that is free at its start."""
    ends: list[datetime] = []
    placed: list[Block] = []
    for visit in visits:
        level = next((i for i, end in enumerate(ends) if end <= visit.starts_at), len(ends))
        ends[level : level + 1] = [visit.ends_at]
        placed.append(
            Block(
                visit,
                hours_between(starts, visit.starts_at),
                hours_between(starts, visit.ends_at),
                level,
                overlaps=visit.id in overlapping,
                missed=visit.is_missed(now),
            )
        )
    return tuple(placed)


def count_levels(blocks: Sequence[Block]) -> int:
    """Return how many levels a row is high: at least one."""
    return max((block.level for block in blocks), default=0) + 1


def journeys(mode: TravelMode, visits: Sequence[PlannedVisit], starts: datetime) -> Iterator[Journey]:
    """Yield the ways between a worker's visits, where there is one to go and time between them."""
    for before, after in pairwise(visits):
        minutes = estimate_minutes(before.place, after.place, mode=mode)
        free = (after.starts_at - before.ends_at) // timedelta(minutes=1)
        if minutes > 0 and free >= 0:
            start = hours_between(starts, before.ends_at)
            yield Journey(
                start, min(start + minutes / 60, hours_between(starts, after.starts_at)), minutes, free
            )


def edges(midnight: datetime, visits: Iterable[PlannedVisit]) -> tuple[datetime, int]:
    """Return the first full hour shown and how many follow: 07:00 to 21:00, or more when visits need it."""
    every = list(visits)
    first = min((visit.starts_at for visit in every), default=midnight + FIRST_HOUR * HOUR)
    last = max((visit.ends_at for visit in every), default=midnight + LAST_HOUR * HOUR)
    starts = midnight + min(FIRST_HOUR, (first - midnight) // HOUR) * HOUR
    ends = max(midnight + LAST_HOUR * HOUR, last)
    return starts, -((starts - ends) // HOUR)
