"""Who must be calling from a home, by what the plan says of the instant."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from homecare.kernel.ids import AreaId, HomeId, VisitId, WorkerId
from homecare.punches.expected import Expected, find_expected
from homecare.punches.model import Edge
from homecare.visits.model import Candidate
from tests.builders import MORNING

HOME, NEIGHBOUR = HomeId(1), HomeId(2)
INES, OMAR = WorkerId(1), WorkerId(2)


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def visit(
    number: int = 1,
    *,
    worker: WorkerId = INES,
    home: HomeId = HOME,
    starts: float = 0,
    arrived: float | None = None,
    left: float | None = None,
) -> Candidate:
    return Candidate(
        VisitId(number),
        AreaId(1),
        home,
        worker,
        at(starts),
        at(starts + 60),
        None if arrived is None else at(arrived),
        None if left is None else at(left),
    )


def expected(minutes: float, *visits: Candidate) -> Expected | None:
    return find_expected(at(minutes), [HOME], visits, frozenset())


@pytest.mark.parametrize("minutes", [-30, 0, 25])
def test_the_worker_of_a_visit_that_is_about_to_begin_or_has_just_begun_arrives(minutes: float) -> None:
    assert expected(minutes, visit()) == Expected(INES, Edge.ARRIVAL)


@pytest.mark.parametrize("minutes", [-31, 61, 200])
def test_nobody_is_expected_long_before_a_visit_or_after_one_that_was_never_punched(minutes: float) -> None:
    assert expected(minutes, visit()) is None


def test_late_in_a_visit_without_an_arrival_it_is_not_clear_which_end_is_meant() -> None:
    assert expected(45, visit()) is None


@pytest.mark.parametrize("minutes", [5, 60, 200])
def test_the_worker_of_an_open_visit_leaves(minutes: float) -> None:
    assert expected(minutes, visit(arrived=1)) == Expected(INES, Edge.DEPARTURE)


def test_a_visit_that_is_over_names_nobody_but_the_same_gesture_again_does() -> None:
    over = visit(arrived=0, left=50)
    assert expected(55, over) is None
    assert expected(51, over) == Expected(INES, Edge.DEPARTURE)


def test_two_workers_who_may_both_be_there_name_nobody() -> None:
    assert expected(0, visit(), visit(2, worker=OMAR)) is None
    assert expected(58, visit(arrived=0), visit(2, worker=OMAR, starts=60)) is None


def test_a_worker_who_comes_much_later_leaves_the_one_who_is_there_alone() -> None:
    later = visit(2, worker=OMAR, starts=120)
    assert expected(58, visit(arrived=0), later) == Expected(INES, Edge.DEPARTURE)


def test_two_visits_of_one_worker_that_are_no_couples_are_not_told_apart() -> None:
    assert expected(0, visit(), visit(2)) is None


def test_a_couples_two_visits_are_one() -> None:
    both = [visit(), visit(2, home=NEIGHBOUR)]
    couples = frozenset({(HOME, NEIGHBOUR)})
    assert find_expected(at(0), [HOME, NEIGHBOUR], both, couples) == Expected(INES, Edge.ARRIVAL)


def test_a_visit_elsewhere_names_nobody() -> None:
    assert expected(0, replace(visit(), home_id=NEIGHBOUR)) is None
