"""When a number is rung, by whom, and what is made of how it ended."""

from datetime import timedelta

import pytest

from homecare.access.call_lines import Trunk, add_call_line
from homecare.access.line_checks import (
    STALE_AFTER,
    LineState,
    LineToCheck,
    Outcome,
    claim_check,
    end_check,
    list_line_states,
    want_check,
)
from homecare.kernel import db
from homecare.kernel.calendar import paris_instant
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId
from tests.builders import MORNING, actor_of, make_user

NIGHT = MORNING.replace(hour=1, minute=40)  # UTC: 02:40 in Paris, in winter
FIRST, SECOND = "+33800000101", "+33800000202"


@pytest.fixture
def conn(conn: db.Conn, organisation: OrganisationId) -> db.Conn:
    add_call_line(conn, FIRST, label="Télépointage")
    add_call_line(conn, SECOND, label="Secours", trunk=Trunk.SECOND)
    return conn


def states(conn: db.Conn) -> dict[str, LineState]:
    return {state.number: state for state in list_line_states(conn)}


def test_at_night_each_number_is_rung_once_through_the_other_operator(conn: db.Conn) -> None:
    first, second = claim_check(conn, now=NIGHT), claim_check(conn, now=NIGHT)
    assert first == LineToCheck(states(conn)[FIRST].id, FIRST, Trunk.SECOND, SECOND)
    assert second == LineToCheck(states(conn)[SECOND].id, SECOND, Trunk.FIRST, FIRST)
    assert claim_check(conn, now=NIGHT + timedelta(minutes=1)) is None


@pytest.mark.parametrize(("hour", "minute"), [(2, 29), (5, 0), (8, 5), (23, 59)])
def test_outside_the_night_nobody_rings(conn: db.Conn, hour: int, minute: int) -> None:
    day = NIGHT.date()
    at = paris_instant(day, NIGHT.time().replace(hour=hour, minute=minute))
    assert claim_check(conn, now=at) is None


def test_whoever_asks_has_a_number_rung_at_once_and_again(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    actor = actor_of(make_user(conn))
    line = states(conn)[SECOND].id
    for _ in range(2):
        want_check(conn, actor, line, now=MORNING)
        assert states(conn)[SECOND].is_wanted
        claimed = claim_check(conn, now=MORNING)
        assert claimed is not None
        assert claimed.number == SECOND
        end_check(conn, organisation, line, Outcome.HEARD, now=MORNING)
        assert not states(conn)[SECOND].is_wanted
        assert claim_check(conn, now=MORNING) is None


def test_a_number_of_another_agency_cannot_be_asked_for(conn: db.Conn) -> None:
    with pytest.raises(NotFoundError):
        want_check(conn, actor_of(make_user(conn)), 999_999, now=MORNING)


def test_a_check_whose_core_died_is_begun_again(conn: db.Conn, organisation: OrganisationId) -> None:
    claimed = claim_check(conn, now=NIGHT)
    assert claimed is not None
    again = claim_check(conn, now=NIGHT + timedelta(minutes=3))
    assert again == claimed
    end_check(conn, organisation, claimed.id, Outcome.SILENT, now=NIGHT + timedelta(minutes=3))
    assert states(conn)[claimed.number].outcome is Outcome.SILENT


def test_a_number_that_only_rings_does_well_when_its_call_is_seen_and_ails_when_it_answers(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    add_call_line(conn, "+33800000303", label="Appel manqué", rings_only=True)
    line = states(conn)["+33800000303"].id
    for outcome in Outcome:
        want_check(conn, actor_of(make_user(conn)), line, now=MORNING)
        assert claim_check(conn, now=MORNING) is not None
        end_check(conn, organisation, line, outcome, now=MORNING)
        assert states(conn)["+33800000303"].is_ailing(MORNING) is (outcome is not Outcome.SEEN)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_number_ails_when_it_did_not_answer_or_was_not_tried_for_long(
    conn: db.Conn, organisation: OrganisationId, outcome: Outcome
) -> None:
    assert not any(state.is_ailing(NIGHT) for state in list_line_states(conn))
    claimed = claim_check(conn, now=NIGHT)
    assert claimed is not None
    end_check(conn, organisation, claimed.id, outcome, now=NIGHT)
    state = states(conn)[claimed.number]
    assert state.is_ailing(NIGHT) is (outcome is not Outcome.HEARD)
    assert state.is_ailing(NIGHT + STALE_AFTER + timedelta(minutes=1))
