"""A week around one unfolded day: the six others are small-scale bars, a line a worker or a client. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice_web.planning.blocks import worked_minutes
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import WorkerId
from homecare.visits.planning import PlannedVisit

FIRST_HOUR, LAST_HOUR = 6, 22
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fold:
    """One line's folded day. Bars and `now` are shares of the day between 06:00 and 22:00.

    `open` are, among the bars, those of visits that nobody has; `missed` those to whom nobody came.
    """

    day: date
    bars: tuple[tuple[float, float], ...]
    open: tuple[tuple[float, float], ...]
    missed: tuple[tuple[float, float], ...]
    minutes: int
    is_rest: bool
    now: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """The folded days on both sides of the unfolded one, for the head and for each row."""

    days: tuple[date, ...]
    unfolded: date
    rows: Mapping[int | None, tuple[Fold, ...]]

    @property
    def before(self) -> tuple[date, ...]:
        """The days before the unfolded one."""
        return tuple(day for day in self.days if day < self.unfolded)

    @property
    def after(self) -> tuple[date, ...]:
        """The days after the unfolded one."""
        return tuple(day for day in self.days if day > self.unfolded)

    def folds_before(self, line: int | None) -> tuple[Fold, ...]:
        """Return the days of a worker or client before the unfolded one (None: what nobody has)."""
        return tuple(fold for fold in self.rows.get(line, ()) if fold.day < self.unfolded)

    def folds_after(self, line: int | None) -> tuple[Fold, ...]:
        """Return the days of a worker or client after the unfolded one."""
        return tuple(fold for fold in self.rows.get(line, ()) if fold.day > self.unfolded)


def days_of_week(day: date) -> tuple[date, ...]:
    """Return the seven days of the civil week of a day, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=offset) for offset in range(7))


def of_worker(visit: PlannedVisit) -> int | None:
    """Return the line of a visit when lines are workers: None for what nobody has."""
    return visit.worker_id


def of_client(visit: PlannedVisit) -> int | None:
    """Return the line of a visit when lines are clients."""
    return visit.client_id


def fold_week(
    unfolded: date,
    lines: Sequence[int],
    visits: Iterable[PlannedVisit],
    *,
    available: Mapping[date, frozenset[WorkerId]] | None,
    now: datetime,
    line_of: Callable[[PlannedVisit], int | None] = of_worker,
) -> Week:
    """Return the folded days of these lines. `available` tells who may be planned on which day.

    Without it nobody rests: clients do not.
    """
    grouped: dict[tuple[int | None, date], list[PlannedVisit]] = defaultdict(list)
    for visit in visits:
        grouped[line_of(visit), paris_day(visit.starts_at)].append(visit)
    days = days_of_week(unfolded)
    return Week(
        days,
        unfolded,
        {
            line: tuple(
                _fold(
                    day,
                    grouped[line, day],
                    rests=available is not None and line not in available.get(day, frozenset()),
                    now=now,
                )
                for day in days
                if day != unfolded
            )
            for line in (None, *lines)
        },
    )


def _fold(day: date, visits: Sequence[PlannedVisit], *, rests: bool, now: datetime) -> Fold:
    midnight, _ = day_bounds(day)
    missed = [visit for visit in visits if visit.is_missed(now)]
    return Fold(
        day=day,
        bars=tuple(_bar(visit, midnight) for visit in visits),
        open=tuple(
            _bar(visit, midnight) for visit in visits if visit.worker_id is None and visit not in missed
        ),
        missed=tuple(_bar(visit, midnight) for visit in missed),
        minutes=worked_minutes(visits),
        is_rest=rests and not visits,
        now=_share(now, midnight) if paris_day(now) == day else None,
    )


def _bar(visit: PlannedVisit, midnight: datetime) -> tuple[float, float]:
    return _share(visit.starts_at, midnight), _share(visit.ends_at, midnight)


def _share(instant: datetime, midnight: datetime) -> float:
    hours = (instant - midnight) / HOUR
    return round(min(max((hours - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR), 0.0), 1.0), 4)
