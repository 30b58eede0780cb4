"""The setting of the proof by call-back: off, until an administrator switches it on."""

import re

import pytest

from homecare.access.model import Role
from homecare.punches.call_back import is_call_back_wanted
from tests.backoffice_web.agency import Agency, signed

PAGE, SENT_TO = "/reglages/pointage", "/reglages/pointage/rappel"


def wanted(agency: Agency) -> bool:
    with agency.database.connect(agency.organisation) as conn:
        return is_call_back_wanted(conn)


def test_it_is_off_until_an_administrator_switches_it_on_and_off_again(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    box = re.search(r'<input [^>]*name="calls_back"[^>]*>', browser.get(PAGE).text)
    assert box
    assert "checked" not in box[0]
    fields = signed(browser, PAGE, calls_back="y")
    assert "sera rappelé" in browser.post(SENT_TO, data=fields, follow_redirects=True).text
    assert wanted(agency)
    fields = signed(browser, PAGE)
    assert "plus rappelé" in browser.post(SENT_TO, data=fields, follow_redirects=True).text
    assert not wanted(agency)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_nobody_else_switches_it(agency: Agency, role: Role) -> None:
    browser = agency.browser(role)
    assert browser.get(PAGE).status_code == 403
    assert not wanted(agency)
