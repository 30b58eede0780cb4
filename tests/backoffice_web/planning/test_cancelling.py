"""Cancelling from the planning: why is asked, who sees it is said, it leaves the day and can come back."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from homecare.access.model import Role
from homecare.alerts.operations import arm, raise_due
from homecare.punches.worker_day import list_own_visits
from homecare.visits.operations import note_ends
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.backoffice_web.planning.test_views import HX, TEN, Planned
from tests.builders import make_area, make_client, make_visit, make_worker, next_due_here


@pytest.fixture
def planned(agency: Agency) -> Planned:
    with agency.database.connect(agency.organisation) as conn:
        sonia = make_worker(conn, agency.organisation, agency.area).id
        farida = make_worker(conn, agency.organisation, agency.area, last_name="Benali", first_name="Farida")
        home = make_client(conn, agency.area)
        visit = make_visit(conn, home, sonia, starts_at=TEN)
    return Planned(agency, agency.browser(Role.COORDINATOR), sonia, farida.id, home, visit)


def page(planned: Planned) -> str:
    return f"/planning/interventions/{planned.visit}/annuler"


def cancel(planned: Planned, headers: dict[str, str] = HX, /, **fields: str) -> TestResponse:
    asked = {"reason": "hospital", "words": "", "revision": "1", **fields}
    return planned.planner.post(
        page(planned), data=signed(planned.planner, "/planning", **asked), headers=headers
    )


def test_the_dialog_that_moves_leads_to_cancelling_which_asks_why_and_says_who_sees_it(
    planned: Planned,
) -> None:
    assert f'href="{page(planned)}"' in planned.planner.get(page(planned).replace("annuler", "deplacer")).text
    asked = planned.planner.get(page(planned)).text
    for reason in ("Hospitalisation", "Absence du bénéficiaire", "Erreur de saisie", "Autre"):
        assert reason in asked
    assert "ARNAUD Sonia la verra « Annulée »" in asked.replace("\xa0", " ")


def test_a_cancelled_visit_leaves_the_day_which_counts_it_and_lists_why(planned: Planned) -> None:
    told = cancel(planned, words="retour prévu mardi").json
    assert told is not None
    assert (told["message"], told["way_back"]) == ("Intervention annulée\xa0: BELLANGER Odile.", "Rétablir")
    for piece in ("/planning", "/planning/grille", "/planning?par=beneficiaires"):
        shown = planned.planner.get(piece).text
        assert f'id="visit-{planned.visit}"' not in shown
        assert "1 intervention annulée" in shown
    listed = planned.planner.get("/planning/annulees").text.replace("\xa0", " ")
    assert "BELLANGER Odile" in listed
    assert "Hospitalisation : retour prévu mardi" in listed
    assert "BELLANGER" not in planned.planner.get("/planning/annulees?jour=2026-11-25").text


def test_the_worker_sees_that_it_is_cancelled(planned: Planned) -> None:
    cancel(planned)
    with planned.conn() as conn:
        (own,) = list_own_visits(conn, planned.sonia, since=NOW, until=NOW + timedelta(hours=5))
    assert own.cancelled_at is not None


def test_the_lateness_of_what_is_cancelled_is_over(planned: Planned) -> None:
    with planned.conn() as conn:
        conn.execute("UPDATE visits SET starts_at = %s, earliest_at = %s", (later(-20), later(-20)))
        arm(conn, [planned.visit], now=later(-20))
        raise_due(conn, planned.agency.organisation, now=NOW)
    cancel(planned)
    with planned.conn() as conn:
        assert conn.execute("SELECT closing FROM alerts").fetchall() == [("cancelled",)]
        assert next_due_here(conn) is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": ""}, "Choisissez pourquoi"),
        ({"reason": "grève"}, "À reprendre"),
        ({"reason": "other"}, "Dites en quelques mots pourquoi"),
        ({"words": "x" * 201}, "200 caractères au plus"),
    ],
)
def test_without_a_reason_that_can_be_read_nothing_is_cancelled(
    planned: Planned, fields: dict[str, str], why: str
) -> None:
    answer = cancel(planned, **fields)
    assert (answer.status_code, why in answer.text) == (422, True)
    assert planned.read().cancelled_at is None


def test_what_has_begun_or_changed_is_refused_in_words(planned: Planned) -> None:
    assert "vient de changer" in cancel(planned, {}, revision="7").text
    with planned.conn() as conn:
        note_ends(conn, arrivals={planned.visit: NOW})
    assert "a commencé" in cancel(planned, {}).text
    assert "a commencé" in planned.planner.get(page(planned)).text
    assert planned.read().cancelled_at is None


def test_undo_plans_it_again(planned: Planned) -> None:
    told = cancel(planned).json
    assert told is not None
    assert told["undo"] == "Rétablir l’intervention annulée\xa0: BELLANGER Odile"
    fields = signed(planned.planner, "/planning")
    undone = planned.planner.post("/planning/annuler", data=fields, headers=HX).json
    assert undone is not None
    assert (undone["message"], undone["may_undo"]) == (
        "Intervention rétablie\xa0: BELLANGER Odile.", False
    )  # fmt: skip
    assert (planned.read().worker_id, planned.read().cancelled_at) == (planned.sonia, None)
    with planned.conn() as conn:
        assert next_due_here(conn) is not None


def test_the_list_plans_it_again_without_a_worker_who_is_elsewhere_by_now(planned: Planned) -> None:
    cancel(planned)
    with planned.conn() as conn:
        make_visit(
            conn, make_client(conn, planned.agency.area, last_name="Delmas"), planned.sonia, starts_at=TEN
        )
    address = f"/planning/interventions/{planned.visit}/retablir"
    assert address in planned.planner.get("/planning/annulees").text
    fields = signed(planned.planner, "/planning/annulees")
    told = planned.planner.post(address, data=fields, follow_redirects=True).text
    assert "ARNAUD Sonia ne peut plus la prendre" in told
    assert "Déjà chez DELMAS Odile" in told
    assert planned.read().worker_id is None


@pytest.mark.parametrize(("role", "lists", "acts"), [(Role.AUDITOR, 200, 403), (Role.WORKER, 403, 403)])
def test_whoever_does_not_plan_cancels_nothing(planned: Planned, role: Role, lists: int, acts: int) -> None:
    browser = planned.agency.browser(role)
    assert browser.get("/planning/annulees").status_code == lists
    assert browser.get(page(planned)).status_code == acts


def test_a_coordinator_of_another_area_neither_cancels_nor_lists_nor_restores(planned: Planned) -> None:
    with planned.conn() as conn:
        elsewhere = make_area(conn)
    stranger = planned.agency.browser(Role.COORDINATOR, area=elsewhere)
    fields = signed(stranger, "/planning", reason="hospital", words="", revision="1")
    assert stranger.post(page(planned), data=fields).status_code == 404
    cancel(planned)
    assert "BELLANGER" not in stranger.get("/planning/annulees").text
    assert stranger.post(page(planned).replace("annuler", "retablir"), data=fields).status_code == 404
    assert planned.read().cancelled_at is not None
