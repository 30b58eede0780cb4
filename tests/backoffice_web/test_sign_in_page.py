"""The sign-in page for whoever has not signed in yet: its language, the way back, a forgotten password."""

import html
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Playwright, expect

from backoffice_web.languages import TONGUES, Tongue, catalogue_of
from homecare.access.model import Role
from homecare.access.users import find_user
from homecare.workers.model import Language
from tests.backoffice_web.agency import Agency, email_of, signed
from tests.builders import PASSWORD, make_user
from tests.product import chromium
from tests.realtime.agency import Agency as RunningAgency

LEAST_HEADERS = 4096
"""What nginx takes of an answer's headers, unless it is told otherwise: a page of memory."""
LEAST_TARGET = 44
"""CSS pixels."""


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=lambda tongue: tongue.language.value)
def test_a_language_is_chosen_before_signing_in(agency: Agency, tongue: Tongue) -> None:
    browser = agency.browser()
    page = browser.get("/connexion?suite=/moi").text
    link = re.search(
        rf'<a href="([^"]+)" lang="{tongue.tag}" hreflang="{tongue.tag}"[^>]*>{tongue.name}</a>', page
    )
    assert link
    answer = browser.get(html.unescape(link[1]))
    assert (answer.status_code, answer.location) == (303, "/connexion?suite=/moi")
    page = html.unescape(browser.get(answer.location).text)
    assert f'<html lang="{tongue.tag}"' in page
    assert re.search(rf'aria-current="true">{tongue.name}</a>', page)
    if not tongue.is_french:
        assert catalogue_of(tongue).gettext("Mot de passe oublié ?") in page


@pytest.mark.parametrize("chosen", ["de", "", "../../etc", "a" * 5_000, "%00"])
def test_a_language_that_is_none_of_ours_changes_nothing(agency: Agency, chosen: str) -> None:
    page = agency.browser().get(f"/connexion?langue={chosen}")
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text


@pytest.mark.parametrize(
    "way_back",
    ["/" + "a" * 5_000, "/" + "é" * 1_000, "https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs"],
)
def test_an_endless_or_foreign_way_back_is_left_out_and_the_person_gets_in(
    agency: Agency, way_back: str
) -> None:
    browser = agency.browser()
    email, password = email_of(agency)
    address = f"/connexion?suite={quote(way_back)}"
    form = signed(browser, address, email=email, password=password)
    answer = browser.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/planning").status_code == 200
    chosen = agency.browser().get(f"{address}&langue={Language.ENGLISH}")
    assert chosen.location == "/connexion"


@pytest.mark.parametrize("asked", ["/" + "a" * 5_000, "/planning?jour=" + "é" * 2_000])
def test_a_stranger_who_asks_for_an_endless_address_gets_headers_that_the_front_takes(
    agency: Agency, asked: str
) -> None:
    answer = agency.browser().get(quote(asked, safe="/?="))
    assert sum(len(name) + len(value) + 4 for name, value in answer.headers) < LEAST_HEADERS


def test_a_forgotten_password_is_explained_in_french_with_the_place(agency: Agency) -> None:
    page = agency.browser().get("/connexion").text
    assert "« Réglages »" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "« Comptes »" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_in_a_hand_without_scripts_targets_are_large_and_a_language_is_chosen_on_the_way_in(
    playwright: Playwright, running_agency: RunningAgency
) -> None:
    with running_agency.connect() as conn:
        user = find_user(conn, make_user(conn, role=Role.COORDINATOR))
    with chromium(playwright).new_context(
        base_url=running_agency.settings.front_url,
        viewport={"width": 360, "height": 760},
        java_script_enabled=False,
    ) as context:
        page = context.new_page()
        page.goto(f"/connexion?suite=/{'a' * 5_000}")
        targets = [page.get_by_text("Mot de passe oublié"), *page.locator(".tongues a").all()]
        assert len(targets) == 1 + len(TONGUES)
        for target in targets:
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= LEAST_TARGET
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

        page.goto(f"/connexion?suite=/{'a' * 5_000}")
        page.get_by_label("Email address").fill(user.email)
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/tableau$"))
