"""Starts of a round: near the wishes, within the rules, with room for a break when one is due."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homecare.law.model import Agreement
from optimizer.costs import round_costs
from optimizer.evaluate import evaluate, timed_day
from optimizer.problem import Plan, Problem, Stop, VisitJob
from optimizer.sample import draw_problem
from optimizer.timing import Timer
from tests.optimizer.days import HOUR, MINUTE, SONIA, day, person, visit


def flexible(number: int, wished: float, *, minutes: int, hours: float = 1.0) -> VisitJob:
    at = int(wished * HOUR)
    return replace(
        visit(number, wished, hours=hours),
        earliest=at - minutes * MINUTE,
        latest=at + minutes * MINUTE,
        wished=at,
    )


def starts(problem: Problem, *visits: int) -> list[float] | None:
    """Return the starts of Sonia's round as hours, None when there is none."""
    found = Timer(problem).time(0, visits)
    return None if found is None else [start / HOUR for start in found.starts]


def test_each_visit_starts_when_it_is_wished() -> None:
    assert starts(day(flexible(1, 8, minutes=60), flexible(2, 11, minutes=60)), 0, 1) == [8, 11]


def test_a_visit_that_comes_too_soon_after_another_is_put_off_within_its_window() -> None:
    assert starts(day(flexible(1, 8, minutes=30), flexible(2, 9, minutes=30)), 0, 1) == [8, 9 + 10 / 60]


def test_the_first_visit_is_brought_forward_when_the_second_cannot_wait() -> None:
    assert starts(day(flexible(1, 8, minutes=30), visit(2, 9)), 0, 1) == [8 - 10 / 60, 9]


def test_there_is_no_round_without_time_to_travel() -> None:
    assert starts(day(visit(1, 8), visit(2, 9)), 0, 1) is None


def test_a_wait_that_would_be_paid_is_not_made_for_a_wish() -> None:
    visits = (flexible(1, 8, minutes=0), flexible(2, 9.25, minutes=30))
    assert starts(day(*visits, worker=person(Agreement.IDCC_3127)), 0, 1) == [8, 9 + 10 / 60]
    assert starts(day(*visits, worker=person(Agreement.IDCC_2941)), 0, 1) == [8, 9.25]


def test_visits_are_drawn_together_when_the_span_would_be_too_long() -> None:
    visits = (flexible(1, 7, minutes=30), flexible(2, 18.25, minutes=30))
    assert starts(day(*visits), 0, 1) == [7.5, 17.75]


def test_room_is_made_for_the_break_that_is_due() -> None:
    first, second = visit(1, 8, hours=4), flexible(2, 12.25, minutes=60, hours=3)
    assert starts(day(first, second), 0, 1) == [8, 12.5]
    assert starts(day(first, replace(second, latest=int(12.4 * HOUR))), 0, 1) is None


def test_the_break_goes_where_it_costs_least() -> None:
    visits = (
        flexible(1, 8, minutes=0, hours=2),
        flexible(2, 10 + 10 / 60, minutes=60, hours=2),
        flexible(3, 12 + 20 / 60, minutes=60, hours=2.5),
    )
    found = starts(day(*visits), 0, 1, 2)
    assert found == [8, 10 + 10 / 60, 12 + 40 / 60]


def test_two_fixed_visits_closer_than_the_roads_leave_the_rest_of_the_day_to_be_planned() -> None:
    fixed = (visit(1, 8, fixed_to=SONIA), visit(2, 9, fixed_to=SONIA))
    problem = day(*fixed, visit(3, 11), minutes_apart=15)
    assert starts(problem, 0, 1, 2) == [8, 9, 11]
    plan = Plan(tuple(Stop(SONIA, one.earliest, one.id) for one in problem.visits))
    judged = evaluate(problem, plan)
    assert judged.blocking == 0
    assert [one.rule for one in judged.broken] == ["travel"]


@given(st.integers(0, 100_000), st.lists(st.integers(0, 29), min_size=1, max_size=7, unique=True))
@settings(max_examples=60, deadline=None)
def test_the_search_and_the_evaluation_price_a_round_alike(seed: int, visits: list[int]) -> None:
    problem = draw_problem(seed, visits=30, workers=1)
    order = tuple(sorted(visits, key=lambda number: problem.visits[number].wished or 0))
    found = Timer(problem).time(0, order)
    assume(found is not None)
    assert found is not None
    worker = problem.workers[0]
    stops = tuple(
        Stop(worker.id, start, problem.visits[number].id)
        for number, start in zip(order, found.starts, strict=True)
    )
    jobs = [problem.visits[number] for number in order]
    assert found.cents == round_costs(problem, 0, order, timed_day(problem, worker, stops, jobs)).total
