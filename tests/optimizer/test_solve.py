"""Plans that are lawful, the same for the same inputs, and better than where they began."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homecare.labour.breach import Severity
from homecare.law.model import Agreement
from optimizer.evaluate import evaluate
from optimizer.instances import fingerprint, from_record, to_record
from optimizer.problem import Plan, Problem
from optimizer.sample import draw_problem
from optimizer.solve import Progress, solve
from tests.features import feature


def never() -> bool:
    return False


def solved(problem: Problem, *, seed: int = 1, rounds: int = 30, start: Plan | None = None) -> Plan:
    return solve(problem, seed=seed, stop=never, rounds=rounds, start=start)


@given(
    st.integers(0, 10_000),
    st.integers(5, 40),
    st.integers(2, 8),
    st.sampled_from([Agreement.IDCC_3127, Agreement.IDCC_2941]),
)
@settings(max_examples=25, deadline=None)
def test_no_plan_whatever_breaks_a_blocking_rule(
    seed: int, visits: int, workers: int, agreement: Agreement
) -> None:
    problem = draw_problem(seed, visits=visits, workers=workers, agreement=agreement)
    judged = evaluate(problem, solved(problem, rounds=10))
    assert [one for one in judged.broken if one.severity is Severity.BLOCKING] == []


@feature("N25")
def test_the_same_inputs_give_the_same_plan_and_a_replay_of_the_archive_too() -> None:
    problem = draw_problem(3, visits=60, workers=9)
    archive = to_record(problem)
    first = solved(problem, rounds=200)
    assert solved(problem, rounds=200) == first
    assert solved(from_record(archive), rounds=first.rounds) == first
    assert fingerprint(to_record(from_record(archive))) == fingerprint(archive)


def test_a_run_that_is_stopped_by_the_clock_can_be_replayed_as_far_as_it_got() -> None:
    problem = draw_problem(4, visits=40, workers=6)
    left = iter([False] * 37 + [True] * 1000)
    stopped = solve(problem, seed=5, stop=lambda: next(left))
    assert stopped.rounds == 37
    assert solve(problem, seed=5, stop=never, rounds=stopped.rounds) == stopped


def test_another_seed_may_give_another_plan() -> None:
    problem = draw_problem(3, visits=60, workers=9)
    assert solved(problem, seed=1, rounds=60) != solved(problem, seed=2, rounds=60)


def test_the_best_value_only_gets_better_and_is_what_the_evaluation_finds() -> None:
    problem = draw_problem(5, visits=60, workers=9)
    curve: list[Progress] = []
    plan = solve(problem, seed=1, stop=never, rounds=150, progress=curve.append)
    cents = [point.cents for point in curve]
    assert cents == sorted(cents, reverse=True)
    assert cents[-1] < cents[0]
    assert evaluate(problem, plan).costs.total == cents[-1]


def test_a_plan_begins_where_the_published_one_stands() -> None:
    problem = draw_problem(6, visits=40, workers=6)
    published = solved(problem, rounds=100)
    curve: list[Progress] = []
    solve(problem, seed=9, stop=never, rounds=0, start=published, progress=curve.append)
    assert curve[0].cents <= evaluate(problem, published).costs.total


def test_a_fixed_visit_stays_with_its_worker_at_its_time() -> None:
    problem = draw_problem(7, visits=40, workers=6)
    one = problem.visits[11]
    worker = next(worker for worker in problem.workers if worker.id not in one.refused)
    fixed = replace(one, fixed_to=worker.id, latest=one.earliest, skills={})
    problem = replace(problem, visits=(*problem.visits[:11], fixed, *problem.visits[12:]))
    stop = next(stop for stop in solved(problem, rounds=60).stops if stop.visit == one.id)
    assert (stop.worker, stop.start) == (worker.id, one.earliest)


@pytest.mark.parametrize(("visits", "workers"), [(0, 5), (5, 0), (1, 1)])
def test_an_empty_day_or_team_is_a_plan_too(visits: int, workers: int) -> None:
    problem = draw_problem(8, visits=visits, workers=workers)
    assert len(solved(problem).stops) <= visits
