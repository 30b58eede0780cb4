"""A visit more in a worker's week: only what it makes wrong, or worse, is reported."""

from datetime import UTC, datetime, timedelta

from homecare.labour.breach import Rule, Severity
from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from homecare.visits.compliance import Slot, new_breaches, timeline_of
from homecare.workers.model import TravelMode

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
LAW = parameters_on(Agreement.IDCC_3127, MIDNIGHT.date())
HERE, FAR = (1.0, 47.0), (1.0, 47.2)


def slot(start: float, end: float, *, day: int = 0, at: tuple[float, float] | None = None) -> Slot:
    midnight = MIDNIGHT + timedelta(days=day)
    return Slot(midnight + timedelta(hours=start), midnight + timedelta(hours=end), at)


def added_rules(slots: list[Slot], added: Slot) -> list[tuple[Rule, Severity]]:
    breaches = new_breaches(slots, added, mode=TravelMode.CAR, parameters=LAW)
    return [(breach.rule, breach.severity) for breach in breaches]


def test_a_visit_in_an_ordinary_day_breaks_nothing() -> None:
    assert added_rules([slot(8, 9), slot(10, 12)], slot(14, 15)) == []


def test_a_late_evening_after_an_early_morning_breaks_the_span() -> None:
    assert (Rule.SHIFT_SPAN_MAX, Severity.BLOCKING) in added_rules([slot(6, 8)], slot(20, 21))


def test_an_evening_too_close_to_the_next_morning_breaks_the_rest() -> None:
    assert (Rule.DAILY_REST_MIN, Severity.BLOCKING) in added_rules([slot(6, 8, day=1)], slot(20, 21))


def test_a_breach_that_stood_already_does_not_refuse_an_unrelated_visit() -> None:
    wrong_already = [slot(6, 8), slot(20, 21)]
    assert added_rules(wrong_already, slot(10, 11)) == []


def test_a_breach_made_worse_is_reported() -> None:
    assert added_rules([slot(6, 8), slot(20, 21)], slot(21, 22)) == [(Rule.SHIFT_SPAN_MAX, Severity.BLOCKING)]


def test_visits_at_the_same_time_are_worked_once() -> None:
    timeline = timeline_of([slot(8, 10, at=HERE), slot(9, 11, at=HERE)], mode=TravelMode.CAR)
    assert [(visit.start.hour, visit.end.hour) for visit in timeline.visits] == [(8, 11)]


def test_travel_between_two_homes_is_work() -> None:
    timeline = timeline_of([slot(10, 11, at=FAR), slot(8, 9, at=HERE)], mode=TravelMode.CAR)
    assert timeline.visits[0].travel_after == timedelta(minutes=41)
    assert timeline.visits[1].travel_after == timedelta(0)
