"""Signing in and out through the pages, one transaction a request, nobody beyond their areas."""

from datetime import timedelta
from io import BytesIO

import psycopg
import pytest

from backoffice_web.access import SESSION_COOKIE, public
from backoffice_web.transaction import conn
from homecare.access.model import Permission, Role
from homecare.kernel.errors import InvalidError
from tests.backoffice_web.agency import NOW, Agency, email_of, later, signed
from tests.builders import make_area, make_client, make_visit, make_worker


def test_the_right_password_opens_a_session_and_the_page_that_was_asked_for(agency: Agency) -> None:
    browser = agency.browser()
    email, password = email_of(agency)
    answer = browser.post(
        "/connexion?suite=/beneficiaires", data=signed(browser, "/connexion", email=email, password=password)
    )
    assert (answer.status_code, answer.location) == (303, "/beneficiaires")
    assert browser.get("/beneficiaires").status_code == 200


@pytest.mark.parametrize("field", ["email", "password", "csrf_token"])
def test_a_file_in_a_texts_place_is_nothing_typed(agency: Agency, field: str) -> None:
    browser = agency.browser()
    fields: dict[str, object] = dict(signed(browser, "/connexion", email="a@b.fr", password="x" * 12))
    fields[field] = (BytesIO(b"x"), "x.txt")
    answer = browser.post("/connexion", data=fields, content_type="multipart/form-data")
    assert answer.status_code == (400 if field == "csrf_token" else 422)


def test_the_session_cookie_is_out_of_reach_of_scripts(agency: Agency) -> None:
    browser = agency.browser()
    email, password = email_of(agency)
    answer = browser.post("/connexion", data=signed(browser, "/connexion", email=email, password=password))
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_closes_the_session_in_the_database(agency: Agency) -> None:
    browser = agency.browser(Role.COORDINATOR)
    token = browser.get_cookie(SESSION_COOKIE)
    assert token is not None
    browser.post("/deconnexion", data=signed(browser, "/tableau"))
    again = agency.browser()
    again.set_cookie(SESSION_COOKIE, token.value)
    assert again.get("/tableau").location == "/connexion?suite=%2Ftableau"


def test_a_get_cannot_write_even_by_mistake(agency: Agency) -> None:
    @public
    def write() -> str:
        conn().execute("DELETE FROM sign_in_failures")
        return "written"

    agency.app.add_url_rule("/ecrit", "write", write)
    agency.app.testing = True
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        agency.browser().get("/ecrit")


def test_a_refusal_rolls_back_what_the_request_wrote(agency: Agency) -> None:
    @public
    def write_and_refuse() -> str:
        conn().execute("INSERT INTO sign_in_failures (email_hash, at) VALUES ('x', %s)", (NOW,))
        raise InvalidError("Non.")

    agency.app.config["WTF_CSRF_ENABLED"] = False
    agency.app.add_url_rule("/refuse", "write_and_refuse", write_and_refuse, methods=["POST"])
    assert agency.browser().post("/refuse").status_code == 422
    with agency.database.connect() as other:
        assert other.execute("SELECT count(*) FROM sign_in_failures WHERE email_hash = 'x'").fetchone() == (
            0,
        )


def test_a_person_without_the_right_is_refused_and_told_so(agency: Agency) -> None:
    answer = agency.browser(Role.WORKER).get("/tableau")
    assert answer.status_code == 403
    assert "Accès refusé" in answer.text


def test_the_top_bar_shows_only_what_the_person_may_open(agency: Agency) -> None:
    page = agency.browser(Role.AUDITOR).get("/beneficiaires").text
    assert "Bénéficiaires" in page
    assert "Optimisation" not in page
    assert Permission.OPTIMISE.value not in page


def test_the_first_day_shows_what_remains_to_be_done(agency: Agency) -> None:
    page = agency.browser(Role.ADMINISTRATOR).get("/tableau").text
    assert "Encore 4 étapes" in page
    assert "1 sur 5" in page


def test_a_client_of_another_area_cannot_be_opened_by_its_address(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn_:
        elsewhere = make_client(conn_, make_area(conn_))
    manager = agency.browser(Role.COORDINATOR, area=agency.area)
    assert manager.get(f"/beneficiaires/{elsewhere.client}").status_code == 404
    assert agency.browser(Role.COORDINATOR).get(f"/beneficiaires/{elsewhere.client}").status_code == 200


def test_the_board_shows_who_is_late_once_somebody_has_punched(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn_:
        client = make_client(conn_, agency.area)
        worker = make_worker(conn_, agency.organisation, agency.area)
        visit = make_visit(conn_, client, worker.id, starts_at=later(-17))
        conn_.execute(
            """INSERT INTO alerts (area_id, visit_id, planned_at, step, due_at, raised_at)
               SELECT area_id, id, starts_at, 1, starts_at, starts_at FROM visits WHERE id = %s""",
            (visit,),
        )
        conn_.execute(
            """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
               VALUES ('nfc', 'a', 1, %s, '')""",
            (NOW - timedelta(hours=1),),
        )
    browser = agency.browser(Role.COORDINATOR)
    assert "BELLANGER Odile" in browser.get("/tableau").text
    assert "+17" in browser.get("/tableau/liste").text
    assert f'id="block-{visit}"' in browser.get(f"/tableau/interventions/{visit}").text
    assert browser.get("/tableau/mur").status_code == 200
