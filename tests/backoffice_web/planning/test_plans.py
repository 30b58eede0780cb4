"""The planning in its views: by worker or by client, of everybody or of one, by day, week or month."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from backoffice_web.app import create_app
from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import WorkerId
from tests.backoffice_web.agency import NOW, Agency
from tests.builders import MadeHome, make_area, make_client, make_service, make_visit, make_worker
from tests.features import feature

TEN = NOW + timedelta(minutes=73)  # 10:00 in Paris
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agencys:
    """ARNAUD Sonia goes to BELLANGER Odile at 10:00 today and on Thursday; nobody to DELMAS Odile."""

    agency: Agency
    planner: FlaskClient
    sonia: WorkerId
    bellanger: MadeHome
    delmas: MadeHome

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    def page(self, query: str) -> str:
        answer = self.planner.get(f"/planning?{query}")
        assert answer.status_code == 200
        return flat(answer.text)


def flat(text: str) -> str:
    """Return the text with plain spaces, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.replace("\xa0", " ").replace("\u202f", " ")))


@pytest.fixture
def plan(agency: Agency) -> Agencys:
    with agency.database.connect(agency.organisation) as conn:
        sonia = make_worker(conn, agency.organisation, agency.area).id
        bellanger, delmas = (
            make_client(conn, agency.area, last_name=name) for name in ("Bellanger", "Delmas")
        )
        make_visit(conn, bellanger, sonia, starts_at=TEN)
        make_visit(conn, bellanger, sonia, starts_at=TEN + 2 * DAY, published=False)
        make_visit(conn, delmas, None, starts_at=TEN + timedelta(hours=1))
    return Agencys(agency, agency.browser(Role.COORDINATOR), sonia, bellanger, delmas)


@feature("C1")
def test_by_client_each_has_a_line_with_who_comes_those_without_anybody_first(plan: Agencys) -> None:
    page = plan.page("par=beneficiaires")
    assert page.index("DELMAS Odile") < page.index("BELLANGER Odile") < page.index("ARNAUD Sonia")
    assert "Bénéficiaires 2" in page
    assert "À pourvoir" in page
    week = plan.page("par=beneficiaires&vue=semaine")
    assert "Jeu 26 : 1 intervention, 1 h 00" in week


@feature("C1")
def test_the_week_of_one_worker_has_a_line_a_day(plan: Agencys) -> None:
    page = plan.page(f"intervenant={plan.sonia}&vue=semaine")
    assert "ARNAUD Sonia Semaine 48, 23 – 29 novembre 2026" in page
    assert [day in page for day in ("Lundi 23", "Mardi 24", "Jeudi 26", "Dimanche 29")] == [True] * 4
    assert page.count("BELLANGER Odile") == 2
    assert "2 h 00 / 30 h" in page
    assert "DELMAS" not in page


@feature("C1")
def test_the_week_of_one_client_says_who_comes(plan: Agencys) -> None:
    page = plan.page(f"beneficiaire={plan.bellanger.client}&vue=semaine")
    assert "BELLANGER Odile Semaine 48" in page
    assert page.count("ARNAUD Sonia") == 2
    alone = plan.page(f"beneficiaire={plan.delmas.client}&vue=semaine")
    assert "ARNAUD" not in alone
    assert "à pourvoir" in alone


def test_the_day_of_one_person_is_one_line(plan: Agencys) -> None:
    with plan.conn() as conn:
        make_worker(conn, plan.agency.organisation, plan.agency.area, last_name="Zola")
    assert "ZOLA" not in plan.page(f"intervenant={plan.sonia}")
    assert "DELMAS" not in plan.page(f"beneficiaire={plan.bellanger.client}")


@feature("C1")
def test_a_month_counts_each_day_and_leads_to_it(plan: Agencys) -> None:
    page = plan.page("vue=mois")
    assert "Novembre 2026" in page
    assert "mardi 24 novembre 2026 : 24 auj. 2 interventions 1 à pourvoir" in page
    assert "jeudi 26 novembre 2026 : 26 1 intervention 1 à publier" in page
    assert "mercredi 25 novembre 2026 : 25 aucune intervention" in page
    html = plan.planner.get("/planning?vue=mois").text
    assert 'href="/planning?jour=2026-11-26"' in html
    assert 'href="/planning?jour=2026-11-23&amp;vue=semaine"' in html
    assert "DELMAS" not in page


def test_what_nobody_had_on_a_day_over_is_told_apart_in_the_month_the_week_and_the_day(plan: Agencys) -> None:
    with plan.conn() as conn:
        make_visit(conn, plan.delmas, None, starts_at=TEN - DAY)
    month = plan.page("vue=mois")
    assert "lundi 23 novembre 2026 : 23 1 intervention 1 non effectuée" in month
    assert "4 interventions, 1 à pourvoir, 1 non effectuée" in month
    week = plan.page("vue=semaine")
    assert "À pourvoir Mar 24 : 1 intervention · 1 h 00" in week
    assert "Lun 23 : 1 non effectuée" in week
    yesterday = plan.page("jour=2026-11-23")
    assert "Non effectuées 1 intervention" in yesterday
    assert "à pourvoir" not in yesterday
    assert "DELMAS Odile" in yesterday


def test_a_month_may_be_one_person_s(plan: Agencys) -> None:
    page = plan.page(f"vue=mois&intervenant={plan.sonia}")
    assert "ARNAUD Sonia Novembre 2026" in page
    assert "mardi 24 novembre 2026 : 24 auj. 1 intervention 25" not in page
    assert "2 interventions, 2 h 00" in page


def test_each_view_keeps_what_it_was_narrowed_to(plan: Agencys) -> None:
    html = plan.planner.get(f"/planning?par=beneficiaires&secteur={plan.agency.area}").text
    kept = f"par=beneficiaires&amp;secteur={plan.agency.area}"
    for view in ("semaine", "mois"):
        assert f'href="/planning?jour=2026-11-24&amp;vue={view}&amp;{kept}"' in html


def test_every_view_is_fetched_again_alone(plan: Agencys) -> None:
    for query in (
        "par=beneficiaires",
        "vue=semaine",
        "vue=mois",
        f"vue=semaine&intervenant={plan.sonia}",
        f"vue=semaine&beneficiaire={plan.delmas.client}",
    ):
        piece = plan.planner.get(f"/planning/grille?{query}").text
        assert "<html" not in piece
        assert 'class="plan-grid' in piece or 'class="month"' in piece


@pytest.mark.parametrize("view", ["jour", "semaine", "mois"])
def test_somebody_of_another_area_is_not_found(plan: Agencys, view: str) -> None:
    with plan.conn() as conn:
        elsewhere = make_area(conn)
    stranger = plan.agency.browser(Role.COORDINATOR, area=elsewhere)
    for who in (f"intervenant={plan.sonia}", f"beneficiaire={plan.bellanger.client}", "intervenant=0"):
        assert stranger.get(f"/planning?vue={view}&{who}").status_code == 404
    everybody = stranger.get(f"/planning?vue={view}&par=beneficiaires").text
    assert "BELLANGER" not in everybody
    assert "2 interventions" not in flat(everybody)


def test_only_a_day_of_everybody_is_published(plan: Agencys) -> None:
    assert "Publier…" in plan.page("par=beneficiaires")
    for query in (f"intervenant={plan.sonia}", "vue=mois", f"beneficiaire={plan.delmas.client}&vue=semaine"):
        assert "Publier" not in plan.page(query)


@feature("C1")
def test_before_the_first_hour_shown_now_is_a_mark_at_the_edge(plan: Agencys) -> None:
    early = datetime(2026, 11, 24, 4, 12, tzinfo=UTC)
    app = create_app(plan.agency.app.settings, clock=Clock(real_now=lambda: early))
    browser = Agency(plan.agency.database, plan.agency.organisation, plan.agency.area, app).browser(
        Role.COORDINATOR
    )
    for query in ("", "vue=semaine", "par=beneficiaires", f"intervenant={plan.sonia}&vue=semaine"):
        assert 'data-beyond="before"' in browser.get(f"/planning?{query}").text
    assert ">05:12</time>" in browser.get("/planning").text
    app.pool.close()
    assert "data-beyond" not in plan.planner.get("/planning").text


def test_much_that_nobody_has_is_folded_and_counted(plan: Agencys) -> None:
    with plan.conn() as conn:
        service = make_service(conn)
        for _ in range(7):  # with DELMAS at 11:00, eight at once
            make_visit(conn, plan.bellanger, None, starts_at=TEN + timedelta(hours=1), service=service)
    page = plan.planner.get("/planning").text
    assert "voir les 3 autres" in page
    assert page.count('class="plan-block below"') == 3


@feature("C1")
def test_sixty_workers_have_their_week_what_nobody_has_above_them(plan: Agencys) -> None:
    with plan.conn() as conn:
        service = make_service(conn)
        for number in range(59):
            worker = make_worker(
                conn, plan.agency.organisation, plan.agency.area, last_name=f"Nom{number:02d}"
            ).id
            for day in range(-1, 6):
                make_visit(conn, plan.bellanger, worker, starts_at=TEN + day * DAY, service=service)
    html = plan.planner.get("/planning?vue=semaine").text
    page = flat(html)
    assert "Intervenants 60" in page
    assert html.count('class="plan-row"') == 60
    assert html.count('class="fold"') == 6 * 61
    assert page.index("À pourvoir") < page.index("ARNAUD Sonia") < page.index("NOM58 Sonia")
    assert 'class="plan-now"' in html
