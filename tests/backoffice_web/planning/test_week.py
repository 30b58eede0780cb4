"""A week around one unfolded day."""

from datetime import date, timedelta

from backoffice_web.planning.week import days_of_week, fold_week
from homecare.kernel.ids import WorkerId
from tests.backoffice_web.planning.test_grid import DAY, HOUR, NINE, visit

SONIA = WorkerId(1)
MONDAY = date(2026, 11, 23)


def test_a_week_goes_from_monday_to_sunday() -> None:
    assert days_of_week(DAY)[0] == MONDAY
    assert days_of_week(date(2026, 11, 29)) == days_of_week(MONDAY)
    assert len(days_of_week(DAY)) == 7


def test_the_unfolded_day_parts_the_others() -> None:
    week = fold_week(DAY, [SONIA], [], available={}, now=NINE)
    assert [fold.day for fold in week.folds_before(SONIA)] == [MONDAY]
    assert len(week.folds_after(SONIA)) == 5
    assert (week.before, len(week.after)) == ((MONDAY,), 5)


def test_a_folded_day_shows_its_visits_on_the_scale_of_the_day() -> None:
    yesterday = visit(1, NINE - 24 * HOUR)  # 09:00 to 10:00 of the 16 hours from 06:00
    (fold,) = fold_week(DAY, [SONIA], [yesterday], available={}, now=NINE).folds_before(SONIA)
    assert (fold.bars, fold.minutes, fold.is_rest, fold.now) == (((0.1875, 0.25),), 60, False, None)


def test_a_day_without_hours_nor_visits_is_a_rest() -> None:
    week = fold_week(DAY, [SONIA], [], available={MONDAY: frozenset({SONIA})}, now=NINE)
    assert [fold.is_rest for fold in week.folds_before(SONIA)] == [False]
    assert all(fold.is_rest for fold in week.folds_after(SONIA))


def test_what_nobody_has_is_folded_too_and_today_has_its_line() -> None:
    tomorrow = visit(1, NINE + 24 * HOUR, worker=None)
    week = fold_week(DAY, [], [tomorrow], available={}, now=NINE + timedelta(days=1))
    assert [fold.now for fold in week.folds_after(None)] == [0.1875, None, None, None, None]
    assert week.folds_after(None)[0].minutes == 60


def test_what_nobody_had_on_a_day_that_is_over_is_folded_apart() -> None:
    yesterday, tomorrow = (visit(n, NINE + n * 24 * HOUR, worker=None) for n in (-1, 1))
    week = fold_week(DAY, [], [yesterday, tomorrow], available={}, now=NINE)
    told = [
        (len(fold.open), len(fold.missed)) for fold in (*week.folds_before(None), week.folds_after(None)[0])
    ]
    assert told == [(0, 1), (1, 0)]


def test_a_visit_at_night_stays_at_the_edge_of_its_day() -> None:
    night = visit(1, NINE - 28 * HOUR)  # 05:00 to 06:00 the day before
    (fold,) = fold_week(DAY, [SONIA], [night], available={}, now=NINE).folds_before(SONIA)
    assert fold.bars == ((0.0, 0.0),)
