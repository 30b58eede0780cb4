"""A week around one unfolded day: the six others are small-scale bars. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import WorkerId
from homecare.visits.planning import PlannedVisit

FIRST_HOUR, LAST_HOUR = 6, 22
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fold:
    """One worker's folded day. Bars and `now` are shares of the day between 06:00 and 22:00."""

    day: date
    bars: tuple[tuple[float, float], ...]
    minutes: int
    is_rest: bool
    now: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """The folded days on both sides of the unfolded one, for the head and for each row."""

    days: tuple[date, ...]
    unfolded: date
    rows: Mapping[WorkerId | None, tuple[Fold, ...]]

    @property
    def before(self) -> tuple[date, ...]:
        """The days before the unfolded one."""
        return tuple(day for day in self.days if day < self.unfolded)

    @property
    def after(self) -> tuple[date, ...]:
        """The days after the unfolded one."""
        return tuple(day for day in self.days if day > self.unfolded)

    def folds_before(self, worker: WorkerId | None) -> tuple[Fold, ...]:
        """Return a worker's days before the unfolded one (None: what nobody has)."""
        return tuple(fold for fold in self.rows.get(worker, ()) if fold.day < self.unfolded)

    def folds_after(self, worker: WorkerId | None) -> tuple[Fold, ...]:
        """Return a worker's days after the unfolded one."""
        return tuple(fold for fold in self.rows.get(worker, ()) if fold.day > self.unfolded)


def days_of_week(day: date) -> tuple[date, ...]:
    """Return the seven days of the civil week of a day, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=offset) for offset in range(7))


def fold_week(
    unfolded: date,
    workers: Sequence[WorkerId],
    visits: Iterable[PlannedVisit],
    *,
    available: Mapping[date, frozenset[WorkerId]],
    now: datetime,
) -> Week:
    """Return the folded days of these workers. `available` tells who may be planned on which day."""
    grouped: dict[tuple[WorkerId | None, date], list[PlannedVisit]] = defaultdict(list)
    for visit in visits:
        grouped[visit.worker_id, paris_day(visit.starts_at)].append(visit)
    days = days_of_week(unfolded)
    return Week(
        days,
        unfolded,
        {
            worker: tuple(
                _fold(day, grouped[worker, day], rests=worker not in available.get(day, frozenset()), now=now)
                for day in days
                if day != unfolded
            )
            for worker in (None, *workers)
        },
    )


def _fold(day: date, visits: Sequence[PlannedVisit], *, rests: bool, now: datetime) -> Fold:
    midnight, _ = day_bounds(day)
    return Fold(
        day=day,
        bars=tuple((_share(visit.starts_at, midnight), _share(visit.ends_at, midnight)) for visit in visits),
        minutes=sum(visit.minutes for visit in visits),
        is_rest=rests and not visits,
        now=_share(now, midnight) if paris_day(now) == day else None,
    )


def _share(instant: datetime, midnight: datetime) -> float:
    hours = (instant - midnight) / HOUR
    return round(min(max((hours - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR), 0.0), 1.0), 4)
