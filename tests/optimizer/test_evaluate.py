"""What the figures of a plan count: lengths and times of the same ways, and what lies between visits."""

from optimizer.evaluate import evaluate
from optimizer.problem import Plan, Stop
from tests.optimizer.days import HOUR, MINUTE, SONIA, day, visit


def test_the_road_in_time_and_in_length_is_that_of_the_same_ways() -> None:
    problem = day(visit(1, 9), visit(2, 15), minutes_apart=10)  # as many metres as seconds
    judged = evaluate(problem, Plan((Stop(SONIA, 9 * HOUR, 1), Stop(SONIA, 15 * HOUR, 2))))
    assert judged.road_seconds == judged.metres == 30 * MINUTE  # from home, between, back
    assert judged.travel_seconds == 10 * MINUTE
    assert judged.waiting_seconds == 5 * HOUR - 10 * MINUTE
