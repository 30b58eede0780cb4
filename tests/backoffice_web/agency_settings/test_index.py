"""The pages of settings: all on one page, each with its way back, the menu's entry marked on every one."""

import re

import pytest

from homecare.access.model import Role
from tests.backoffice_web.agency import Agency

PAGES = ["comptes", "secteurs", "pointage", "payeurs", "numeros", "voix", "taches", "tablettes"]


def test_the_account_s_menu_leads_to_every_page_of_settings(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    assert 'href="/reglages"' in browser.get("/tableau").text
    index = browser.get("/reglages").text
    for page in PAGES:
        assert f'href="/reglages/{page}"' in index
    assert 'href="/alertes/seuils"' in index


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_settings_leads_back_and_is_marked_in_the_menu(agency: Agency, page: str) -> None:
    shown = agency.browser(Role.ADMINISTRATOR).get(f"/reglages/{page}").text
    assert re.search(r'href="/reglages" aria-label="Retour aux réglages"', shown)
    assert re.search(r'class="menu-item" href="/reglages" aria-current="page"', shown)


def test_a_manager_is_led_to_the_settings_that_are_theirs(agency: Agency) -> None:
    index = agency.browser(Role.MANAGER).get("/reglages").text
    assert re.findall(r'settings-entry" href="([^"]+)"', index) == ["/reglages/payeurs"]


def test_whoever_may_change_no_setting_is_led_to_none(agency: Agency) -> None:
    page = agency.browser(Role.COORDINATOR).get("/tableau").text
    assert "/reglages" not in page
    assert 'href="/mot-de-passe"' in page
