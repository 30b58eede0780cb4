"""The day on a map: one mark per home, showing the visit that matters most there now. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backoffice_web.board.rows import Row
from backoffice_web.layout.vocabulary import Status
from homecare.kernel.ids import HomeId

_RANK = {
    status: rank
    for rank, status in enumerate(
        (Status.LATE, Status.MISS, Status.WATCH, Status.RUN, Status.OPEN, Status.DUE, Status.DONE)
    )
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A home on the map. `more` is how many other visits it has today; degrees, WGS 84."""

    row: Row
    lon: float
    lat: float
    more: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The homes of the day; `unplaced` counts those whose address is not on the map."""

    placed: tuple[Mark, ...]
    unplaced: int


def mark(rows: Iterable[Row]) -> Marks:
    """Return the marks, the most urgent last, so that it is drawn over the others."""
    homes: dict[HomeId, list[Row]] = defaultdict(list)
    for row in rows:
        if row.status is not Status.OFF:
            homes[row.visit.home_id].append(row)
    placed = []
    for visits in homes.values():
        first = min(visits, key=_urgency)
        if first.visit.lon is not None and first.visit.lat is not None:
            placed.append(Mark(first, first.visit.lon, first.visit.lat, len(visits) - 1))
    placed.sort(key=lambda mark: _urgency(mark.row), reverse=True)
    return Marks(tuple(placed), unplaced=len(homes) - len(placed))


def _urgency(row: Row) -> tuple[int, float]:
    """Sort by status, then late ones by their minutes, those done by the latest, others by the soonest."""
    if row.status in {Status.LATE, Status.MISS, Status.WATCH}:
        return _RANK[row.status], -row.minutes
    starts = row.visit.starts_at.timestamp()
    return _RANK[row.status], -starts if row.status is Status.DONE else starts
