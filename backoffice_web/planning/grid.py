"""A day of the planning by worker: workers down, hours across, what nobody has on top. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice_web.planning.blocks import (
    Block,
    Journey,
    count_levels,
    edges,
    hours_between,
    journeys,
    stack,
    worked_minutes,
)
from homecare.kernel.calendar import day_bounds, paris_instant
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.planning import PlannedVisit
from homecare.workers.qualifications import Qualification

OPEN_LEVELS = 5
"""Levels of what nobody has that stay in sight; more are shown when asked."""


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
    """The day between two full hours. `now` is None on another day.

    `open` is what nobody has; once the day `is_over` it can no longer be filled.
    """

    day: date
    starts: datetime
    hours: int
    now: float | None
    open: tuple[Block, ...]
    open_levels: int
    is_over: bool
    rows: tuple[Row, ...]

    @property
    def open_minutes(self) -> int:
        """Minutes that nobody has."""
        return sum(block.visit.minutes for block in self.open)

    @property
    def levels_kept(self) -> int:
        """How many levels of what nobody has stay in sight."""
        return OPEN_LEVELS

    @property
    def open_below(self) -> int:
        """How many visits that nobody has are below those in sight."""
        return sum(1 for block in self.open if block.level >= OPEN_LEVELS)


def lay_out(
    day: date,
    workers: Sequence[Qualification],
    visits: Iterable[PlannedVisit],
    *,
    overlapping: frozenset[VisitId],
    week_minutes: Mapping[WorkerId, int],
    now: datetime,
) -> Grid:
    """Return the grid of a day: every worker has a row, in the order given."""
    every = sorted(visits, key=lambda visit: (visit.starts_at, visit.id))
    midnight, next_midnight = day_bounds(day)
    starts, hours = edges(midnight, every)
    by_worker: dict[WorkerId | None, list[PlannedVisit]] = defaultdict(list)
    for visit in every:
        by_worker[visit.worker_id].append(visit)
    opened = stack(by_worker[None], starts, frozenset(), now=now)
    return Grid(
        day=day,
        starts=starts,
        hours=hours,
        now=hours_between(starts, now) if midnight <= now < next_midnight else None,
        open=opened,
        open_levels=count_levels(opened),
        is_over=next_midnight <= now and all(block.missed for block in opened),
        rows=tuple(
            _row(
                worker,
                stack(by_worker[worker.id], starts, overlapping, now=now),
                (starts, hours),
                day,
                week_minutes.get(worker.id, 0),
            )
            for worker in workers
        ),
    )


def _row(
    worker: Qualification,
    blocks: tuple[Block, ...],
    between: tuple[datetime, int],
    day: date,
    week_minutes: int,
) -> Row:
    starts, hours = between
    visits = [block.visit for block in blocks]
    return Row(
        worker=worker,
        blocks=blocks,
        journeys=tuple(journeys(worker.travel_mode, visits, starts)),
        hours=free_hours(worker, day, starts, hours),
        levels=count_levels(blocks),
        day_minutes=worked_minutes(visits),
        week_minutes=week_minutes,
    )


def free_hours(
    worker: Qualification, day: date, starts: datetime, hours: int
) -> tuple[tuple[float, float], ...]:
    """Return the periods of the day in which the worker may be planned, as positions within the edges."""
    return tuple(
        (
            max(0.0, hours_between(starts, paris_instant(day, since))),
            min(float(hours), hours_between(starts, paris_instant(day, until))),
        )
        for since, until in worker.available
    )
