"""A month of the planning as a calendar: how many visits a day, how many nobody has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from homecare.visits.planning import DayCount

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the calendar; `is_outside` when it belongs to the month before or after."""

    day: date
    count: DayCount
    is_outside: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Whole weeks, Monday first. Totals are the month's own."""

    first: date
    weeks: tuple[tuple[MonthDay, ...], ...]

    @property
    def planned(self) -> int:
        """Visits of the month."""
        return sum(one.count.planned for one in self._own)

    @property
    def open(self) -> int:
        """Visits of the month that nobody has."""
        return sum(one.count.open for one in self._own)

    @property
    def missed(self) -> int:
        """Visits of the month that nobody came to."""
        return sum(one.count.missed for one in self._own)

    @property
    def minutes(self) -> int:
        """Planned minutes of the month."""
        return sum(one.count.minutes for one in self._own)

    @property
    def _own(self) -> list[MonthDay]:
        return [one for week in self.weeks for one in week if not one.is_outside]


def month_bounds(day: date) -> tuple[date, date]:
    """Return the half-open period of the calendar of a day's month: from a Monday to a Monday."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first - timedelta(days=first.weekday()), following + timedelta(days=-following.weekday() % 7)


def lay_out_month(day: date, counts: Mapping[date, DayCount], *, today: date) -> Month:
    """Return the calendar of the month of a day."""
    since, until = month_bounds(day)
    return Month(
        day.replace(day=1),
        tuple(
            tuple(
                MonthDay(
                    one,
                    counts.get(one, DayCount(one, 0, 0, 0, 0, 0)),
                    is_outside=(one.year, one.month) != (day.year, day.month),
                    is_today=one == today,
                )
                for one in (monday + timedelta(days=offset) for offset in range(7))
            )
            for monday in (since + n * WEEK for n in range((until - since) // WEEK))
        ),
    )
