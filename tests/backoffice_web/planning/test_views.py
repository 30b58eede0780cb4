"""The planning of a day: seen, moved with its consequences said first, undone, published."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.clients.operations import add_trait
from homecare.kernel import db
from homecare.kernel.clock import PARIS
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.model import Visit
from homecare.visits.queries import find_visit
from homecare.workers.operations import ban_trait
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import MadeHome, make_area, make_client, make_visit, make_worker, next_due_here
from tests.features import feature

HX = {"HX-Request": "true"}
TEN = NOW + timedelta(minutes=73)  # 10:00 in Paris
LATER = TEN + timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Planned:
    agency: Agency
    planner: FlaskClient
    sonia: WorkerId
    farida: WorkerId
    home: MadeHome
    visit: VisitId

    def read(self) -> Visit:
        with self.agency.database.connect(self.agency.organisation) as conn:
            return find_visit(conn, self.visit)

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    def move(
        self, worker: int, *, at: str = "10:00", browser: FlaskClient | None = None, **more: str
    ) -> tuple[int, str]:
        page = f"/planning/interventions/{self.visit}/deplacer"
        who = browser or self.planner
        fields = {"worker": str(worker), "day": "2026-11-24", "at": at, "revision": "1", **more}
        answer = who.post(page, data=signed(who, page, **fields), headers=HX)
        return answer.status_code, answer.text


@pytest.fixture
def planned(agency: Agency) -> Planned:
    with agency.database.connect(agency.organisation) as conn:
        sonia = make_worker(conn, agency.organisation, agency.area).id
        farida = make_worker(conn, agency.organisation, agency.area, last_name="Benali", first_name="Farida")
        home = make_client(conn, agency.area)
        visit = make_visit(conn, home, sonia, starts_at=TEN, published=False)
    return Planned(agency, agency.browser(Role.COORDINATOR), sonia, farida.id, home, visit)


def test_the_day_shows_its_workers_and_what_nobody_has(planned: Planned) -> None:
    page = planned.planner.get("/planning").text
    assert "Mardi 24 novembre" in page
    assert page.index("ARNAUD Sonia") < page.index("BELLANGER Odile") < page.index("BENALI Farida")
    assert "pas encore publié" in page


@feature("A9")
def test_an_area_narrows_the_planning_to_its_people_and_visits(planned: Planned) -> None:
    with planned.conn() as conn:
        elsewhere = make_area(conn)
        make_worker(conn, planned.agency.organisation, elsewhere, last_name="Zola")
        make_visit(conn, make_client(conn, elsewhere, last_name="Delmas"), None, starts_at=TEN)
    here = planned.planner.get(f"/planning?secteur={planned.agency.area}").text
    there = planned.planner.get(f"/planning?secteur={elsewhere}").text
    for name in ("ARNAUD Sonia", "BELLANGER Odile"):
        assert (name in here, name in there) == (True, False)
    for name in ("ZOLA Sonia", "DELMAS Odile"):
        assert (name in here, name in there) == (False, True)


def test_another_day_is_asked_by_its_address_and_nonsense_is_today(planned: Planned) -> None:
    assert "Mercredi 25 novembre" in planned.planner.get("/planning?jour=2026-11-25").text
    assert "Mardi 24 novembre" in planned.planner.get("/planning?jour=hier&secteur=x").text


def test_the_week_unfolds_one_day_and_folds_the_six_others(planned: Planned) -> None:
    page = planned.planner.get("/planning?vue=semaine&jour=2026-11-25").text
    assert "Semaine 48" in page
    assert "23 – 29 novembre 2026" in page
    assert page.count("fold-head") == 6
    assert "Mar 24 : 1 intervention, 1 h 00" in page.replace("\xa0", " ")
    assert "BELLANGER" not in page
    assert "BELLANGER" in planned.planner.get("/planning/grille?vue=semaine&jour=2026-11-24").text


@pytest.mark.parametrize(
    ("role", "sees", "moves"),
    [(Role.COORDINATOR, 200, 200), (Role.AUDITOR, 200, 403), (Role.WORKER, 403, 403), (None, 303, 303)],
)
def test_only_planners_move_and_only_readers_look(
    planned: Planned, role: Role | None, sees: int, moves: int
) -> None:
    browser = planned.agency.browser(role)
    assert browser.get("/planning").status_code == sees
    assert browser.get("/planning/grille").status_code == sees
    for page in ("deplacer", "essais", f"essai?worker={planned.farida}"):
        assert browser.get(f"/planning/interventions/{planned.visit}/{page}").status_code == moves


def test_a_coordinator_of_another_area_neither_sees_nor_moves_the_visit(planned: Planned) -> None:
    with planned.conn() as conn:
        elsewhere = make_area(conn)
    stranger = planned.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert "BELLANGER" not in stranger.get("/planning").text
    for page in ("deplacer", "essais", f"essai?worker={planned.farida}"):
        assert stranger.get(f"/planning/interventions/{planned.visit}/{page}").status_code == 404


def test_a_visit_is_moved_to_another_worker_and_hour(planned: Planned) -> None:
    status, told = planned.move(planned.farida, at="11:30", accepted=f"{planned.farida}@2026-11-24 11:30:00")
    assert (status, "BELLANGER Odile" in told) == (200, True)
    assert (planned.read().worker_id, planned.read().starts_at) == (
        planned.farida,
        TEN + timedelta(minutes=90),
    )


@feature("A27")
def test_a_blocked_move_is_refused_with_its_reason(planned: Planned) -> None:
    with planned.conn() as conn:
        add_trait(conn, planned.home.client, "chien")
        ban_trait(conn, planned.farida, "chien", reason="mordue en 2019")
    status, told = planned.move(planned.farida, accepted=f"{planned.farida}@2026-11-24 10:00:00")
    assert status == 422
    assert "Incompatible" in told
    assert "mordue en 2019" in told
    assert "Déplacer quand même" not in told
    assert planned.read().worker_id == planned.sonia


def test_a_doubtful_move_asks_then_is_done_once_accepted(planned: Planned) -> None:
    status, told = planned.move(planned.farida, at="10:30")
    assert status == 422
    assert "Hors de l’horaire convenu" in told
    assert "Déplacer quand même" in told
    status, _told = planned.move(planned.farida, at="10:30", accepted=f"{planned.farida}@2026-11-24 10:30:00")
    assert status == 200


def test_what_was_accepted_for_one_worker_does_not_serve_for_another(planned: Planned) -> None:
    status, _told = planned.move(planned.farida, at="10:30", accepted=f"{planned.sonia}@2026-11-24 10:30:00")
    assert status == 422


def test_the_dialog_names_who_can_best_first_and_why_not(planned: Planned) -> None:
    with planned.conn() as conn:
        make_visit(
            conn, make_client(conn, planned.agency.area, last_name="Delmas"), planned.farida, starts_at=TEN
        )
    told = planned.planner.get(f"/planning/interventions/{planned.visit}/deplacer", headers=HX).text
    assert told.index("ARNAUD Sonia") < told.index("BENALI Farida")
    assert "Déjà chez DELMAS Odile à cette heure" in told


def test_an_hour_that_has_gone_by_is_told_beside_the_next_one_to_come(planned: Planned) -> None:
    page = f"/planning/interventions/{planned.visit}/deplacer?day=2026-11-24&at="
    gone = (NOW - timedelta(minutes=20)).astimezone(PARIS)
    told = planned.planner.get(f"{page}{gone:%H:%M}", headers=HX).text.replace("\xa0", " ")
    assert "Cette heure est passée depuis 20 min." in told
    assert f"Commencer à {gone + timedelta(minutes=30):%H:%M}" in told
    assert "Cette heure est passée" not in planned.planner.get(f"{page}10:00", headers=HX).text


def test_a_move_of_what_is_not_published_says_that_it_is_a_draft(planned: Planned) -> None:
    with planned.conn() as conn:
        conn.execute("UPDATE visits SET published_at = NULL")
    assert "en brouillon" in json.loads(planned.move(0)[1])["message"]


def test_rows_get_a_verdict_each_while_a_visit_is_held(planned: Planned) -> None:
    answer = planned.planner.get(f"/planning/interventions/{planned.visit}/essais")
    assert answer.json == {
        str(planned.sonia): {"level": "best", "word": "meilleur"},
        str(planned.farida): {"level": "possible", "word": "possible"},
    }


def test_a_move_on_an_old_picture_is_refused(planned: Planned) -> None:
    assert planned.move(0)[0] == 200
    status, _told = planned.move(planned.farida)
    assert status == 422
    assert planned.read().worker_id is None


def test_the_last_move_is_undone_once(planned: Planned) -> None:
    planned.move(0)
    fields = signed(planned.planner, "/planning")
    undone = planned.planner.post("/planning/annuler", data=fields, headers=HX)
    assert (undone.status_code, undone.json and undone.json["may_undo"]) == (200, False)
    assert planned.read().worker_id == planned.sonia
    again = planned.planner.post("/planning/annuler", data=fields, headers=HX)
    assert (again.status_code, "toast" in again.headers["HX-Trigger"]) == (404, True)


def test_a_move_tells_what_undoing_would_do_and_an_undo_what_comes_next(planned: Planned) -> None:
    with planned.conn() as conn:
        delmas = make_visit(
            conn, make_client(conn, planned.agency.area, last_name="Delmas"), planned.sonia, starts_at=LATER
        )
    told = json.loads(planned.move(0)[1])
    assert (told["may_undo"], told["undo"]) == (True, "Annuler le dernier déplacement\xa0: BELLANGER Odile")
    page = f"/planning/interventions/{delmas}/deplacer"
    fields = {"worker": "0", "day": "2026-11-24", "at": "15:00", "revision": "1"}
    planned.planner.post(page, data=signed(planned.planner, page, **fields), headers=HX)
    form = signed(planned.planner, "/planning")
    first = planned.planner.post("/planning/annuler", data=form, headers=HX).json
    second = planned.planner.post("/planning/annuler", data=form, headers=HX).json
    assert first is not None
    assert second is not None
    assert "BELLANGER Odile" in first["undo"]
    assert (second["may_undo"], second["undo"]) == (False, "Aucun déplacement à annuler")


def test_an_undo_that_is_refused_says_why_and_moves_nothing(planned: Planned) -> None:
    planned.move(0)
    with planned.conn() as conn:
        make_visit(
            conn, make_client(conn, planned.agency.area, last_name="Delmas"), planned.sonia, starts_at=TEN
        )
    answer = planned.planner.post("/planning/annuler", data=signed(planned.planner, "/planning"), headers=HX)
    told = json.loads(answer.headers["HX-Trigger"])["toast"]["message"]
    assert answer.status_code == 422
    assert "BELLANGER Odile ne revient pas à ARNAUD Sonia" in told
    assert "Déjà chez DELMAS Odile à cette heure" in told
    assert planned.read().worker_id is None


@pytest.mark.parametrize(
    "nonsense", [{"day": "demain"}, {"at": "25:99"}, {"worker": "-1"}, {"revision": "x"}]
)
def test_a_move_that_makes_no_sense_is_refused_without_breaking(
    planned: Planned, nonsense: dict[str, str]
) -> None:
    page = f"/planning/interventions/{planned.visit}/deplacer"
    fields = {"worker": "0", "day": "2026-11-24", "at": "10:00", "revision": "1"} | nonsense
    answer = planned.planner.post(page, data=signed(planned.planner, page, **fields))
    assert answer.status_code == 422
    assert planned.read().worker_id == planned.sonia


def test_publishing_the_day_shows_it_to_workers_and_arms_its_lateness(planned: Planned) -> None:
    fields = signed(planned.planner, "/planning", jour="2026-11-24")
    answer = planned.planner.post("/planning/publier", data=fields, follow_redirects=True)
    assert "1 intervention publiée." in answer.text.replace("\xa0", " ")
    assert planned.read().published_at == NOW
    with planned.conn() as conn:
        assert next_due_here(conn) == TEN + timedelta(minutes=8)


@pytest.mark.parametrize(
    "nonsense",
    [{"jour": day} for day in ("abc", "9999-12-31", "2027-02-29", "")]
    + [{"secteur": "abc"}, {"secteur": "-1"}],
)
def test_a_day_or_an_area_that_cannot_be_read_publishes_nothing(
    planned: Planned, nonsense: dict[str, str]
) -> None:
    fields = signed(planned.planner, "/planning", **({"jour": "2026-11-24", "secteur": ""} | nonsense))
    answer = planned.planner.post("/planning/publier", data=fields)
    assert (answer.status_code, "est illisible" in answer.text) == (422, True)
    assert planned.read().published_at is None


def test_what_publishing_would_do_is_counted_whenever_it_is_asked(planned: Planned) -> None:
    asks = "/planning/publier?jour=2026-11-24"

    def told() -> str:
        return planned.planner.get(asks, headers=HX).text.replace("\xa0", " ")

    assert "1 intervention devient visible de son intervenant. Son retard sera surveillé." in told()
    planned.move(0)
    assert "Rien à publier : aucune intervention n’est pourvue." in told()
    assert "1 intervention reste à pourvoir" in told()
    planned.planner.post("/planning/annuler", data=signed(planned.planner, "/planning"), headers=HX)
    assert "1 intervention devient visible" in told()
    page = planned.planner.get(asks).text
    assert "<html" in page
    planned.planner.post(
        "/planning/publier", data=signed(planned.planner, asks, jour="2026-11-24", secteur="")
    )
    assert "toutes les interventions pourvues de ce jour le sont déjà" in told()
    assert "aucune intervention ce jour-là" in planned.planner.get("/planning/publier?jour=2026-12-24").text


def test_an_area_s_publishing_counts_its_own_visits_alone(planned: Planned) -> None:
    with planned.conn() as conn:
        elsewhere = make_area(conn)
        home = make_client(conn, elsewhere, last_name="Delmas")
        make_visit(conn, home, planned.sonia, starts_at=LATER, published=False)
    asked = planned.planner.get(f"/planning/publier?jour=2026-11-24&secteur={elsewhere}", headers=HX).text
    assert "1\xa0intervention devient" in asked or "1 intervention devient" in asked
    assert "Seul le secteur affiché est publié." in asked


def test_moving_a_published_visit_moves_its_lateness_along(planned: Planned) -> None:
    planned.planner.post("/planning/publier", data=signed(planned.planner, "/planning", jour="2026-11-24"))
    planned.move(planned.farida, at="11:00", accepted=f"{planned.farida}@2026-11-24 11:00:00")
    with planned.conn() as conn:
        assert next_due_here(conn) == TEN + timedelta(minutes=68)


def test_publishing_without_the_right_is_refused(planned: Planned) -> None:
    auditor = planned.agency.browser(Role.AUDITOR)
    fields = signed(auditor, "/planning", jour="2026-11-24")
    assert auditor.post("/planning/publier", data=fields).status_code == 403
    assert planned.read().published_at is None


def test_another_areas_day_is_not_published_nor_told_in_the_trail(planned: Planned) -> None:
    with planned.conn() as conn:
        elsewhere = make_area(conn)
    stranger = planned.agency.browser(Role.COORDINATOR, area=elsewhere)
    fields = signed(stranger, "/planning", jour="2026-11-24", secteur=str(planned.agency.area))
    answer = stranger.post("/planning/publier", data=fields)
    assert (answer.status_code, "Ce secteur n’existe pas" in answer.text) == (404, True)
    assert planned.read().published_at is None
    with planned.conn() as conn:
        assert db.values(conn, int, "SELECT id FROM audit_events WHERE action = 'visits.publish_day'") == []
