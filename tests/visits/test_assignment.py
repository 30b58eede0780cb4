"""Moving a visit by hand: refused with reasons, done once accepted, undone as it was."""

from datetime import timedelta

import pytest
from psycopg import sql

from homecare.clients.operations import add_line, add_trait
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import OrganisationId, WorkerId
from homecare.labour.breach import Rule
from homecare.visits.assignment import RefusedMoveError, find_last_move, reassign, undo_last_move
from homecare.visits.fitness import Obstacle
from homecare.visits.model import Visit
from homecare.visits.operations import create_service
from homecare.visits.planning import find_planned, minutes_of_week
from homecare.visits.queries import find_visit
from homecare.visits.trials import try_on_all
from homecare.workers.operations import add_skill, ban_trait, create_skill, note_refusal
from tests.builders import MORNING, MadeHome, make_area, make_client, make_user, make_visit, make_worker
from tests.features import feature

HOUR = timedelta(hours=1)


class Agency:
    def __init__(self, conn: db.Conn, organisation: OrganisationId) -> None:
        self.conn = conn
        self.area = make_area(conn)
        self.planner = ByUser(make_user(conn))
        self.sonia = make_worker(conn, organisation, self.area).id
        self.farida = make_worker(conn, organisation, self.area, last_name="Benali", first_name="Farida").id
        self.home: MadeHome = make_client(conn, self.area)


@pytest.fixture
def agency(conn: db.Conn, organisation: OrganisationId) -> Agency:
    return Agency(conn, organisation)


def give(
    agency: Agency,
    visit: int,
    worker: WorkerId | None,
    *,
    accepted: bool = False,
    by: ByUser | None = None,
) -> None:
    found = find_planned(agency.conn, visit)  # type: ignore[arg-type]
    reassign(
        agency.conn,
        by or agency.planner,
        found.id,
        revision=found.revision,
        worker=worker,
        starts_at=found.starts_at,
        accepted=accepted,
        now=MORNING,
    )


def test_a_visit_is_given_to_a_worker_who_suits(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, None)
    give(agency, visit, agency.farida)
    assert find_visit(agency.conn, visit).worker == "BENALI Farida"
    assert minutes_of_week(agency.conn, MORNING.date() - timedelta(days=1))[agency.farida] == 60


def test_a_visit_can_always_be_taken_from_somebody(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    give(agency, visit, None)
    assert find_visit(agency.conn, visit).worker_id is None


def test_two_visits_at_once_are_refused_whatever_is_accepted(agency: Agency) -> None:
    make_visit(agency.conn, make_client(agency.conn, agency.area, last_name="Delmas"), agency.farida)
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    with pytest.raises(RefusedMoveError) as refused:
        give(agency, visit, agency.farida, accepted=True)
    assert [(r.obstacle, r.about) for r in refused.value.trial.reasons] == [
        (Obstacle.OVERLAP, "DELMAS Odile")
    ]
    assert find_visit(agency.conn, visit).worker_id == agency.sonia


@feature("A24")
def test_a_couples_two_visits_at_once_go_to_one_worker_and_are_worked_once(agency: Agency) -> None:
    husband = make_client(agency.conn, agency.area, last_name="Hamel")
    make_visit(agency.conn, husband, agency.farida)
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    with pytest.raises(RefusedMoveError):
        give(agency, visit, agency.farida, accepted=True)
    add_line(agency.conn, husband.home, agency.home.line)
    give(agency, visit, agency.farida)
    assert find_visit(agency.conn, visit).worker == "BENALI Farida"
    assert minutes_of_week(agency.conn, MORNING.date() - timedelta(days=1))[agency.farida] == 60


def test_a_visit_goes_to_nobody_without_its_mandatory_skill_until_that_skill_is_held(agency: Agency) -> None:
    skill = create_skill(agency.conn, "Transfert")
    service = create_service(agency.conn, "Lever", tasks=[], skills={skill: (1, True)})
    visit = make_visit(agency.conn, agency.home, None, service=service)
    with pytest.raises(RefusedMoveError):
        give(agency, visit, agency.farida, accepted=True)
    yesterday = MORNING.date() - timedelta(days=1)
    add_skill(agency.conn, agency.farida, skill, level=1, since=yesterday, until=MORNING.date())
    with pytest.raises(RefusedMoveError):  # it expired this morning
        give(agency, visit, agency.farida, accepted=True)
    add_skill(agency.conn, agency.farida, skill, level=1, since=MORNING.date(), until=None)
    give(agency, visit, agency.farida)
    assert find_visit(agency.conn, visit).worker_id == agency.farida


@feature("A24")
def test_an_optional_skill_asks_for_agreement_then_lets_go(agency: Agency) -> None:
    skill = create_skill(agency.conn, "Langue des signes")
    service = create_service(agency.conn, "Compagnie", tasks=[], skills={skill: (1, False)})
    visit = make_visit(agency.conn, agency.home, None, service=service)
    with pytest.raises(RefusedMoveError) as asked:
        give(agency, visit, agency.farida)
    assert asked.value.trial.is_doubtful
    give(agency, visit, agency.farida, accepted=True)
    assert find_visit(agency.conn, visit).worker_id == agency.farida


@feature("A27")
def test_incompatibilities_refuse_with_the_reason_noted(agency: Agency) -> None:
    add_trait(agency.conn, agency.home.client, "chien")
    ban_trait(agency.conn, agency.farida, "chien", reason="mordue en 2019")
    note_refusal(agency.conn, agency.home.client, agency.sonia, reason="mésentente")
    visit = find_planned(agency.conn, make_visit(agency.conn, agency.home, None))
    trials = try_on_all(agency.conn, visit, starts_at=visit.starts_at)
    said = {trial.worker.id: [(r.obstacle, r.note) for r in trial.reasons] for trial in trials}
    assert said[agency.farida] == [(Obstacle.TRAIT, "mordue en 2019")]
    assert said[agency.sonia] == [(Obstacle.REFUSED, "mésentente")]
    assert all(trial.is_refused for trial in trials if trial.worker.id in said)


def test_labour_law_refuses_an_evening_too_close_to_the_next_morning(agency: Agency) -> None:
    make_visit(agency.conn, agency.home, agency.sonia, starts_at=MORNING + 23 * HOUR)  # 07:00 the day after
    visit = make_visit(agency.conn, agency.home, None, starts_at=MORNING + 12 * HOUR)  # 20:00
    with pytest.raises(RefusedMoveError) as refused:
        give(agency, visit, agency.sonia, accepted=True)
    assert [breach.rule for breach in refused.value.trial.breaches] == [Rule.DAILY_REST_MIN]


@pytest.mark.parametrize("days", [-32, 401])
def test_a_day_that_is_a_slip_of_the_keyboard_is_refused(agency: Agency, days: int) -> None:
    visit = find_planned(agency.conn, make_visit(agency.conn, agency.home, agency.sonia))
    with pytest.raises(InvalidError, match="vérifiez la date"):
        reassign(
            agency.conn,
            agency.planner,
            visit.id,
            revision=visit.revision,
            worker=None,
            starts_at=MORNING + timedelta(days=days),
            accepted=True,
            now=MORNING,
        )


def test_whoever_is_off_comes_after_those_at_work_however_near(agency: Agency) -> None:
    agency.conn.execute("DELETE FROM availabilities WHERE worker_id = %s", (agency.sonia,))
    make_visit(
        agency.conn, make_client(agency.conn, agency.area), agency.farida, starts_at=MORNING + 2 * HOUR
    )
    visit = find_planned(agency.conn, make_visit(agency.conn, agency.home, None))
    trials = try_on_all(agency.conn, visit, starts_at=visit.starts_at)
    assert [trial.worker.id for trial in trials] == [agency.farida, agency.sonia]
    assert [trial.is_off for trial in trials] == [False, True]


def test_the_best_worker_comes_first_and_those_who_are_refused_last(agency: Agency) -> None:
    make_visit(agency.conn, make_client(agency.conn, agency.area), agency.sonia)
    visit = find_planned(agency.conn, make_visit(agency.conn, agency.home, None))
    trials = try_on_all(agency.conn, visit, starts_at=visit.starts_at, area=agency.area)
    assert [trial.worker.id for trial in trials] == [agency.farida, agency.sonia]
    assert [trial.is_refused for trial in trials] == [False, True]


def test_the_last_move_is_undone_with_the_window_it_widened(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    before = find_visit(agency.conn, visit)
    reassign(
        agency.conn,
        agency.planner,
        visit,
        revision=before.revision,
        worker=agency.farida,
        starts_at=before.starts_at + HOUR,
        accepted=True,
        now=MORNING,
    )
    undone = undo_last_move(agency.conn, agency.planner, now=MORNING + timedelta(minutes=9))
    assert (undone.worker_id, undone.starts_at, undone.latest_at) == (
        agency.sonia,
        before.starts_at,
        before.latest_at,
    )
    with pytest.raises(NotFoundError):
        undo_last_move(agency.conn, agency.planner, now=MORNING + timedelta(minutes=9))


def undo(agency: Agency) -> Visit:
    return undo_last_move(agency.conn, agency.planner, now=MORNING + timedelta(minutes=1))


def test_what_somebody_touched_since_is_not_undone(agency: Agency) -> None:
    earlier, visit = make_visit(agency.conn, agency.home, None), make_visit(agency.conn, agency.home, None)
    give(agency, earlier, agency.sonia)
    give(agency, visit, agency.farida)
    give(agency, visit, None, by=ByUser(make_user(agency.conn)))
    with pytest.raises(StaleError, match="BELLANGER Odile a changé depuis"):
        undo(agency)
    assert find_visit(agency.conn, earlier).worker_id == agency.sonia  # and no other move is taken for it


def test_what_somebody_put_back_can_be_undone_again(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    other = ByUser(make_user(agency.conn))
    give(agency, visit, agency.farida)
    give(agency, visit, None, by=other)
    undo_last_move(agency.conn, other, now=MORNING + timedelta(minutes=1))
    assert undo(agency).worker_id == agency.sonia


def test_moves_are_undone_one_after_the_other_whatever_the_visit(agency: Agency) -> None:
    visit, other = make_visit(agency.conn, agency.home, None), make_visit(agency.conn, agency.home, None)
    other_hour = find_visit(agency.conn, other).starts_at + 2 * HOUR
    agency.conn.execute(
        "UPDATE visits SET starts_at = %s, ends_at = %s, latest_at = %s WHERE id = %s",
        (other_hour, other_hour + HOUR, other_hour, other),
    )
    give(agency, visit, agency.sonia)
    give(agency, other, agency.sonia)
    give(agency, visit, agency.farida)
    assert undo(agency).worker_id == agency.sonia
    give(agency, visit, agency.farida)
    assert (undo(agency).id, find_visit(agency.conn, visit).worker_id) == (visit, agency.sonia)
    assert (undo(agency).id, find_visit(agency.conn, other).worker_id) == (other, None)
    assert (undo(agency).id, find_visit(agency.conn, visit).worker_id) == (visit, None)
    with pytest.raises(NotFoundError):
        undo(agency)


@pytest.mark.parametrize(
    ("since", "told"),
    [("arrived_at", "a commencé"), ("left_at", "a commencé"), ("cancelled_at", "a été annulée"),
     ("published_at", "a été publiée")],
)  # fmt: skip
def test_what_began_or_was_shown_to_its_worker_since_is_not_undone(
    agency: Agency, since: str, told: str
) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia, published=False)
    give(agency, visit, agency.farida)
    agency.conn.execute(
        sql.SQL("UPDATE visits SET {} = %s WHERE id = %s").format(sql.Identifier(since)),
        (MORNING + timedelta(seconds=30), visit),
    )
    with pytest.raises(InvalidError, match=told):
        undo(agency)
    assert find_visit(agency.conn, visit).worker_id == agency.farida


def test_what_was_shown_to_its_worker_before_the_move_is_undone(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia, published=True)
    agency.conn.execute("UPDATE visits SET published_at = %s", (MORNING - HOUR,))
    give(agency, visit, agency.farida)
    assert undo(agency).worker_id == agency.sonia


def test_a_visit_does_not_return_to_somebody_who_is_elsewhere_meanwhile(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    give(agency, visit, agency.farida)
    make_visit(agency.conn, make_client(agency.conn, agency.area, last_name="Delmas"), agency.sonia)
    with pytest.raises(RefusedMoveError) as refused:
        undo(agency)
    assert [reason.about for reason in refused.value.trial.reasons] == ["DELMAS Odile"]
    assert find_visit(agency.conn, visit).worker_id == agency.farida


def test_after_ten_minutes_nothing_is_undone(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    give(agency, visit, agency.farida)
    assert find_last_move(agency.conn, agency.planner, now=MORNING + timedelta(minutes=10)) is None


def test_a_move_made_on_an_old_picture_is_refused(agency: Agency) -> None:
    visit = make_visit(agency.conn, agency.home, agency.sonia)
    give(agency, visit, agency.farida)
    with pytest.raises(StaleError):
        reassign(
            agency.conn,
            agency.planner,
            visit,
            revision=1,
            worker=None,
            starts_at=MORNING,
            accepted=False,
            now=MORNING,
        )
