"""Nobody reaches a page that was not opened to them, and no page is left without a rule."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice_web import access
from backoffice_web.app import BackOffice

PUBLIC = {
    "health.alive",
    "health.ready",
    "passwords.choose",
    "session.sign_in",
    "session.sign_in_page",
    "session.sign_out",
    "station.finish",
    "station.order",
    "style.guide",
    "tablet_portal.activate",
    "tablet_portal.ask",
    "tablet_portal.code",
    "tablet_portal.show",
    "worker_portal.accept",
    "worker_portal.invitation",
}


def test_every_route_says_who_may_use_it(app_without_database: BackOffice) -> None:
    views = {name: view for name, view in app_without_database.view_functions.items() if name != "static"}
    assert [name for name, view in views.items() if access.rule_of(view) is None] == []


def test_the_public_routes_are_these_and_no_others(app_without_database: BackOffice) -> None:
    views = app_without_database.view_functions.items()
    assert {name for name, view in views if access.rule_of(view) == access.PUBLIC} == PUBLIC


def test_an_application_with_an_unguarded_route_does_not_start() -> None:
    app = Flask("unguarded")
    app.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(access.UnguardedRouteError, match="secret"):
        access.check_every_route(app)


def test_a_stranger_is_led_to_the_sign_in_page(browser: FlaskClient) -> None:
    answer = browser.get("/")
    assert answer.status_code == 303
    assert answer.location == "/connexion"


def test_a_fragment_asked_by_a_stranger_reloads_the_page(browser: FlaskClient) -> None:
    answer = browser.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


@pytest.mark.parametrize(
    "address",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "", "/" + "é" * 5_000],
)
def test_signing_in_never_leads_to_another_site_nor_to_an_endless_address(address: str) -> None:
    assert not access.is_own_path(address)


def test_signing_in_leads_back_to_the_page_asked_for() -> None:
    assert access.is_own_path("/planning?jour=2026-11-24")


def test_a_form_without_its_signature_is_refused_in_french(browser: FlaskClient) -> None:
    answer = browser.post("/connexion", data={"email": "claire@example.org", "password": "x"})
    assert answer.status_code == 400
    assert "Formulaire périmé" in answer.text


def test_a_sign_in_without_an_address_says_so_beside_the_field(browser: FlaskClient) -> None:
    page = browser.get("/connexion").text
    signature = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert signature
    answer = browser.post("/connexion", data={"csrf_token": signature[1], "email": "", "password": "x"})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert "Saisissez votre adresse e-mail." in answer.text
