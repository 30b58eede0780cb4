"""Which visit a punch belongs to. Pure: what is linked is certain, what is not waits."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel.ids import AreaId, HomeId, VisitId, WorkerId
from homecare.punches.matching import Match, advance, infer_edge, match
from homecare.punches.model import Doubt, Edge
from homecare.visits.model import Candidate
from tests.builders import MORNING

HERE, ELSEWHERE = HomeId(1), HomeId(2)


def at(minutes: float) -> datetime:
    """Minutes after 08:00."""
    return MORNING + timedelta(minutes=minutes)


def visit(
    number: int = 1,
    *,
    home: HomeId = HERE,
    starts: float = 0,
    minutes: float = 60,
    arrived: float | None = None,
    left: float | None = None,
) -> Candidate:
    return Candidate(
        id=VisitId(number),
        area_id=AreaId(1),
        home_id=home,
        worker_id=WorkerId(1),
        starts_at=at(starts),
        ends_at=at(starts + minutes),
        arrived_at=None if arrived is None else at(arrived),
        left_at=None if left is None else at(left),
    )


def found(minutes: float, *visits: Candidate, edge: Edge | None = None) -> Match:
    return match(at(minutes), edge, [HERE], visits)


@pytest.mark.parametrize("minutes", [-90, -10, 0, 8, 59, 60])
def test_the_first_punch_is_the_arrival(minutes: float) -> None:
    assert found(minutes, visit()) == Match(VisitId(1), Edge.ARRIVAL)


@pytest.mark.parametrize("minutes", [5, 60, 300])
def test_the_punch_of_an_open_visit_is_its_departure(minutes: float) -> None:
    assert found(minutes, visit(arrived=0)) == Match(VisitId(1), Edge.DEPARTURE)


def test_a_punch_long_before_any_visit_waits() -> None:
    assert found(-91, visit()).doubt is Doubt.NO_VISIT


def test_a_punch_at_a_home_where_nothing_is_planned_waits() -> None:
    assert found(0, visit(home=ELSEWHERE)).doubt is Doubt.NO_VISIT


def test_an_unknown_place_is_never_guessed_from_the_hour() -> None:
    assert match(at(0), None, [], [visit()]).doubt is Doubt.UNKNOWN_HOME


def test_of_two_visits_of_the_day_the_nearest_is_meant_when_it_is_clear() -> None:
    morning, evening = visit(1, starts=0), visit(2, starts=120)
    assert found(-5, morning, evening).visit == 1
    assert found(110, morning, evening).visit == 2


def test_two_visits_too_near_to_tell_apart_leave_a_doubt() -> None:
    assert found(20, visit(1, starts=0), visit(2, starts=45)).doubt is Doubt.SEVERAL_VISITS


@pytest.mark.parametrize("minutes", [0, 1, 2])
def test_a_second_gesture_within_two_minutes_changes_nothing(minutes: float) -> None:
    assert found(minutes, visit(arrived=0)) == Match(VisitId(1), Edge.ARRIVAL, Doubt.REPEATED)


def test_an_arrival_stated_again_during_the_visit_changes_nothing() -> None:
    again = Match(VisitId(1), Edge.ARRIVAL, Doubt.REPEATED)
    assert found(40, visit(arrived=0), edge=Edge.ARRIVAL) == again


def test_an_arrival_stated_after_the_end_of_a_visit_that_nobody_left_waits() -> None:
    assert found(61, visit(arrived=0), edge=Edge.ARRIVAL).doubt is Doubt.NO_VISIT


def test_an_arrival_stated_while_a_visit_goes_on_is_that_of_the_next_one_that_is_due() -> None:
    assert found(50, visit(arrived=0), visit(2, starts=60), edge=Edge.ARRIVAL) == Match(
        VisitId(2), Edge.ARRIVAL
    )


def test_a_departure_within_two_minutes_of_the_arrival_counts_when_it_is_stated() -> None:
    assert found(1, visit(arrived=0), edge=Edge.DEPARTURE) == Match(VisitId(1), Edge.DEPARTURE)


def test_a_departure_after_a_forgotten_arrival_finds_its_visit() -> None:
    assert found(61, visit()) == Match(VisitId(1), Edge.DEPARTURE)
    assert found(58, visit(), edge=Edge.DEPARTURE) == Match(VisitId(1), Edge.DEPARTURE)


def test_a_forgotten_departure_does_not_swallow_the_next_visit_elsewhere() -> None:
    forgotten, next_one = visit(1, home=ELSEWHERE, arrived=0), visit(2, starts=75)
    assert found(75, forgotten, next_one) == Match(VisitId(2), Edge.ARRIVAL)


def test_the_edge_is_asked_when_arrival_and_departure_look_alike() -> None:
    assert infer_edge(at(10), [HERE], [visit()]) is Edge.ARRIVAL
    assert infer_edge(at(40), [HERE], [visit()]) is None
    assert infer_edge(at(40), [HERE], [visit(arrived=0)]) is Edge.DEPARTURE
    assert infer_edge(at(40), [HERE], []) is None


def test_a_gesture_made_again_to_be_sure_is_never_asked_about() -> None:
    assert infer_edge(at(1), [HERE], [visit(arrived=0)]) is Edge.ARRIVAL


@given(st.lists(st.integers(-80, 400), min_size=1, max_size=6))
def test_a_visit_is_entered_once_and_left_once_whatever_is_punched(minutes: list[int]) -> None:
    candidates: list[Candidate] = [visit()]
    edges: list[Edge] = []
    for minute in sorted(minutes):
        taken = match(at(minute), None, [HERE], candidates)
        if taken.doubt is None and taken.edge is not None:
            edges.append(taken.edge)
        candidates = advance(candidates, taken, at(minute))
    assert edges in ([], [Edge.ARRIVAL], [Edge.DEPARTURE], [Edge.ARRIVAL, Edge.DEPARTURE])
