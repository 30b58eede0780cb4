"""Cancelling a visit: with a reason, before it begins, taken back as it was or left for somebody else."""

from datetime import timedelta

import pytest

from homecare.alerts.operations import arm, raise_due
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import OrganisationId, VisitId
from homecare.visits.assignment import LastMove, RefusedMoveError, reassign, undo_last_move
from homecare.visits.cancelling import (
    CancelReason,
    LastCancellation,
    cancel_visit,
    find_last_act,
    list_cancelled,
    restore_visit,
)
from homecare.visits.model import Visit
from homecare.visits.operations import note_ends
from homecare.visits.queries import find_visit
from tests.builders import (
    MORNING,
    MadeHome,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
    next_due_here,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Agency:
    def __init__(self, conn: db.Conn, organisation: OrganisationId) -> None:
        self.conn = conn
        self.organisation = organisation
        self.area = make_area(conn)
        self.planner = ByUser(make_user(conn))
        self.sonia = make_worker(conn, organisation, self.area).id
        self.farida = make_worker(conn, organisation, self.area, last_name="Benali", first_name="Farida").id
        self.home: MadeHome = make_client(conn, self.area)
        self.visit = make_visit(conn, self.home, self.sonia)

    def cancel(self, *, reason: CancelReason = CancelReason.HOSPITAL, words: str = "") -> Visit:
        revision = find_visit(self.conn, self.visit).revision
        return cancel_visit(
            self.conn, self.planner, self.visit, revision=revision, reason=reason, words=words, now=MORNING
        )

    def give_to_farida(self, visit: VisitId) -> None:
        found = find_visit(self.conn, visit)
        reassign(
            self.conn,
            self.planner,
            visit,
            revision=found.revision,
            worker=self.farida,
            starts_at=found.starts_at,
            accepted=True,
            now=MORNING - MINUTE,
        )


@pytest.fixture
def agency(conn: db.Conn, organisation: OrganisationId) -> Agency:
    return Agency(conn, organisation)


def test_a_cancelled_visit_keeps_why_by_whom_and_when(agency: Agency) -> None:
    agency.cancel(words="retour prévu mardi")
    (told,) = list_cancelled(agency.conn, MORNING, MORNING + HOUR)
    assert (told.cancel_reason, told.cancel_words) == (CancelReason.HOSPITAL, "retour prévu mardi")
    assert (told.cancelled_at, told.worker) == (MORNING, "ARNAUD Sonia")
    assert told.cancelled_by is not None


def test_what_is_out_of_the_area_or_the_hours_asked_is_not_listed(agency: Agency) -> None:
    agency.cancel()
    assert list_cancelled(agency.conn, MORNING, MORNING + HOUR, area=make_area(agency.conn)) == []
    assert list_cancelled(agency.conn, MORNING + HOUR, MORNING + 2 * HOUR) == []
    assert list_cancelled(agency.conn, MORNING, MORNING + HOUR, worker=agency.farida) == []


@pytest.mark.parametrize("end", ["arrivals", "departures"])
def test_what_has_begun_is_not_cancelled_any_more(agency: Agency, end: str) -> None:
    note_ends(agency.conn, **{end: {agency.visit: MORNING}})
    with pytest.raises(InvalidError, match="a commencé"):
        agency.cancel()
    assert find_visit(agency.conn, agency.visit).cancelled_at is None


def test_what_somebody_changed_since_is_not_cancelled(agency: Agency) -> None:
    agency.give_to_farida(agency.visit)
    with pytest.raises(StaleError):
        cancel_visit(
            agency.conn, agency.planner, agency.visit, revision=1, reason=CancelReason.AWAY, now=MORNING
        )


def test_a_second_cancellation_is_told_that_it_is_done_already(agency: Agency) -> None:
    agency.cancel()
    with pytest.raises(InvalidError, match="déjà annulée"):
        agency.cancel()


def test_another_reason_needs_words(agency: Agency) -> None:
    with pytest.raises(InvalidError, match="quelques mots"):
        agency.cancel(reason=CancelReason.OTHER)


def test_its_lateness_is_watched_no_more_and_its_alert_closes(agency: Agency) -> None:
    later = MORNING + 20 * MINUTE
    arm(agency.conn, [agency.visit], now=MORNING - HOUR)
    (alert,) = set(raise_due(agency.conn, agency.organisation, now=later))
    agency.cancel()
    arm(agency.conn, [agency.visit], now=later)
    closing = agency.conn.execute("SELECT closing FROM alerts WHERE id = %s", (alert,)).fetchone()
    assert (closing, next_due_here(agency.conn)) == (("cancelled",), None)


def test_a_restored_visit_is_as_it_was(agency: Agency) -> None:
    before = find_visit(agency.conn, agency.visit)
    cancelled = agency.cancel()
    restored = restore_visit(agency.conn, agency.planner, agency.visit, now=MORNING)
    assert restored.lost is None
    assert (restored.visit.worker_id, restored.visit.starts_at) == (agency.sonia, before.starts_at)
    assert (restored.visit.cancelled_at, restored.visit.published_at) == (None, before.published_at)
    assert restored.visit.revision == cancelled.revision + 1
    assert list_cancelled(agency.conn, MORNING, MORNING + HOUR) == []


def test_a_restored_visit_goes_to_nobody_when_its_worker_is_elsewhere_by_now(agency: Agency) -> None:
    agency.cancel()
    make_visit(agency.conn, make_client(agency.conn, agency.area, last_name="Delmas"), agency.sonia)
    restored = restore_visit(agency.conn, agency.planner, agency.visit, now=MORNING)
    assert isinstance(restored.lost, RefusedMoveError)
    assert [reason.about for reason in restored.lost.trial.reasons] == ["DELMAS Odile"]
    assert restored.visit.worker_id is None


def test_what_is_not_cancelled_is_not_restored(agency: Agency) -> None:
    with pytest.raises(StaleError, match="quelqu’un l’a rétablie"):
        restore_visit(agency.conn, agency.planner, agency.visit, now=MORNING)


def test_what_is_taken_back_first_is_the_last_act_then_the_move_before_it(agency: Agency) -> None:
    agency.conn.execute("UPDATE visits SET published_at = %s", (MORNING - HOUR,))
    agency.give_to_farida(agency.visit)
    agency.cancel()
    last = find_last_act(agency.conn, agency.planner, now=MORNING)
    assert isinstance(last, LastCancellation)
    restore_visit(agency.conn, agency.planner, last.visit_id, now=MORNING)
    assert isinstance(find_last_act(agency.conn, agency.planner, now=MORNING), LastMove)
    assert undo_last_move(agency.conn, agency.planner, now=MORNING).worker_id == agency.sonia


def test_a_cancellation_is_taken_back_by_its_author_within_ten_minutes(agency: Agency) -> None:
    agency.cancel()
    somebody = ByUser(make_user(agency.conn))
    assert find_last_act(agency.conn, somebody, now=MORNING + MINUTE) is None
    assert find_last_act(agency.conn, agency.planner, now=MORNING + 9 * MINUTE) is not None
    assert find_last_act(agency.conn, agency.planner, now=MORNING + 10 * MINUTE) is None
