"""A day of the planning as rows of blocks: workers down, hours across, what nobody has on top. Pure.

Positions are hours from the left edge; the sheet places them. Visits that overlap are stacked, never hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from homecare.kernel.calendar import day_bounds, paris_instant
from homecare.kernel.ids import WorkerId
from homecare.visits.planning import PlannedVisit
from homecare.visits.travel import estimate_minutes
from homecare.workers.qualifications import Qualification

FIRST_HOUR = 7
LAST_HOUR = 21
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Block:
    """A visit in a row. `level` is its place in a stack; `overlaps` when the worker has two at once."""

    visit: PlannedVisit
    start: float
    end: float
    level: int
    overlaps: bool

    @property
    def state(self) -> str:
        """What the sheet draws: `done`, `run`, `open`, `published` or `draft`."""
        if self.visit.left_at is not None:
            return "done"
        if self.visit.arrived_at is not None:
            return "run"
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


@dataclass(frozen=True, slots=True)
class Row:
    """A worker's day. `hours` are the periods in which they may be planned, as positions; none: day off."""

    worker: Qualification
    blocks: tuple[Block, ...]
    journeys: tuple[Journey, ...]
    hours: tuple[tuple[float, float], ...]
    levels: int
    day_minutes: int
    week_minutes: int

    @property
    def is_above_contract(self) -> bool:
        """Tell whether the week holds more than the contract."""
        return self.worker.weekly_minutes is not None and self.week_minutes > self.worker.weekly_minutes


@dataclass(frozen=True, slots=True)
class Grid:
    """The day between two full hours. `now` is None on another day."""

    day: date
    starts: datetime
    hours: int
    now: float | None
    open: tuple[Block, ...]
    open_levels: int
    rows: tuple[Row, ...]

    @property
    def open_minutes(self) -> int:
        """Minutes that nobody has."""
        return sum(block.visit.minutes for block in self.open)

    @property
    def unpublished(self) -> int:
        """How many visits have a worker who does not see them yet."""
        return sum(1 for row in self.rows for block in row.blocks if block.state == "draft")


def lay_out(
    day: date,
    workers: Sequence[Qualification],
    visits: Iterable[PlannedVisit],
    *,
    week_minutes: Mapping[WorkerId, int],
    now: datetime,
) -> Grid:
    """Return the grid of a day: every worker has a row, in the order given."""
    every = sorted(visits, key=lambda visit: (visit.starts_at, visit.id))
    midnight, next_midnight = day_bounds(day)
    starts, hours = _edges(midnight, every)
    by_worker: dict[WorkerId | None, list[PlannedVisit]] = defaultdict(list)
    for visit in every:
        by_worker[visit.worker_id].append(visit)
    opened = _stack(by_worker[None], starts)
    return Grid(
        day=day,
        starts=starts,
        hours=hours,
        now=_hours(now, starts) if midnight <= now < next_midnight else None,
        open=opened,
        open_levels=_levels(opened),
        rows=tuple(
            _row(worker, by_worker[worker.id], (starts, hours), day, week_minutes.get(worker.id, 0))
            for worker in workers
        ),
    )


def _edges(midnight: datetime, visits: Sequence[PlannedVisit]) -> tuple[datetime, int]:
    """Return the first full hour shown and how many follow: 07:00 to 21:00, or more when visits need it."""
    first = min((visit.starts_at for visit in visits), default=midnight + FIRST_HOUR * HOUR)
    last = max((visit.ends_at for visit in visits), default=midnight + LAST_HOUR * HOUR)
    starts = midnight + min(FIRST_HOUR, (first - midnight) // HOUR) * HOUR
    ends = max(midnight + LAST_HOUR * HOUR, last)
    return starts, -((starts - ends) // HOUR)


def _row(
    worker: Qualification,
    visits: Sequence[PlannedVisit],
    edges: tuple[datetime, int],
    day: date,
    week_minutes: int,
) -> Row:
    starts, hours = edges
    blocks = _stack(visits, starts)
    return Row(
        worker=worker,
        blocks=blocks,
        journeys=tuple(_journeys(worker, visits, starts)),
        hours=tuple(
            (
                max(0.0, _hours(paris_instant(day, since), starts)),
                min(float(hours), _hours(paris_instant(day, until), starts)),
            )
            for since, until in worker.available
        ),
        levels=_levels(blocks),
        day_minutes=sum(visit.minutes for visit in visits),
        week_minutes=week_minutes,
    )


def _stack(visits: Sequence[PlannedVisit], starts: datetime) -> tuple[Block, ...]:
    """Give each visit the first level that is free at its start."""
    ends: list[datetime] = []
    placed: list[Block] = []
    for visit in visits:
        level = next((i for i, end in enumerate(ends) if end <= visit.starts_at), len(ends))
        ends[level : level + 1] = [visit.ends_at]
        overlaps = any(
            other.id != visit.id and other.starts_at < visit.ends_at and visit.starts_at < other.ends_at
            for other in visits
            if visit.worker_id is not None
        )
        placed.append(
            Block(visit, _hours(visit.starts_at, starts), _hours(visit.ends_at, starts), level, overlaps)
        )
    return tuple(placed)


def _levels(blocks: Sequence[Block]) -> int:
    return max((block.level for block in blocks), default=0) + 1


def _journeys(worker: Qualification, visits: Sequence[PlannedVisit], starts: datetime) -> Iterable[Journey]:
    for before, after in pairwise(visits):
        minutes = estimate_minutes(before.place, after.place, mode=worker.travel_mode)
        free = (after.starts_at - before.ends_at) // timedelta(minutes=1)
        if minutes > 0 and free >= 0:
            start = _hours(before.ends_at, starts)
            yield Journey(start, min(start + minutes / 60, _hours(after.starts_at, starts)), minutes, free)


def _hours(instant: datetime, starts: datetime) -> float:
    return round((instant - starts) / HOUR, 4)
