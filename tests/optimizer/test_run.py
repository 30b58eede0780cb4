"""A run from the request to the applied plan, on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from homecare.access.model import Role
from homecare.clients.operations import add_trait
from homecare.kernel import db
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import AreaId, OrganisationId, RunId, VisitId, WorkerId
from homecare.visits.operations import move_visit
from homecare.visits.optimisation import (
    apply_proposal,
    ask_stop,
    find_run,
    list_changes,
    request_optimisation,
)
from homecare.visits.queries import find_visit
from homecare.workers.operations import ban_trait
from optimizer.__main__ import replay
from optimizer.run import optimise
from optimizer.travel import EstimatedTravel
from tests.builders import (
    ACTOR,
    MORNING,
    actor_of,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
)
from tests.database import Database

NIGHT_BEFORE = MORNING - timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Agency:
    """Two workers and three visits of a morning, given to nobody yet."""

    database: Database
    organisation: OrganisationId
    area: AreaId
    workers: tuple[WorkerId, ...]
    visits: tuple[VisitId, ...]

    @contextmanager
    def transaction(self) -> Iterator[db.Conn]:
        with self.database.connect(self.organisation) as conn:
            yield conn

    def ask(self, *, seconds: int = 1) -> RunId:
        with self.transaction() as conn:
            return request_optimisation(
                conn,
                actor_of(make_user(conn, role=Role.MANAGER)),
                self.organisation,
                area=self.area,
                day=paris_day(MORNING),
                seed=7,
                seconds=seconds,
                now=NIGHT_BEFORE,
            )

    def do(self, run: RunId) -> None:
        optimise(run, transaction=self.transaction, travel=EstimatedTravel(), now=_night_before)


def _night_before(_: db.Conn) -> datetime:
    return NIGHT_BEFORE


@pytest.fixture
def agency(database: Database) -> Agency:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        area = make_area(conn)
        workers = tuple(make_worker(conn, organisation, area).id for _ in range(2))
        conn.execute("UPDATE workers SET lon = 2.55 + id * 0.001, lat = 46.62")
        homes = [make_client(conn, area) for _ in range(3)]
        conn.execute("UPDATE homes SET lon = 2.56 + id * 0.001, lat = 46.62")
        add_trait(conn, homes[0].client, "Chien")
        ban_trait(conn, workers[0], "Chien", reason="peur")
        visits = tuple(
            make_visit(conn, home, None, starts_at=MORNING + timedelta(hours=number))
            for number, home in enumerate(homes)
        )
    return Agency(database, organisation, area, workers, visits)


def test_a_run_proposes_differences_that_the_planner_applies(agency: Agency) -> None:
    run = agency.ask()
    agency.do(run)
    with agency.transaction() as conn:
        done = find_run(conn, run)
        assert done.status == "proposed"
        assert done.outcome is not None
        before, after = done.outcome["before"], done.outcome["after"]
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        assert (before["open"], after["open"], after["blocking"]) == (3, 0, 0)
        assert done.outcome["estimated"] is True
        assert len(list_changes(conn, run)) == 3
        assert set(apply_proposal(conn, ACTOR, run, now=NIGHT_BEFORE)) == set(agency.visits)
        assert find_visit(conn, agency.visits[0]).worker_id == agency.workers[1]


def test_nothing_moves_until_it_is_applied_and_it_is_applied_once(agency: Agency) -> None:
    run = agency.ask()
    agency.do(run)
    with agency.transaction() as conn:
        assert find_visit(conn, agency.visits[0]).worker_id is None
        apply_proposal(conn, ACTOR, run, now=NIGHT_BEFORE)
        with pytest.raises(InvalidError):
            apply_proposal(conn, ACTOR, run, now=NIGHT_BEFORE)


def test_a_proposal_is_refused_whole_when_somebody_moved_a_visit_meanwhile(agency: Agency) -> None:
    run = agency.ask()
    agency.do(run)
    with agency.transaction() as conn:
        visit = find_visit(conn, agency.visits[1])
        move_visit(
            conn,
            ACTOR,
            visit.id,
            revision=visit.revision,
            worker=agency.workers[0],
            starts_at=visit.starts_at,
            now=NIGHT_BEFORE,
        )
    with pytest.raises(StaleError), agency.transaction() as conn:
        apply_proposal(conn, ACTOR, run, now=NIGHT_BEFORE)
    with agency.transaction() as conn:
        assert find_visit(conn, agency.visits[0]).worker_id is None


def test_a_run_that_is_asked_to_stop_keeps_the_best_plan(agency: Agency) -> None:
    run = agency.ask(seconds=600)
    with agency.transaction() as conn:
        ask_stop(conn, ACTOR, run, now=NIGHT_BEFORE)
    agency.do(run)
    with agency.transaction() as conn:
        assert find_run(conn, run).status == "proposed"


def test_the_archived_inputs_give_the_same_plan_again(agency: Agency) -> None:
    run = agency.ask()
    agency.do(run)
    with agency.transaction() as conn:
        assert replay(conn, run)


def test_two_workers_never_do_the_same_run(agency: Agency) -> None:
    run = agency.ask()
    agency.do(run)
    agency.do(run)
    with agency.transaction() as conn:
        assert len(list_changes(conn, run)) == 3
