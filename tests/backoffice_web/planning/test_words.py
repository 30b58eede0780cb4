"""Every reason and every breach has its words in French, with figures where there are some."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backoffice_web.app import BackOffice
from backoffice_web.planning.verdicts import Level, verdicts
from backoffice_web.planning.words import say
from homecare.labour.breach import Breach, Rule, Severity
from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from homecare.visits.fitness import Obstacle, Reason
from homecare.visits.trials import Trial
from tests.backoffice_web.planning.test_grid import DAY, NINE, sonia, visit

VISIT = visit(1, NINE)
LIMIT = parameters_on(Agreement.IDCC_3127, DAY)["daily_rest_min"]


@pytest.fixture(autouse=True)
def speaking(app_without_database: BackOffice) -> Iterator[None]:
    with app_without_database.test_request_context():
        yield


def trial(*reasons: Reason, breaches: tuple[Breach, ...] = ()) -> Trial:
    return Trial(worker=sonia, reasons=reasons, breaches=breaches, detour=4, week_minutes=600)


def told(reason: Reason) -> tuple[str, str]:
    (said,) = say(trial(reason), VISIT)
    return said.fact.replace("\xa0", " "), said.detail.replace("\xa0", " ")


@pytest.mark.parametrize("obstacle", list(Obstacle))
@pytest.mark.parametrize("severity", list(Severity))
def test_every_obstacle_has_its_words(obstacle: Obstacle, severity: Severity) -> None:
    fact, detail = told(Reason(obstacle, severity, about="Transfert", measured=90, limit=60))
    assert fact
    assert "%(" not in fact + detail


@pytest.mark.parametrize("rule", list(Rule))
def test_every_breach_tells_what_was_measured_what_is_allowed_and_by_which_text(rule: Rule) -> None:
    breach = Breach(rule, NINE, NINE + timedelta(hours=9), Decimal(645), LIMIT, Severity.BLOCKING)
    (said,) = say(trial(breaches=(breach,)), VISIT)
    assert "10\xa0h\xa045" in said.fact
    assert "11\xa0h\xa000" in said.fact
    assert said.detail == LIMIT.reference


def test_the_note_beside_a_ban_explains_it() -> None:
    reason = Reason(Obstacle.TRAIT, Severity.BLOCKING, about="chien", note="mordue en 2019")
    assert told(reason) == ("Incompatible : chien au domicile", "mordue en 2019")


def test_hours_beyond_the_contract_are_counted() -> None:
    reason = Reason(Obstacle.CONTRACT_HOURS, Severity.WARNING, measured=1845, limit=1800)
    assert told(reason) == ("Semaine à 30 h 45, contrat 30 h 00", "0 h 45 en plus")


def test_the_window_agreed_with_the_client_is_told() -> None:
    reason = Reason(Obstacle.WINDOW, Severity.WARNING)
    assert told(reason)[1] == "début entre 09:00 et 09:00"


def test_what_refuses_is_told_before_what_warns() -> None:
    both = trial(Reason(Obstacle.UNAVAILABLE, Severity.WARNING), Reason(Obstacle.LEFT, Severity.BLOCKING))
    assert [one.is_blocking for one in say(both, VISIT)] == [True, False]


def test_the_first_that_nothing_is_against_is_the_best() -> None:
    other = replace(trial(), detour=9)
    doubtful = trial(Reason(Obstacle.UNAVAILABLE, Severity.WARNING))
    refused = trial(Reason(Obstacle.LEFT, Severity.BLOCKING))
    levels = [one.level for one in verdicts([trial(), other, doubtful, refused], VISIT)]
    assert levels == [Level.BEST, Level.POSSIBLE, Level.EXCEEDS, Level.BLOCKED]


def test_whoever_does_not_work_then_is_told_so_in_the_word_itself() -> None:
    off = trial(Reason(Obstacle.UNAVAILABLE, Severity.WARNING))
    on_leave = replace(off, worker=replace(off.worker, available=[]))
    late = trial(Reason(Obstacle.WINDOW, Severity.WARNING))
    words = [str(one.word) for one in verdicts([off, on_leave, late], VISIT)]
    assert words == ["hors horaires", "repos", "dépasse"]
