"""What is written twice is tested to agree: the solver's rules of time, and `homecare.labour`'s."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from homecare.labour.breach import Severity
from homecare.law.model import Agreement
from optimizer.constraints import allowance, allows
from optimizer.evaluate import evaluate, timed_day
from optimizer.problem import Commitment, Plan, Problem, Stop
from tests.optimizer.days import HOUR, MINUTE, SONIA, day, person, visit

LAW = {"daily_work_max", "weekly_work_max", "break_due", "shift_span_max", "daily_rest_min"}
AGREEMENTS = st.sampled_from(list(Agreement))
DAYS = st.sampled_from(
    [date(2026, 3, 10), date(2026, 3, 15), date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)]
)


@st.composite
def rounds(draw: st.DrawFn, *, latest: int) -> list[dict[str, Any]]:
    """Visits in order with 10 minutes of travel at least between them; none begins after `latest`."""
    visits: list[dict[str, Any]] = []
    start = draw(st.one_of(st.integers(0, 13 * 4), st.integers(0, latest // HOUR * 4))) * 15 * MINUTE
    for number in range(draw(st.integers(1, 6))):
        seconds = draw(st.sampled_from([15, 30, 60, 90, 120, 150, 180, 240, 300, 360])) * MINUTE
        if start > latest:
            break
        visits.append(
            {
                "number": number + 1,
                "at": start / HOUR,
                "hours": seconds / HOUR,
                "fragile": draw(st.booleans()),
            }
        )
        wait = draw(st.sampled_from([0, 14, 15, 16, 19, 20, 20, 20, 60, 400])) * MINUTE
        start += seconds + 10 * MINUTE + wait
    return visits


@st.composite
def others(draw: st.DrawFn) -> tuple[Commitment, ...]:
    """What is done on the days around: full or empty weeks, a late evening before, a start the day after."""
    full = draw(st.sampled_from([0, 0, 4, 7, 8, 9]))
    found = [
        Commitment(start=start, end=start + full * HOUR)
        for days in (-6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 7)
        if full and draw(st.integers(0, 4))
        for start in [days * 24 * HOUR + 8 * HOUR]
    ]
    if draw(st.booleans()):
        start = -draw(st.integers(1, 12)) * HOUR
        found.append(Commitment(start=start, end=start + draw(st.integers(1, 10)) * HOUR))
    if draw(st.booleans()):
        start = (24 + draw(st.integers(6, 15))) * HOUR
        found.append(Commitment(start=start, end=start + draw(st.integers(1, 10)) * HOUR))
    return tuple(sorted(found, key=lambda one: one.start))


def verdicts(problem: Problem) -> tuple[bool, list[tuple[str, Severity]]]:
    """Return whether the solver allows everything as it stands, and what the law's own checks find."""
    worker = problem.workers[0]
    stops = tuple(Stop(SONIA, one.earliest, one.id) for one in problem.visits)
    timed = timed_day(problem, worker, stops, list(problem.visits))
    broken = evaluate(problem, Plan(stops)).broken
    return allows(allowance(problem, worker), timed), [
        (one.rule, one.severity) for one in broken if one.rule in LAW
    ]


@given(rounds(latest=23 * HOUR), others(), AGREEMENTS, DAYS)
@settings(max_examples=400, deadline=None)
def test_the_solver_never_allows_what_the_law_blocks(
    visits: list[dict[str, Any]], around: tuple[Commitment, ...], agreement: Agreement, on: date
) -> None:
    problem = _problem(visits, around, agreement, on)
    allowed, broken = verdicts(problem)
    assert not (allowed and any(severity is Severity.BLOCKING for _, severity in broken)), broken


@given(rounds(latest=14 * HOUR), AGREEMENTS)
@settings(max_examples=300, deadline=None)
def test_the_solver_refuses_nothing_that_the_law_allows_plainly(
    visits: list[dict[str, Any]], agreement: Agreement
) -> None:
    problem = _problem(visits, (), agreement, date(2026, 3, 10))
    if problem.visits[-1].earliest + problem.visits[-1].seconds > problem.day_seconds:
        return  # past midnight the solver is careful on purpose
    allowed, broken = verdicts(problem)
    assert allowed == (not broken)


def _problem(
    visits: list[dict[str, Any]], around: tuple[Commitment, ...], agreement: Agreement, on: date
) -> Problem:
    jobs = [visit(one["number"], one["at"], hours=one["hours"], fragile=one["fragile"]) for one in visits]
    return day(*jobs, worker=person(agreement, around=around), on=on)
