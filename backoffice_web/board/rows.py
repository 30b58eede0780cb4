"""What each visit is at this instant, and in which order the list shows them. Pure: visits in, rows out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice_web.layout.vocabulary import Status
from homecare.alerts.model import BoardRow
from homecare.kernel.ids import WorkerId

SOON = timedelta(hours=1)
ON_TIME = timedelta(minutes=8)


@dataclass(frozen=True, slots=True)
class Row:
    """A visit with its status.

    `minutes` is what the row counts: lateness (late, miss), foreseen lateness (watch), the wait (due, open;
    begun minutes, negative once the start has passed), time spent (run) or the real length (done).
    `busy_with` is the visit that holds the worker (late, miss, watch), or at which they have arrived since
    (run); `since` is the instant from which the figure counts.
    """

    visit: BoardRow
    status: Status
    minutes: int
    since: datetime
    busy_with: BoardRow | None = None

    @property
    def is_listed(self) -> bool:
        """Tell whether the list shows it now; a visit further away is on the timeline only."""
        return self.status is not Status.OFF and not (self.status is Status.DUE and self.minutes > 60)  # noqa: PLR2004

    @property
    def is_overdue(self) -> bool:
        """Tell whether its hour has come and nobody is to make it."""
        return self.status is Status.OPEN and self.minutes <= 0

    @property
    def is_skipped(self) -> bool:
        """Tell whether its worker went on to another visit after its hour had come."""
        elsewhere = None if self.busy_with is None else self.busy_with.arrived_at
        return elsewhere is not None and elsewhere > self.visit.starts_at

    @property
    def is_left_open(self) -> bool:
        """Tell whether its worker is at another visit: the departure was forgotten."""
        return self.status is Status.RUN and self.busy_with is not None

    @property
    def is_pressing(self) -> bool:
        """Tell whether somebody waits, or will, unless something is done."""
        return self.is_overdue or self.status in {Status.LATE, Status.MISS, Status.WATCH}

    @property
    def is_escalated(self) -> bool:
        """Tell whether nobody took its alert in time, and nobody has it yet."""
        return self.visit.escalated_at is not None and self.visit.owner_id is None


def classify(visits: Iterable[BoardRow], now: datetime) -> list[Row]:
    """Return a row for each visit, in the same order."""
    ordered = list(visits)
    held = _held_workers(ordered)
    return [_row(visit, held, now) for visit in ordered]


def _held_workers(visits: Iterable[BoardRow]) -> dict[WorkerId, BoardRow]:
    """Return, for each worker now at a visit, that visit (the last one arrived at)."""
    running = [v for v in visits if v.arrived_at is not None and v.left_at is None and v.cancelled_at is None]
    running.sort(key=lambda v: v.arrived_at or v.starts_at)
    return {v.worker_id: v for v in running if v.worker_id is not None}


def _row(visit: BoardRow, held: Mapping[WorkerId, BoardRow], now: datetime) -> Row:
    status = Status(visit.status(now).value)
    held_by = None if visit.worker_id is None else held.get(visit.worker_id)
    match status:
        case Status.OFF:
            return Row(visit, status, 0, visit.starts_at)
        case Status.DONE:
            left = visit.left_at or visit.ends_at
            return Row(visit, status, _minutes(left - (visit.arrived_at or left)), left)
        case Status.RUN:
            arrived = visit.arrived_at or now
            return Row(visit, status, _minutes(now - arrived), arrived, _elsewhere_since(visit, held_by))
        case Status.LATE | Status.MISS:
            return Row(visit, status, visit.minutes_late(now), visit.starts_at, held_by)
        case Status.DUE if held_by is not None and (foreseen := _foreseen_lateness(visit, held_by, now)):
            return Row(visit, Status.WATCH, foreseen, visit.starts_at, held_by)
        case _to_come:
            return Row(visit, status, -_minutes(now - visit.starts_at), visit.starts_at)


def _elsewhere_since(visit: BoardRow, held_by: BoardRow | None) -> BoardRow | None:
    """Return the visit at which the worker has arrived since; both of a couple are arrived at together."""
    if held_by is None or held_by.arrived_at is None or visit.arrived_at is None:
        return None
    return held_by if held_by.arrived_at > visit.arrived_at else None


def _foreseen_lateness(visit: BoardRow, held_by: BoardRow, now: datetime) -> int:
    """Return the least lateness in minutes while the worker is still elsewhere; travel comes on top."""
    if visit.starts_at - now > SOON:
        return 0
    free_at = max(now, held_by.ends_at)
    return max(0, _minutes(free_at - visit.starts_at))


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


ORDER = (Status.LATE, Status.MISS, Status.WATCH, Status.DUE, Status.RUN, Status.OPEN, Status.DONE)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one status, in the order of the list; what is overdue stands apart."""

    status: Status
    rows: tuple[Row, ...]
    is_overdue: bool = False


def group(rows: Iterable[Row]) -> list[Group]:
    """Return the list's groups, most urgent first; a group without rows is kept, empty."""
    listed = [row for row in rows if row.is_listed]
    overdue = tuple(sorted((row for row in listed if row.is_overdue), key=_rank))
    groups = [
        Group(
            status,
            tuple(sorted((r for r in listed if r.status is status and not r.is_overdue), key=_rank)),
        )
        for status in ORDER
    ]
    if overdue:
        groups.insert(ORDER.index(Status.MISS) + 1, Group(Status.OPEN, overdue, is_overdue=True))
    return groups


def _rank(row: Row) -> tuple[bool, int, bool, datetime]:
    """Sort minutes late first, then fragility; what comes by its hour; what is over by the latest.

    Among the visits under way those left open come first.
    """
    match row.status:
        case Status.LATE | Status.MISS | Status.WATCH:
            return False, -row.minutes, not row.visit.fragile, row.visit.starts_at
        case Status.RUN | Status.DONE:
            return not row.is_left_open, -int(row.since.timestamp()), False, row.since
        case _other:
            return False, 0, False, row.visit.starts_at


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures on top: of the area, whatever the point of view."""

    of: Mapping[Status, int]
    late_or_missed: int
    without_owner: int
    escalated: int
    left_open: int
    visits: int
    next_open: datetime | None
    on_time: float | None


def count(rows: Iterable[Row]) -> Counts:
    """Count what the counters show. `on_time` is the share of arrivals within 8 minutes of the plan."""
    every = list(rows)
    listed = [row for row in every if row.is_listed]
    opens = [row.visit.starts_at for row in listed if row.status is Status.OPEN]
    arrived = [v for row in every if (v := row.visit).arrived_at is not None]
    kept = sum(1 for v in arrived if v.arrived_at is not None and abs(v.arrived_at - v.starts_at) <= ON_TIME)
    behind = [row for row in listed if row.status in {Status.LATE, Status.MISS}]
    return Counts(
        late_or_missed=len(behind),
        of={status: sum(1 for row in listed if row.status is status) for status in ORDER},
        without_owner=sum(1 for row in behind if row.visit.owner_id is None),
        escalated=sum(1 for row in listed if row.is_escalated),
        left_open=sum(1 for row in listed if row.is_left_open),
        visits=sum(1 for row in every if row.status is not Status.OFF),
        next_open=min(opens, default=None),
        on_time=kept / len(arrived) if arrived else None,
    )
