"""Refusals and breakdowns are told in French, as a page or as a toast."""

import json

import pytest
from flask.testing import FlaskClient

from backoffice_web.access import public
from backoffice_web.app import BackOffice
from homecare.kernel.errors import ForbiddenError, InvalidError, NotFoundError


def test_an_unknown_address_is_told_in_french(browser: FlaskClient) -> None:
    answer = browser.get("/nulle-part")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (404, NotFoundError("Cette fiche n’existe pas.")),
        (403, ForbiddenError("Vous n’avez pas ce droit.")),
        (422, InvalidError("L’heure de fin précède l’heure de début.")),
    ],
)
def test_a_refusal_of_the_domain_becomes_a_page(
    app_without_database: BackOffice, status: int, refusal: Exception
) -> None:
    @public
    def refuse() -> str:
        raise refusal

    app_without_database.add_url_rule("/refus", "refuse", refuse)
    answer = app_without_database.test_client().get("/refus")
    assert answer.status_code == status
    assert str(refusal) in answer.text


def test_a_refusal_to_htmx_is_a_toast_and_changes_nothing_on_the_screen(browser: FlaskClient) -> None:
    answer = browser.get("/nulle-part", headers={"HX-Request": "true"})
    assert answer.headers["HX-Reswap"] == "none"
    assert "vérifiez" in json.loads(answer.headers["HX-Trigger"])["toast"]["message"]


def test_a_bug_is_a_page_that_tells_nothing_of_the_inside(app_without_database: BackOffice) -> None:
    @public
    def broken() -> str:
        raise RuntimeError("a secret of the inside")

    app_without_database.add_url_rule("/panne", "broken", broken)
    answer = app_without_database.test_client().get("/panne")
    assert answer.status_code == 500
    assert "Une erreur est survenue" in answer.text
    assert "secret of the inside" not in answer.text


def test_a_database_away_says_that_punches_are_kept(browser: FlaskClient) -> None:
    browser.set_cookie("ponctuel_session", "whatever")
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "continuent d’être reçus" in answer.text
    assert answer.headers["Retry-After"]


def test_the_program_is_alive_without_its_database_and_says_it_is_not_ready(browser: FlaskClient) -> None:
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503


def test_pages_load_nothing_from_elsewhere_and_stay_in_no_cache(browser: FlaskClient) -> None:
    answer = browser.get("/connexion")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "https://" not in answer.text
    assert "<script>" not in answer.text


def test_the_form_cookie_is_out_of_reach_of_scripts(browser: FlaskClient) -> None:
    cookie = browser.get("/connexion").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("method", "address", "status", "words"),
    [
        ("GET", "/nulle-part", 404, "Page introuvable"),
        ("GET", "/deconnexion", 405, "Geste refusé"),
        ("POST", "/connexion", 400, "Formulaire périmé"),
    ],
)
def test_what_is_refused_before_any_view_has_its_page_too(
    browser: FlaskClient, method: str, address: str, status: int, words: str
) -> None:
    answer = browser.open(address, method=method)
    assert answer.status_code == status
    assert words in answer.text


def test_a_form_that_is_too_large_has_its_page_too(browser: FlaskClient) -> None:
    answer = browser.post("/connexion", data={"email": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Envoi trop volumineux" in answer.text
