"""Who is expected twice at once."""

from dataclasses import replace

from backoffice_web.planning.blocks import find_overlaps, worked_minutes
from homecare.kernel.ids import HomeId
from tests.backoffice_web.planning.test_grid import HOUR, NINE, visit


def test_a_worker_expected_in_two_places_at_once_is_found_wherever_they_are() -> None:
    first, second = visit(1, NINE), visit(2, NINE + HOUR / 2)
    assert find_overlaps([second, first]) == {1, 2}


def test_one_after_the_other_two_workers_and_what_nobody_has_are_no_conflict() -> None:
    after, other, nobodys = visit(2, NINE + HOUR), visit(3, NINE, worker=2), visit(4, NINE, worker=None)
    assert find_overlaps([visit(1, NINE), after, other, nobodys, replace(nobodys, id=5)]) == set()  # type: ignore[arg-type]


def test_a_couples_two_visits_at_once_are_no_conflict_and_are_worked_once() -> None:
    hers, his = visit(1, NINE), replace(visit(2, NINE + HOUR / 2), home_id=HomeId(9))
    couple = frozenset({(hers.home_id, his.home_id)})
    assert find_overlaps([hers, his], couple) == set()
    assert find_overlaps([hers, his, visit(3, NINE + HOUR / 2)], couple) == {1, 2, 3}
    assert worked_minutes([hers, his]) == 90


def test_a_long_visit_meets_every_one_within_it() -> None:
    long = replace(visit(1, NINE), ends_at=NINE + 4 * HOUR)
    assert find_overlaps([long, visit(2, NINE + HOUR), visit(3, NINE + 3 * HOUR)]) == {1, 2, 3}
