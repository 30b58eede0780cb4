"""A missed call in the database: who is rung back, for which punch, and what is left when there is none."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from homecare.access.call_lines import add_call_line
from homecare.clients.operations import add_line, set_line_without_keys
from homecare.clients.refused_lines import refuse_line
from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId
from homecare.punches import missed_calls
from homecare.punches.journal import list_journal
from homecare.punches.missed_calls import (
    A_LINE,
    AN_AGENCY,
    GIVEN_UP,
    LATEST,
    CallMissed,
    Outcome,
    RingBack,
    end_missed_call,
    list_lost_missed_calls,
    note_ring,
)
from homecare.punches.model import Channel, Claim, Edge, MissedCall, PlannedWorker, Proof, read_claim
from homecare.punches.operations import record
from homecare.punches.queries import list_call_tasks, list_refusals
from homecare.punches.silence import watch_silence
from tests.builders import (
    ACTOR,
    MORNING,
    MadeHome,
    MadeWorker,
    actor_of,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
)

NUMBER, ANSWERING = "+33805000001", "+33800000001"


@dataclass
class District:
    """A home whose line has no keys, a number that only rings, a worker with a visit now."""

    conn: db.Conn
    organisation: OrganisationId
    home: MadeHome
    worker: MadeWorker

    def miss(self, reference: str = "a", *, seconds: float = 0, **changed: object) -> RingBack | None:
        at = MORNING + timedelta(seconds=seconds)
        call = CallMissed(reference, NUMBER, self.home.line, at, at)
        call = replace(call, **changed)  # type: ignore[arg-type]
        return missed_calls.take_missed_call(self.conn, self.organisation, call, now=call.called_at)

    def end(self, missed: RingBack, *, answered_as: str | None = "back-1") -> Outcome | None:
        return end_missed_call(self.conn, self.organisation, missed.id, answered_as=answered_as, now=MORNING)

    def confirm(self, missed: RingBack) -> None:
        assert missed.worker is not None
        assert missed.edge is not None
        claim = Claim(
            self.organisation,
            Channel.PHONE,
            missed.source_ref,
            missed.at,
            MissedCall(missed.line),
            PlannedWorker(missed.worker),
            Edge(missed.edge),
        )
        record(self.conn, [claim], core_instance="a", now=missed.at)

    def tasks(self) -> list[str]:
        return [task.kind for task in list_call_tasks(self.conn)]

    def refusals(self) -> list[str]:
        day = timedelta(days=1)
        return [one.status for one in list_refusals(self.conn, since=MORNING - day, until=MORNING + day)]


@pytest.fixture
def district(conn: db.Conn, organisation: OrganisationId) -> District:
    area = make_area(conn)
    home, worker = make_client(conn, area), make_worker(conn, organisation, area)
    add_call_line(conn, ANSWERING, label="Télépointage")
    add_call_line(conn, NUMBER, label="Appel manqué", rings_only=True)
    set_line_without_keys(conn, ACTOR, home.home, home.line, without_keys=True, now=MORNING)
    make_visit(conn, home, worker.id, starts_at=MORNING)
    return District(conn, organisation, home, worker)


def test_the_line_is_rung_back_for_the_worker_whom_the_plan_expects(district: District) -> None:
    missed = district.miss()
    assert missed is not None
    assert (missed.line, missed.home) == (district.home.line, district.home.home)
    assert (missed.worker, missed.edge) == (district.worker.id, "arrival")
    assert district.tasks() == []


def test_a_confirmed_missed_call_is_a_punch_of_its_instant_at_the_lowest_grade(district: District) -> None:
    missed = district.miss()
    assert missed is not None
    district.confirm(missed)
    assert district.end(missed) is Outcome.CONFIRMED
    day = timedelta(days=1)
    (row,) = list_journal(district.conn, since=MORNING - day, until=MORNING + day)
    assert (row.punched_at, row.edge, row.doubt, row.proof) == (MORNING, "arrival", None, Proof.D)
    assert row.worker_id == district.worker.id
    assert row.is_missed_call
    assert district.tasks() == []
    raw = district.conn.execute("SELECT claim FROM punches").fetchone()
    assert raw is not None
    assert read_claim(raw[0]).who == PlannedWorker(district.worker.id)


@pytest.mark.parametrize(
    ("answered_as", "outcome", "task"),
    [("back-1", Outcome.HUNG_UP, "missed_cancelled"), (None, Outcome.UNANSWERED, "missed_unanswered")],
)
def test_what_is_not_confirmed_is_left_to_the_coordinator_once(
    district: District, answered_as: str | None, outcome: Outcome, task: str
) -> None:
    missed = district.miss()
    assert missed is not None
    assert district.end(missed, answered_as=answered_as) is outcome
    assert district.end(missed, answered_as=answered_as) is None
    assert district.tasks() == [task]
    (left,) = list_call_tasks(district.conn)
    assert (left.worker, left.subject, left.at) == ("ARNAUD Sonia", district.home.line, MORNING)


def test_a_code_keyed_when_rung_back_ends_it_like_a_confirmation(district: District) -> None:
    district.conn.execute("UPDATE visits SET cancelled_at = %s", (MORNING,))
    missed = district.miss()
    assert missed is not None
    assert missed.worker is None
    assert district.tasks() == ["missed_unclear"]
    claim = Claim(
        district.organisation,
        Channel.PHONE,
        "back-1-1",
        MORNING,
        MissedCall(missed.line),
        PlannedWorker(district.worker.id),
    )
    record(district.conn, [claim], core_instance="a", now=MORNING)
    assert district.end(missed) is Outcome.KEYED
    assert district.tasks() == []


def test_when_two_workers_may_be_there_the_task_is_left_at_once(district: District) -> None:
    other = make_worker(district.conn, district.organisation, make_area(district.conn))
    make_visit(district.conn, district.home, other.id, starts_at=MORNING)
    missed = district.miss()
    assert missed is not None
    assert (missed.worker, missed.edge) == (None, None)
    assert district.end(missed) is Outcome.TOLD
    assert district.tasks() == ["missed_unclear"]


def test_a_visit_that_is_not_published_expects_nobody(district: District) -> None:
    district.conn.execute("UPDATE visits SET published_at = NULL")
    missed = district.miss()
    assert missed is not None
    assert missed.worker is None


@pytest.mark.parametrize("outcome", ["confirm", "hang up", "nobody"])
def test_a_call_repeated_within_two_minutes_is_the_same_missed_call(district: District, outcome: str) -> None:
    missed = district.miss()
    assert missed is not None
    assert district.miss("b", seconds=20) is None  # being rung back already
    if outcome == "confirm":
        district.confirm(missed)
    district.end(missed, answered_as=None if outcome == "nobody" else "back-1")
    again = district.miss("c", seconds=100)
    if outcome == "confirm":
        assert again is None
        return
    assert again is not None
    assert (again.id, again.at) == (missed.id, MORNING)
    assert len(district.tasks()) == 1
    district.confirm(again)
    assert district.end(again) is Outcome.CONFIRMED
    assert district.tasks() == []


def test_a_call_later_than_that_is_another_one(district: District) -> None:
    missed = district.miss()
    assert missed is not None
    district.confirm(missed)
    district.end(missed)
    later = district.miss("b", seconds=1800)
    assert later is not None
    assert (later.edge, later.id > missed.id) == ("departure", True)


def test_the_same_call_taken_twice_is_rung_back_once(district: District) -> None:
    first = district.miss()
    assert first is not None
    district.confirm(first)
    district.end(first)
    assert district.miss(seconds=600) is None
    assert district.miss() is None


@pytest.mark.parametrize("caller", [None, "+33699887766", ANSWERING])
def test_a_number_of_nobodys_home_is_never_rung_and_a_number_of_ours_is_a_check(
    district: District, caller: str | None
) -> None:
    assert district.miss(caller=caller) is None
    assert district.refusals() == ([] if caller == ANSWERING else ["missed_unknown"])


def test_a_line_is_rung_only_once_the_agency_has_said_that_it_has_no_keys(district: District) -> None:
    home = district.home
    set_line_without_keys(district.conn, ACTOR, home.home, home.line, without_keys=False, now=MORNING)
    assert district.miss() is None
    assert district.refusals() == ["missed_with_keys"]
    with pytest.raises(NotFoundError):
        set_line_without_keys(district.conn, ACTOR, home.home, "+33199999999", without_keys=True, now=MORNING)


@pytest.mark.parametrize("line", ["+33899123456", "+447700900123"])
def test_a_number_that_costs_more_is_never_rung_even_if_registered(district: District, line: str) -> None:
    add_line(district.conn, district.home.home, line)
    set_line_without_keys(district.conn, ACTOR, district.home.home, line, without_keys=True, now=MORNING)
    assert district.miss(caller=line) is None
    assert district.refusals() == ["missed_with_keys"]


def test_a_refused_line_stays_refused(district: District) -> None:
    user = actor_of(make_user(district.conn))
    refuse_line(district.conn, user, "+33699887766", reason="Appels abusifs", now=MORNING)
    assert district.miss(caller="+33699887766") is None
    assert district.refusals() == ["unauthorised_phone"]


def test_a_call_to_a_number_that_answers_is_no_missed_call(district: District) -> None:
    assert district.miss(called=ANSWERING) is None
    assert district.refusals() == []


@pytest.mark.parametrize(("most", "own"), [(A_LINE, True), (AN_AGENCY, False)])
def test_a_line_and_an_agency_are_rung_back_so_often_and_no_more(
    district: District, most: int, *, own: bool
) -> None:
    district.conn.execute(
        """INSERT INTO missed_calls (call_ref, called, line, called_at, at, rung_at, outcome)
           SELECT 'x-' || n, %(called)s, %(line)s, %(at)s, %(at)s, %(at)s, 'told'
           FROM generate_series(1, %(most)s) AS n""",
        {
            "called": NUMBER,
            "line": district.home.line if own else "+33155599999",
            "at": MORNING - timedelta(minutes=10),
            "most": most,
        },
    )
    assert district.miss() is None
    assert district.refusals() == ["missed_too_often"]


def test_a_call_that_is_taken_too_late_is_a_task_and_rings_nobody(district: District) -> None:
    now: datetime = MORNING + LATEST + timedelta(seconds=1)
    call = CallMissed("a", NUMBER, district.home.line, MORNING, MORNING)
    taken = missed_calls.take_missed_call(district.conn, district.organisation, call, now=now)
    assert taken is None
    assert district.tasks() == ["missed_late"]


def test_one_whose_core_died_is_found_again(district: District) -> None:
    missed = district.miss()
    assert missed is not None
    assert note_ring(district.conn, missed.id, now=MORNING)
    assert list_lost_missed_calls(district.conn, now=MORNING + GIVEN_UP) == []
    later = MORNING + GIVEN_UP + timedelta(seconds=1)
    assert list_lost_missed_calls(district.conn, now=later) == [missed.id]
    district.end(missed, answered_as=None)
    assert list_lost_missed_calls(district.conn, now=later) == []
    assert not note_ring(district.conn, missed.id, now=later)


def test_a_line_from_which_calls_are_missed_is_not_silent(district: District) -> None:
    conn, week = district.conn, timedelta(days=7)
    watch_silence(conn, district.organisation, now=MORNING - week)
    for day in range(1, 12):
        make_visit(conn, district.home, district.worker.id, starts_at=MORNING + timedelta(days=day))
    missed = district.miss()
    assert missed is not None
    district.confirm(replace(missed, at=MORNING + timedelta(days=11)))
    watch_silence(conn, district.organisation, now=MORNING + timedelta(days=12))
    assert "silent_line" not in district.tasks()
