"""Why a worker does not suit a visit, in reasons that refuse or ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from homecare.kernel.ids import ClientId, SkillId, VisitId, WorkerId
from homecare.labour.breach import Severity
from homecare.visits.fitness import (
    Engagement,
    NeededSkill,
    Obstacle,
    Reason,
    VisitFacts,
    WorkerFacts,
    is_blocked,
    judge,
)
from tests.features import feature

DAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 09:00 in Paris
HOUR = timedelta(hours=1)
TRANSFER = SkillId(7)
HERE, FAR = (1.0, 47.0), (1.0, 47.2)

worker = WorkerFacts(
    id=WorkerId(1), weekly_minutes=1800, available=[(NINE - 3 * HOUR, NINE + 9 * HOUR)], week_minutes=600
)
visit = VisitFacts(
    client_id=ClientId(4),
    day=DAY,
    starts_at=NINE,
    ends_at=NINE + HOUR,
    earliest_at=NINE,
    latest_at=NINE,
    place=HERE,
)


def busy(start: datetime, *, at: tuple[float, float] = HERE) -> Engagement:
    return Engagement(VisitId(9), "DELMAS Yvonne", start, start + HOUR, at)


def test_a_worker_who_is_free_qualified_and_present_suits() -> None:
    assert judge(worker, visit) == []


@feature("A24")
def test_a_mandatory_skill_that_is_not_held_refuses() -> None:
    lifted = replace(visit, skills=[NeededSkill(TRANSFER, "Transfert", 1, mandatory=True)])
    assert judge(worker, lifted) == [Reason(Obstacle.SKILL, Severity.BLOCKING, about="Transfert")]


@feature("A24")
def test_an_optional_skill_that_is_not_held_only_warns() -> None:
    lifted = replace(visit, skills=[NeededSkill(TRANSFER, "Transfert", 1, mandatory=False)])
    reasons = judge(worker, lifted)
    assert [reason.severity for reason in reasons] == [Severity.WARNING]
    assert not is_blocked(reasons)


@feature("A24")
@pytest.mark.parametrize(("level", "suits"), [(1, False), (2, True), (3, True)])
def test_a_skill_counts_from_the_level_asked(level: int, *, suits: bool) -> None:
    lifted = replace(visit, skills=[NeededSkill(TRANSFER, "Transfert", 2, mandatory=True)])
    assert is_blocked(judge(replace(worker, skill_levels={TRANSFER: level}), lifted)) is not suits


@feature("A27")
def test_a_worker_who_fears_dogs_is_refused_where_there_is_one_with_the_reason_noted() -> None:
    afraid = replace(worker, bans={"chien": "mordue en 2019", "chat": "allergie"})
    assert judge(afraid, replace(visit, traits=["chien"])) == [
        Reason(Obstacle.TRAIT, Severity.BLOCKING, about="chien", note="mordue en 2019")
    ]


@feature("A27")
def test_a_client_who_refuses_the_worker_is_heard() -> None:
    refused = replace(worker, refusals={visit.client_id: "mésentente"})
    assert judge(refused, visit) == [Reason(Obstacle.REFUSED, Severity.BLOCKING, note="mésentente")]


def test_the_other_visit_to_a_couple_may_be_at_once() -> None:
    together = replace(busy(NINE + HOUR / 2), together=True)
    assert judge(replace(worker, engagements=[together]), visit) == []


def test_two_visits_at_once_are_refused_and_the_other_is_named() -> None:
    reasons = judge(replace(worker, engagements=[busy(NINE + HOUR / 2)]), visit)
    assert reasons == [Reason(Obstacle.OVERLAP, Severity.BLOCKING, about="DELMAS Yvonne")]


def test_a_visit_that_ends_when_the_next_begins_at_the_same_home_suits() -> None:
    assert judge(replace(worker, engagements=[busy(NINE - HOUR), busy(NINE + HOUR)]), visit) == []


def test_a_journey_longer_than_the_gap_warns_with_both() -> None:
    reasons = judge(replace(worker, engagements=[busy(NINE - 70 * HOUR / 60, at=FAR)]), visit)
    assert [(r.obstacle, r.severity, r.measured, r.limit) for r in reasons] == [
        (Obstacle.TRAVEL, Severity.WARNING, 41, 10)
    ]


def test_hours_that_are_not_the_workers_only_warn() -> None:
    reasons = judge(replace(worker, available=[(NINE + HOUR, NINE + 9 * HOUR)]), visit)
    assert reasons == [Reason(Obstacle.UNAVAILABLE, Severity.WARNING)]


def test_a_start_outside_what_was_agreed_with_the_client_warns() -> None:
    late = replace(visit, latest_at=NINE - HOUR, earliest_at=NINE - 2 * HOUR)
    assert judge(worker, late) == [Reason(Obstacle.WINDOW, Severity.WARNING)]


def test_a_week_beyond_the_contract_warns() -> None:
    reasons = judge(replace(worker, week_minutes=1850), visit)
    assert reasons == [Reason(Obstacle.CONTRACT_HOURS, Severity.WARNING, measured=1850, limit=1800)]


def test_a_week_that_fills_the_contract_exactly_suits() -> None:
    assert judge(replace(worker, week_minutes=1800), visit) == []


def test_without_a_contract_on_that_day_nothing_can_be_given() -> None:
    assert judge(replace(worker, weekly_minutes=None), visit) == [
        Reason(Obstacle.NO_CONTRACT, Severity.BLOCKING)
    ]


def test_somebody_who_has_left_is_refused_from_that_day_on() -> None:
    assert judge(replace(worker, left_on=DAY), visit) == [Reason(Obstacle.LEFT, Severity.BLOCKING)]
    assert judge(replace(worker, left_on=DAY + timedelta(days=1)), visit) == []


def test_what_refuses_is_said_before_what_warns() -> None:
    wrong = replace(worker, available=[], bans={"chat": ""}, engagements=[busy(NINE)])
    severities = [reason.severity for reason in judge(wrong, replace(visit, traits=["chat"]))]
    assert severities == [Severity.BLOCKING, Severity.BLOCKING, Severity.WARNING]
