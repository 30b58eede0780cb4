"""A proposal in figures, as a curve, and worker by worker."""

from datetime import UTC, datetime, timedelta

from backoffice_web.optimisation.differences import Kind, by_worker
from backoffice_web.optimisation.figures import compare, curve, rule_lines, seconds_spent, stable_for
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.model import Change

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
SONIA, FARIDA = WorkerId(1), WorkerId(2)
NAMES = {SONIA: "ARNAUD Sonia", FARIDA: "BENALI Farida", None: None}


def change(was: WorkerId | None, becomes: WorkerId | None, *, shift: int = 0) -> Change:
    return Change(
        visit_id=VisitId(1),
        client="BELLANGER Odile",
        from_worker_id=was,
        from_worker=NAMES[was],
        to_worker_id=becomes,
        to_worker=NAMES[becomes],
        from_start=NINE,
        to_start=NINE + timedelta(minutes=shift),
        stale=False,
        applied_at=None,
    )


def test_a_figure_tells_both_plans_and_whether_it_is_better() -> None:
    outcome = {"before": {"kilometres": 4812, "open": 7}, "after": {"kilometres": 4126, "open": 7}}
    kilometres, to_fill = compare(outcome)
    assert (kilometres.before, kilometres.after, kilometres.change, kilometres.better) == (
        "4\u202f812",
        "4\u202f126",
        "686",
        True,
    )
    assert to_fill.better is None


def test_figures_that_the_optimiser_did_not_write_are_left_out() -> None:
    assert compare({}) == []


def test_lengths_and_times_say_which_ways_they_count() -> None:
    side = {"kilometres": 182, "road_minutes": 244, "travel_minutes": 50, "waiting_minutes": 984}
    told = {
        str(one.name): (one.after.replace("\xa0", " "), str(one.scope))
        for one in compare({"before": side, "after": side})
    }
    assert told == {
        "Kilomètres": ("182", "domicile compris"),
        "Temps de route": ("4 h 04", "domicile compris"),
        "Trajet payé": ("0 h 50", "entre interventions"),
        "Temps morts": ("16 h 24", "entre interventions"),
    }


def test_the_time_spent_is_real_however_fast_a_demonstration_runs() -> None:
    points = curve([{"seconds": 4.5, "cents": 4000, "open": 3}])
    later = NINE + timedelta(seconds=120)
    assert seconds_spent(points, started_at=NINE, now=later, speed=4.0) == 30
    assert seconds_spent(points, started_at=NINE, now=NINE, speed=1.0) == 4
    assert seconds_spent([], started_at=None, now=later, speed=1.0) is None


def test_a_first_plan_is_compared_with_nothing() -> None:
    outcome = {
        "before": {"visits": 12, "open": 12, "kilometres": 0},
        "after": {"visits": 12, "open": 0, "kilometres": 80},
    }
    kilometres, to_fill = compare(outcome)
    assert (kilometres.before, kilometres.after, kilometres.better) == (None, "80", None)
    assert (to_fill.before, to_fill.after) == (None, "0")


def test_every_rule_has_its_line_and_those_broken_their_count() -> None:
    lines = rule_lines({"before": {"rules": {"skill": 3}}, "after": {"rules": {}}})
    assert {str(line.before) for line in lines} == {"0", "3"}
    assert all(line.after == 0 for line in lines)


def test_the_curve_begins_at_a_hundred_and_tells_how_long_nothing_better_was_found() -> None:
    points = curve(
        [
            {"seconds": 0.5, "cents": 4000, "open": 3},
            {"seconds": 2.0, "cents": 3000, "open": 0},
            {"seconds": 9.5, "cents": 3000, "open": 0},
        ]
    )
    assert [(point.value, point.open) for point in points] == [(100.0, 3), (75.0, 0), (75.0, 0)]
    assert stable_for(points) == 7


def test_a_run_without_a_point_has_no_curve() -> None:
    assert curve([]) == []
    assert stable_for([]) == 0


def test_a_visit_that_changes_hands_is_given_by_one_and_taken_by_the_other() -> None:
    lines = {
        one.worker: [(line.kind, line.other) for line in one.lines]
        for one in by_worker([change(SONIA, FARIDA)], [])
    }
    assert lines == {
        "ARNAUD Sonia": [(Kind.GIVES, "BENALI Farida")],
        "BENALI Farida": [(Kind.TAKES, "ARNAUD Sonia")],
    }


def test_a_visit_that_was_to_be_filled_is_taken_from_nobody() -> None:
    (sonia,) = by_worker([change(None, SONIA)], [])
    assert [(line.kind, line.other) for line in sonia.lines] == [(Kind.TAKES, None)]


def test_another_hour_with_the_same_worker_is_a_shift() -> None:
    (sonia,) = by_worker([change(SONIA, SONIA, shift=15)], [])
    assert [(line.kind, line.becomes - line.was) for line in sonia.lines] == [
        (Kind.SHIFTS, timedelta(minutes=15))
    ]
