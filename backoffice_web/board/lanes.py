"""The timeline of the board: one lane a worker, planned and real bars, most urgent lane first. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice_web.board.rows import Row
from backoffice_web.layout.vocabulary import Status
from homecare.kernel.ids import WorkerId

FIRST_HOUR = 6
LAST_HOUR = 22
HOUR = timedelta(hours=1)

_RANK = {Status.LATE: 0, Status.MISS: 1, Status.WATCH: 2}


@dataclass(frozen=True, slots=True)
class Block:
    """A visit on a lane. All positions are hours from the timeline's start, for the sheet to place.

    `real` is what was punched: from the arrival to the departure, or to now when `real_to` is None.
    """

    row: Row
    planned_from: float
    planned_to: float
    real_from: float | None
    real_to: float | None


@dataclass(frozen=True, slots=True)
class Lane:
    """A worker's day; the lane of the visits to be filled has no worker."""

    worker_id: WorkerId | None
    worker: str | None
    done: int
    total: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lanes between two full hours."""

    starts: datetime
    hours: int
    now: float
    lanes: tuple[Lane, ...]


def first_hour(midnight: datetime, first: datetime | None) -> datetime:
    """Return the full hour at which the timeline of a day begins: 06:00, or that of its first visit."""
    return midnight + min(FIRST_HOUR, ((first or midnight + FIRST_HOUR * HOUR) - midnight) // HOUR) * HOUR


def draw(rows: Iterable[Row], starts: datetime, midnight: datetime, now: datetime) -> Timeline:
    """Return the timeline of the day that begins at `midnight`, from `starts` to 22:00 or later."""
    every = list(rows)
    last = max([row.visit.ends_at for row in every], default=midnight + LAST_HOUR * HOUR)
    hours = max(LAST_HOUR * HOUR + midnight - starts, last - starts + HOUR - timedelta.resolution) // HOUR
    lanes = defaultdict(list)
    for row in every:
        lanes[row.visit.worker_id].append(row)
    ordered = sorted(lanes.items(), key=lambda lane: (lane[0] is not None, *_urgency(lane[1], now)))
    return Timeline(
        starts=starts,
        hours=hours,
        now=_hours(now, starts),
        lanes=tuple(_lane(worker, lane, starts) for worker, lane in ordered),
    )


def _lane(worker: WorkerId | None, rows: list[Row], starts: datetime) -> Lane:
    planned = [row for row in rows if row.status is not Status.OFF]
    return Lane(
        worker_id=worker,
        worker=rows[0].visit.worker,
        done=sum(1 for row in planned if row.status is Status.DONE),
        total=len(planned),
        blocks=tuple(place(row, starts) for row in rows),
    )


def place(row: Row, starts: datetime) -> Block:
    """Return where a visit stands on the timeline that begins at `starts`."""
    visit = row.visit
    real_from = visit.arrived_at or visit.left_at
    return Block(
        row=row,
        planned_from=_hours(visit.starts_at, starts),
        planned_to=_hours(visit.ends_at, starts),
        real_from=None if real_from is None else _hours(real_from, starts),
        real_to=None if visit.left_at is None else _hours(visit.left_at, starts),
    )


def _urgency(rows: list[Row], now: datetime) -> tuple[int, int, float, str]:
    """Sort lanes by their worst visit, then by the most minutes, then by their next start, then by name."""
    worst = min(rows, key=lambda row: (_RANK.get(row.status, 3), -row.minutes))
    rank = _RANK.get(worst.status, 3)
    nexts = [row.visit.starts_at for row in rows if row.status in {Status.RUN, Status.DUE}]
    soonest = min(nexts, default=now + timedelta(days=2))
    return (
        rank,
        -worst.minutes if rank < 3 else 0,  # noqa: PLR2004 - the rank of lanes where nothing presses
        soonest.timestamp(),
        rows[0].visit.worker or "",
    )


def _hours(instant: datetime, starts: datetime) -> float:
    return round((instant - starts) / HOUR, 4)
