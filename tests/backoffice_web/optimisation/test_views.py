"""An optimisation from request to decision: nothing moves before it is applied, and never half of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.ids import RunId, VisitId, WorkerId
from homecare.visits.model import NewChange, Visit
from homecare.visits.operations import move_visit
from homecare.visits.optimisation import find_run, list_runs, save_proposal, start_run
from homecare.visits.queries import find_visit
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import ACTOR, make_area, make_client, make_visit, make_worker, next_due_here

TEN = NOW + timedelta(minutes=73)
SIDE = {"kilometres": 10, "travel_minutes": 30, "blocking": 0, "open": 0, "waiting_minutes": 5, "visits": 1}
OUTCOME = {"before": {**SIDE, "open": 1}, "after": {**SIDE, "rules": {}}, "changes": 1, "estimated": True}


@dataclass(frozen=True, slots=True)
class Asked:
    agency: Agency
    manager: FlaskClient
    sonia: WorkerId
    farida: WorkerId
    visit: VisitId

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    def read(self) -> Visit:
        with self.conn() as conn:
            return find_visit(conn, self.visit)

    def ask(self, **fields: str) -> RunId:
        area = str(self.agency.area)
        sent = {"area": area, "day": "2026-11-24", "seconds": "15", "seed": "7"} | fields
        self.manager.post("/optimisation", data=signed(self.manager, "/optimisation", **sent))
        with self.conn() as conn:
            return list_runs(conn)[0].id

    def propose(self) -> RunId:
        """Do what the worker does, without searching: Farida, an hour later."""
        run = self.ask()
        with self.conn() as conn:
            start_run(conn, run, instance={}, instance_hash="0", now=NOW)
            change = NewChange(self.visit, 1, self.farida, TEN + timedelta(hours=1))
            save_proposal(conn, run, [change], outcome=OUTCOME, now=NOW)
        return run

    def decide(self, run: RunId, decision: str) -> tuple[int, str]:
        fields = signed(self.manager, f"/optimisation/{run}")
        answer = self.manager.post(f"/optimisation/{run}/{decision}", data=fields, follow_redirects=True)
        return answer.status_code, answer.text.replace("\xa0", " ")

    def status(self, run: RunId) -> str:
        with self.conn() as conn:
            return find_run(conn, run).status


@pytest.fixture
def asked(agency: Agency) -> Asked:
    with agency.database.connect(agency.organisation) as conn:
        sonia = make_worker(conn, agency.organisation, agency.area).id
        farida = make_worker(conn, agency.organisation, agency.area, last_name="Benali", first_name="Farida")
        visit = make_visit(conn, make_client(conn, agency.area), sonia, starts_at=TEN)
    return Asked(agency, agency.browser(Role.MANAGER), sonia, farida.id, visit)


def test_a_run_is_asked_with_its_area_day_time_and_seed(asked: Asked) -> None:
    run = asked.ask()
    with asked.conn() as conn:
        found = find_run(conn, run)
    assert (found.status, found.seconds, found.seed, found.area_id) == ("asked", 15, 7, asked.agency.area)
    page = asked.manager.get(f"/optimisation/{run}").text
    assert "En attente du calcul" in page
    assert "Arrêter et garder" in page


@pytest.mark.parametrize(
    "nonsense", [{"day": "demain"}, {"seconds": "99999"}, {"area": "0"}, {"area": ""}, {"seed": "-3"}]
)
def test_a_request_that_makes_no_sense_is_refused_beside_its_field(
    asked: Asked, nonsense: dict[str, str]
) -> None:
    sent = {"area": str(asked.agency.area), "day": "2026-11-24", "seconds": "15"} | nonsense
    answer = asked.manager.post("/optimisation", data=signed(asked.manager, "/optimisation", **sent))
    assert answer.status_code == 422
    assert "À reprendre" in answer.text
    with asked.conn() as conn:
        assert list_runs(conn) == []


def test_while_it_searches_the_page_follows_then_loads_the_proposal(asked: Asked) -> None:
    run = asked.ask()
    headers = {"HX-Request": "true"}
    assert "HX-Refresh" not in asked.manager.get(f"/optimisation/{run}/suivi", headers=headers).headers
    run = asked.propose()
    answer = asked.manager.get(f"/optimisation/{run}/suivi", headers=headers)
    assert answer.headers["HX-Refresh"] == "true"


def test_while_it_searches_the_time_left_is_told_and_no_figure_that_is_not_known(asked: Asked) -> None:
    run = asked.ask()
    with asked.conn() as conn:
        start_run(conn, run, instance={}, instance_hash="0", now=NOW - timedelta(seconds=6))
    page = asked.manager.get(f"/optimisation/{run}").text.replace("\xa0", " ")
    assert "encore 9 s au plus" in page
    assert "Différences par intervenant</h2>" in page
    with asked.conn() as conn:
        conn.execute("UPDATE optimisation_runs SET started_at = %s", (NOW - timedelta(seconds=16),))
    follow = asked.manager.get(f"/optimisation/{run}/suivi", headers={"HX-Request": "true"}).text
    assert "vérification de la proposition" in follow


def test_the_planning_s_day_and_area_are_carried_over_and_no_area_is_guessed(asked: Asked) -> None:
    with asked.conn() as conn:
        make_area(conn)
    planning = asked.manager.get(f"/planning?jour=2026-11-27&secteur={asked.agency.area}").text
    address = f"/optimisation?jour=2026-11-27&secteur={asked.agency.area}"
    assert f'href="{address.replace("&", "&amp;")}"' in planning
    dialog = asked.manager.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in dialog
    assert 'value="2026-11-27"' in dialog
    assert f'<option selected value="{asked.agency.area}">' in dialog
    everywhere = asked.manager.get("/optimisation?jour=2026-11-27", headers={"HX-Request": "true"}).text
    assert "Choisissez un secteur" in everywhere
    assert f'<option selected value="{asked.agency.area}">' not in everywhere


def test_stopping_keeps_what_was_found(asked: Asked) -> None:
    run = asked.ask()
    asked.decide(run, "arreter")
    with asked.conn() as conn:
        assert find_run(conn, run).stop_asked


def test_a_proposal_is_read_worker_by_worker_and_changes_nothing(asked: Asked) -> None:
    run = asked.propose()
    page = asked.manager.get(f"/optimisation/{run}").text.replace("\xa0", " ")
    assert "Appliquer 1 changement" in page
    assert (
        page.index("ARNAUD Sonia") < page.index("Cède") < page.index("BENALI Farida") < page.index("Reçoit")
    )
    assert "1 est déjà publiée" in page
    assert asked.read().worker_id == asked.sonia


def test_applying_moves_the_visits_and_their_lateness(asked: Asked) -> None:
    run = asked.propose()
    status, page = asked.decide(run, "appliquer")
    assert (status, "1 intervention déplacée." in page) == (200, True)
    assert (asked.read().worker_id, asked.read().starts_at) == (asked.farida, TEN + timedelta(hours=1))
    assert asked.status(run) == "applied"
    with asked.conn() as conn:
        assert next_due_here(conn) == TEN + timedelta(minutes=68)


def test_applying_publishes_nothing_by_itself(asked: Asked) -> None:
    with asked.conn() as conn:
        conn.execute("UPDATE visits SET published_at = NULL")
    asked.decide(asked.propose(), "appliquer")
    assert asked.read().published_at is None
    with asked.conn() as conn:
        assert next_due_here(conn) is None


def test_a_stale_proposal_is_refused_whole_and_says_why(asked: Asked) -> None:
    run = asked.propose()
    with asked.conn() as conn:
        move_visit(conn, ACTOR, asked.visit, revision=1, worker=None, starts_at=TEN, now=NOW)
    assert "Cette proposition ne peut plus être appliquée." in asked.manager.get(f"/optimisation/{run}").text
    _status, page = asked.decide(run, "appliquer")
    assert "Rien n’a été appliqué" in page
    assert (asked.status(run), asked.read().worker_id) == ("proposed", None)


def test_a_proposal_is_refused_whole_when_its_worker_has_been_given_another_visit_at_that_hour(
    asked: Asked,
) -> None:
    run = asked.propose()
    with asked.conn() as conn:
        client = make_client(conn, asked.agency.area, last_name="Peyrat")
        make_visit(conn, client, asked.farida, starts_at=TEN + timedelta(minutes=90))
    _status, page = asked.decide(run, "appliquer")
    assert "Rien n’a été appliqué" in page
    assert "BENALI Farida ne peut plus aller chez" in page
    assert "Déjà chez PEYRAT" in page
    assert (asked.status(run), asked.read().worker_id) == ("proposed", asked.sonia)


def test_a_dropped_proposal_can_no_longer_be_applied(asked: Asked) -> None:
    run = asked.propose()
    asked.decide(run, "abandonner")
    assert asked.status(run) == "dropped"
    fields = signed(asked.manager, f"/optimisation/{run}")
    assert asked.manager.post(f"/optimisation/{run}/appliquer", data=fields).status_code == 422
    assert asked.read().worker_id == asked.sonia


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_whoever_may_not_optimise_is_refused_everywhere(asked: Asked, role: Role) -> None:
    run = asked.propose()
    browser = asked.agency.browser(role)
    for page in ("", f"/{run}", f"/{run}/suivi"):
        assert browser.get(f"/optimisation{page}").status_code == 403


def test_a_manager_of_another_area_gets_no_run_of_this_one(asked: Asked) -> None:
    run = asked.propose()
    with asked.conn() as conn:
        elsewhere = make_area(conn)
    stranger = asked.agency.browser(Role.MANAGER, area=elsewhere)
    fields = signed(stranger, "/optimisation")
    for page in ("", "/suivi"):
        assert stranger.get(f"/optimisation/{run}{page}").status_code == 404
    for decision in ("arreter", "appliquer", "abandonner"):
        assert stranger.post(f"/optimisation/{run}/{decision}", data=fields).status_code == 404
    assert asked.status(run) == "proposed"
