"""A day by client: who has a row, in which order, what stands in it."""

from dataclasses import replace
from datetime import timedelta

from backoffice_web.planning.blocks import find_overlaps
from backoffice_web.planning.clients import ClientGrid, lay_out_clients
from backoffice_web.planning.week import fold_week, of_client
from homecare.kernel.ids import ClientId
from homecare.visits.planning import PlannedVisit
from tests.backoffice_web.planning.test_grid import DAY, HOUR, NINE, visit


def of(client: int, name: str, planned: PlannedVisit) -> PlannedVisit:
    return replace(planned, client_id=ClientId(client), client=name)


def grid_of(*visits: PlannedVisit) -> ClientGrid:
    return lay_out_clients(DAY, visits, overlapping=find_overlaps(visits), now=NINE)


def test_those_whom_nobody_comes_to_are_first_then_names() -> None:
    grid = grid_of(
        of(1, "AUBRY Paul", visit(1, NINE)),
        of(2, "ZOLA Anne", visit(2, NINE, worker=None)),
        of(3, "MARTIN Léa", visit(3, NINE + HOUR)),
    )
    assert [(row.name, row.open) for row in grid.rows] == [
        ("ZOLA Anne", 1),
        ("AUBRY Paul", 0),
        ("MARTIN Léa", 0),
    ]


def test_whom_nobody_came_to_is_first_too_but_no_longer_to_fill() -> None:
    visits = [of(1, "AUBRY Paul", visit(1, NINE)), of(2, "ZOLA Anne", visit(2, NINE, worker=None))]
    grid = lay_out_clients(DAY, visits, overlapping=frozenset(), now=NINE + timedelta(days=1))
    assert [(row.name, row.open, row.missed) for row in grid.rows] == [
        ("ZOLA Anne", 0, 1),
        ("AUBRY Paul", 0, 0),
    ]


def test_a_client_s_visits_stand_in_one_row_stacked_where_two_come_at_once() -> None:
    two = [of(1, "AUBRY Paul", visit(1, NINE)), of(1, "AUBRY Paul", visit(2, NINE, worker=2))]
    (row,) = grid_of(*two).rows
    assert [(block.start, block.level, block.overlaps) for block in row.blocks] == [
        (2.0, 0, False),
        (2.0, 1, False),
    ]
    assert (row.levels, row.minutes) == (2, 120)


def test_a_worker_expected_at_another_client_at_the_same_time_is_marked_in_both_rows() -> None:
    grid = grid_of(of(1, "AUBRY Paul", visit(1, NINE)), of(2, "ZOLA Anne", visit(2, NINE + HOUR / 2)))
    assert [block.overlaps for row in grid.rows for block in row.blocks] == [True, True]


def test_a_client_of_another_day_of_the_week_has_a_row_and_folds_without_rests() -> None:
    tomorrow = of(1, "AUBRY Paul", visit(1, NINE + 24 * HOUR, worker=None))
    assert [(row.name, row.blocks) for row in grid_of(tomorrow).rows] == [("AUBRY Paul", ())]
    week = fold_week(DAY, [1], [tomorrow], available=None, now=NINE, line_of=of_client)
    folds = [*week.folds_before(1), *week.folds_after(1)]
    assert not any(fold.is_rest for fold in folds)
    assert [fold.open for fold in folds if fold.bars] == [((0.1875, 0.25),)]
