"""For each rule a tiny day whose answer flips at the limit, and that the law's own checks agree with."""

from dataclasses import replace

from optimizer.evaluate import evaluate
from optimizer.problem import Commitment, Plan, Problem, Stop
from optimizer.solve import solve
from tests.features import feature
from tests.optimizer.days import HOUR, MINUTE, SONIA, day, person, visit


def done(problem: Problem) -> set[int]:
    """Return the visits that the solver gives, after checking that the law's own checks agree."""
    plan = solve(problem, seed=1, stop=lambda: False, rounds=5)
    assert evaluate(problem, plan).blocking == 0
    return {stop.visit for stop in plan.stops}


def forced(problem: Problem) -> set[str]:
    """Return the rules that doing everything as asked breaks, or needs an exception of."""
    everything = Plan(tuple(Stop(SONIA, one.earliest, one.id) for one in problem.visits))
    return {one.rule for one in evaluate(problem, everything).broken}


@feature("A24")
def test_a_mandatory_skill_at_its_level() -> None:
    job = visit(1, 9, skills={7: 2})
    assert done(day(job, worker=person(skills={7: 2}))) == {1}
    for skills in ({}, {7: 1}, {8: 3}):
        assert done(day(job, worker=person(skills=skills))) == set()
        assert forced(day(job, worker=person(skills=skills))) == {"skill"}


@feature("A27")
def test_a_worker_who_must_not_go_there() -> None:
    assert done(day(visit(1, 9, refused=frozenset({99})))) == {1}
    assert done(day(visit(1, 9, refused=frozenset({SONIA})))) == set()
    assert forced(day(visit(1, 9, refused=frozenset({SONIA})))) == {"incompatibility"}


def test_the_workers_hours_hold_the_whole_visit() -> None:
    assert done(day(visit(1, 9), worker=person(hours=((9 * HOUR, 10 * HOUR),)))) == {1}
    short = person(hours=((9 * HOUR, 10 * HOUR - 1),))
    assert done(day(visit(1, 9), worker=short)) == set()
    assert forced(day(visit(1, 9), worker=short)) == {"availability"}


def test_the_way_between_two_visits() -> None:
    assert done(day(visit(1, 9), visit(2, 10.25), minutes_apart=15)) == {1, 2}
    tight = day(visit(1, 9), visit(2, 10.25), minutes_apart=16)
    assert len(done(tight)) == 1
    assert forced(tight) == {"travel"}


def test_ten_hours_of_work_a_day() -> None:
    morning, noon, evening = visit(1, 7, hours=4), visit(2, 11.5, hours=4), visit(3, 16, hours=1.5)
    assert done(day(morning, noon, evening)) == {1, 2, 3}
    long = day(morning, noon, replace(evening, seconds=int(1.75 * HOUR)))
    assert len(done(long)) == 2
    assert "daily_work_max" in forced(long)


def test_a_break_of_twenty_minutes_within_six_hours() -> None:
    first, second = visit(1, 8, hours=4), visit(2, 12.5, hours=3)
    assert done(day(first, second, minutes_apart=10)) == {1, 2}
    without = day(first, replace(second, earliest=int(12.2 * HOUR), latest=int(12.2 * HOUR)))
    assert len(done(without)) == 1
    assert forced(without) == {"break_due"}


def test_twelve_hours_from_first_to_last_thirteen_at_fragile_persons() -> None:
    early, late = visit(1, 7), visit(2, 18.5)
    assert len(done(day(early, late))) == 1
    assert forced(day(early, late)) == {"shift_span_max"}
    assert done(day(replace(early, fragile=True), replace(late, fragile=True))) == {1, 2}


def test_eleven_hours_of_rest_after_yesterday_and_before_tomorrow() -> None:
    yesterday = Commitment(start=-5 * HOUR, end=-3 * HOUR)
    assert done(day(visit(1, 8), worker=person(around=(yesterday,)))) == {1}
    later = person(around=(replace(yesterday, end=-3 * HOUR + 1),))
    assert done(day(visit(1, 8), worker=later)) == set()
    assert forced(day(visit(1, 8), worker=later)) == {"daily_rest_min"}
    tomorrow = person(around=(Commitment(start=30 * HOUR, end=32 * HOUR),))
    assert done(day(visit(1, 18), worker=tomorrow)) == {1}
    assert done(day(visit(1, 18.5), worker=tomorrow)) == set()


def test_forty_eight_hours_of_work_a_week() -> None:
    days = (1, 2, 3, 4, 5)  # DAY is a Tuesday: from Wednesday to Sunday, 47 hours with the ways between
    others = tuple(
        Commitment(start=start, end=start + length, travel_after=travel)
        for day_after in days
        for start, length, travel in (
            (day_after * 24 * HOUR + 8 * HOUR, 4 * HOUR, 24 * MINUTE),
            (day_after * 24 * HOUR + 13 * HOUR, 5 * HOUR, 0),
        )
    )
    assert done(day(visit(1, 9), worker=person(around=others))) == {1}
    over = day(visit(1, 9, hours=1.1), worker=person(around=others))
    assert done(over) == set()
    assert forced(over) == {"weekly_work_max"}


def test_the_work_of_last_night_after_midnight_counts_today() -> None:
    night = Commitment(start=-2 * HOUR, end=HOUR)
    noon, evening = visit(1, 12, hours=4.5), visit(2, 17, hours=4)
    assert done(day(noon, evening, worker=person(around=(night,)))) == {1, 2}
    longer = replace(evening, seconds=int(4.5 * HOUR))
    assert done(day(noon, longer)) == {1, 2}
    assert len(done(day(noon, longer, worker=person(around=(night,))))) == 1
    assert forced(day(noon, longer, worker=person(around=(night,)))) == {"daily_work_max"}


def test_what_runs_past_midnight_leaves_room_for_the_hours_of_tomorrow() -> None:
    tomorrow = Commitment(start=36 * HOUR + 15 * MINUTE, end=42 * HOUR)
    later = Commitment(start=42 * HOUR + 30 * MINUTE, end=46 * HOUR + 15 * MINUTE)
    worker = person(around=(tomorrow, later))  # nine and a half hours
    assert done(day(visit(1, 22, hours=2.5), worker=worker)) == {1}
    assert done(day(visit(1, 22, hours=2.75), worker=worker)) == set()
    assert forced(day(visit(1, 22, hours=2.75), worker=worker)) == {"daily_work_max"}
