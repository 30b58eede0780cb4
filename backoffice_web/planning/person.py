"""One person's week: days down, hours across, a worker's or a client's. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from backoffice_web.planning.blocks import (
    FIRST_HOUR,
    LAST_HOUR,
    Block,
    Journey,
    count_levels,
    hours_between,
    journeys,
    stack,
    worked_minutes,
)
from backoffice_web.planning.grid import free_hours
from homecare.kernel.calendar import PARIS, paris_day, paris_instant
from homecare.kernel.ids import VisitId
from homecare.visits.planning import PlannedVisit
from homecare.workers.qualifications import Qualification


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the person; `now` on today alone. `hours` are those in which a worker may be planned."""

    day: date
    starts: datetime
    blocks: tuple[Block, ...]
    journeys: tuple[Journey, ...]
    hours: tuple[tuple[float, float], ...]
    levels: int
    minutes: int
    is_rest: bool
    now: float | None


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """Seven days between the same two full hours. `contract` is None for a client, or without a contract."""

    first_hour: int
    hours: int
    rows: tuple[DayRow, ...]
    contract: int | None

    @property
    def minutes(self) -> int:
        """Planned minutes of the week."""
        return sum(row.minutes for row in self.rows)

    @property
    def is_above_contract(self) -> bool:
        """Tell whether the week holds more than the contract."""
        return self.contract is not None and self.minutes > self.contract


def lay_out_week(
    days: Iterable[date],
    visits: Iterable[PlannedVisit],
    *,
    overlapping: frozenset[VisitId],
    worker: Mapping[date, Qualification],
    now: datetime,
) -> PersonWeek:
    """Return the week of `visits`. `worker` is who the person is on each day, empty for a client.

    `overlapping` are found among all visits of the workers met, for one may be expected elsewhere at once.
    """
    by_day: dict[date, list[PlannedVisit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: (visit.starts_at, visit.id)):
        by_day[paris_day(visit.starts_at)].append(visit)
    first, last = _hours_shown(by_day)
    rows = []
    for day in days:
        starts = paris_instant(day, time(first))
        who = worker.get(day)
        blocks = stack(by_day[day], starts, overlapping, now=now)
        hours = () if who is None else free_hours(who, day, starts, last - first)
        rows.append(
            DayRow(
                day=day,
                starts=starts,
                blocks=blocks,
                journeys=() if who is None else tuple(journeys(who.travel_mode, by_day[day], starts)),
                hours=hours,
                levels=count_levels(blocks),
                minutes=worked_minutes(by_day[day]),
                is_rest=who is not None and not hours and not blocks,
                now=hours_between(starts, now) if paris_day(now) == day else None,
            )
        )
    contracts = [who.weekly_minutes for who in worker.values() if who.weekly_minutes is not None]
    return PersonWeek(first, last - first, tuple(rows), contracts[-1] if contracts else None)


def _hours_shown(by_day: Mapping[date, Iterable[PlannedVisit]]) -> tuple[int, int]:
    """Return the full hours of the wall clock between which every day fits; after midnight they go on."""
    first, last = FIRST_HOUR, LAST_HOUR
    for day, visits in by_day.items():
        for visit in visits:
            starts, ends = visit.starts_at.astimezone(PARIS), visit.ends_at.astimezone(PARIS)
            first = min(first, starts.hour)
            over = (ends.date() - day).days * 24 + ends.hour + (1 if ends.minute or ends.second else 0)
            last = max(last, over)
    return first, last
