"""A day of the planning by client: the same visits, those whom nobody comes to first. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from backoffice_web.planning.blocks import (
    Block,
    count_levels,
    edges,
    hours_between,
    stack,
)
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import ClientId, VisitId
from homecare.visits.planning import PlannedVisit


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client's day; `minutes` are those planned, whoever comes or not."""

    id: ClientId
    name: str
    city: str
    fragile: bool
    blocks: tuple[Block, ...]
    levels: int
    minutes: int

    @property
    def open(self) -> int:
        """How many visits of the day nobody has."""
        return self._count("open")

    @property
    def missed(self) -> int:
        """How many visits nobody came to."""
        return self._count("missed")

    def _count(self, state: str) -> int:
        return sum(1 for block in self.blocks if block.state == state)


@dataclass(frozen=True, slots=True)
class ClientGrid:
    """The day between two full hours. `now` is None on another day."""

    day: date
    starts: datetime
    hours: int
    now: float | None
    rows: tuple[ClientRow, ...]


def lay_out_clients(
    day: date, visits: Iterable[PlannedVisit], *, overlapping: frozenset[VisitId], now: datetime
) -> ClientGrid:
    """Return the grid of a day. A client has a row who has a visit among `visits`, on whatever day it is.

    `overlapping` are found among all visits, for a worker may be expected at the same time where nothing is
    shown.
    """
    midnight, next_midnight = day_bounds(day)
    every = sorted(visits, key=lambda visit: (visit.starts_at, visit.id))
    today = [visit for visit in every if midnight <= visit.starts_at < next_midnight]
    starts, hours = edges(midnight, today)
    shown: dict[ClientId, list[PlannedVisit]] = defaultdict(list)
    for visit in today:
        shown[visit.client_id].append(visit)
    rows = [
        _row(visit, stack(shown[visit.client_id], starts, overlapping, now=now))
        for visit in {visit.client_id: visit for visit in every}.values()
    ]
    return ClientGrid(
        day=day,
        starts=starts,
        hours=hours,
        now=hours_between(starts, now) if midnight <= now < next_midnight else None,
        rows=tuple(sorted(rows, key=lambda row: (row.open + row.missed == 0, row.name, row.id))),
    )


def _row(visit: PlannedVisit, blocks: tuple[Block, ...]) -> ClientRow:
    return ClientRow(
        id=visit.client_id,
        name=visit.client,
        city=visit.city,
        fragile=visit.fragile,
        blocks=blocks,
        levels=count_levels(blocks),
        minutes=sum(block.visit.minutes for block in blocks),
    )
