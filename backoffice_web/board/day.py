"""A day of the board as one reader sees it: read once, then shown as a page, a list, a timeline or a wall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from backoffice_web.board.lanes import Block, Timeline, draw, first_hour, place
from backoffice_web.board.rows import Counts, Group, Row, classify, count, group
from homecare.access.line_checks import LineState, list_line_states
from homecare.alerts.queries import board_row, board_rows, first_start
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import AreaId, UserId, VisitId
from homecare.punches.devices import AilingDevice, list_ailing_devices
from homecare.punches.journal import JournalRow, list_journal
from homecare.punches.queries import RefusalRow, list_refusals

EVERYTHING = "tout"
MOST_REFUSALS = 100
MOST_WEAK = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board is narrowed to: an area, and a point of view."""

    area: AreaId | None = None
    view: str = EVERYTHING

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Return the filters of an address; what makes no sense is left out."""
        area = arguments.get("secteur", "")
        view = arguments.get("vue", "")
        return cls(
            AreaId(int(area)) if area.isascii() and area.isdigit() else None,
            view if view in {"retards", "miennes"} else EVERYTHING,
        )

    def keep(self, row: Row, me: UserId) -> bool:
        """Tell whether the point of view shows the row."""
        match self.view:
            case "retards":
                return row.is_pressing
            case "miennes":
                return row.visit.owner_id == me
            case _everything:
                return True


@dataclass(frozen=True, slots=True)
class Day:
    """The day at `now`: the list's groups, the figures, the timeline, the attempts without a punch.

    `hidden` counts what the point of view leaves out of the list.
    `weak`: the latest punches with less proof than was asked; `devices`: those to look at; `lines`: the
    numbers that workers call.
    """

    now: datetime
    day: date
    filters: Filters
    groups: list[Group]
    counts: Counts
    hidden: int
    timeline: Timeline
    refusals: list[RefusalRow]
    weak: list[JournalRow]
    devices: list[AilingDevice]
    lines: list[LineState]

    @property
    def ailing_lines(self) -> list[LineState]:
        """The numbers to look at."""
        return [line for line in self.lines if line.is_ailing(self.now)]

    @property
    def lines_heard_at(self) -> datetime | None:
        """When the last of the numbers was heard, if every one was; None otherwise."""
        ends = [line.ended_at for line in self.lines]
        if self.ailing_lines or not self.lines:
            return None
        return max((end for end in ends if end is not None), default=None) if all(ends) else None


def read_day(conn: db.Conn, filters: Filters, *, me: UserId, now: datetime) -> Day:
    """Return today (Paris) as `me` sees it through the filters."""
    day = paris_day(now)
    midnight, end = day_bounds(day)
    rows = classify(board_rows(conn, day, area=filters.area), now)
    kept = [row for row in rows if filters.keep(row, me)]
    starts = first_hour(midnight, min((row.visit.starts_at for row in rows), default=None))
    return Day(
        now=now,
        day=day,
        filters=filters,
        groups=group(kept),
        counts=count(rows),
        hidden=sum(1 for row in rows if row.is_listed and not filters.keep(row, me)),
        timeline=draw(kept, starts, midnight, now),
        refusals=_read_refusals(conn, filters, midnight, end),
        weak=_read_weak(conn, filters, midnight, end),
        devices=list_ailing_devices(conn, area=filters.area) if filters.view == EVERYTHING else [],
        lines=list_line_states(conn) if filters.view == EVERYTHING else [],
    )


def _read_refusals(conn: db.Conn, filters: Filters, since: datetime, until: datetime) -> list[RefusalRow]:
    """Return the day's attempts, the latest first; they belong to the view of everything alone."""
    if filters.view != EVERYTHING:
        return []
    found = list_refusals(conn, since=since, until=until, limit=MOST_REFUSALS)
    return [one for one in found if filters.area is None or one.area_id in (None, filters.area)]


def _read_weak(conn: db.Conn, filters: Filters, since: datetime, until: datetime) -> list[JournalRow]:
    """Return the day's latest punches below the minimum, in the view of everything alone."""
    if filters.view != EVERYTHING:
        return []
    return list_journal(
        conn, since=since, until=until, area=filters.area, below_minimum_only=True, limit=MOST_WEAK
    )


def read_block(conn: db.Conn, filters: Filters, visit: VisitId, *, me: UserId, now: datetime) -> Block | None:
    """Return one visit's block of today's timeline, the same as `read_day` draws; None when it has none.

    What a visit is depends on nothing but itself and the other visits of its worker.
    """
    day = paris_day(now)
    found = board_row(conn, visit)
    if found is None or paris_day(found.starts_at) != day or filters.area not in (None, found.area_id):
        return None
    near = [found]
    if found.worker_id is not None:
        near = board_rows(conn, day, area=filters.area, worker=found.worker_id)
    rows = classify(near, now)
    row = next((row for row in rows if row.visit.visit_id == visit and filters.keep(row, me)), None)
    if row is None:
        return None
    midnight, _end = day_bounds(day)
    return place(row, first_hour(midnight, first_start(conn, day, area=filters.area)))
