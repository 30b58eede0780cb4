"""A day centre's tablet: enrolled once by its link, shows the code of the moment, nothing once revoked."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.clients.tablets import invite_tablet, list_tablets, revoke_tablet
from homecare.punches.site_codes import is_code
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import ACTOR, make_client

SETTINGS = "/reglages/tablettes"
CENTRE = NewSite(SiteKind.DAY_CENTRE, "Les Tilleuls", "2 place du Marché", "99100", "La Chesnaye")


@pytest.fixture
def agency_with_centre(agency: Agency) -> Agency:
    with agency.database.connect(agency.organisation) as conn:
        agree_site(conn, ACTOR, make_client(conn, agency.area).client, CENTRE, now=NOW)
    return agency


def invite(agency: Agency) -> str:
    """Return the path of a link that enrols a tablet, made on the settings' page."""
    browser = agency.browser(Role.ADMINISTRATOR)
    page = browser.get(SETTINGS).text
    site = re.search(r'<option value="(\d+)">Les Tilleuls', page)
    assert site
    page = browser.post(SETTINGS, data=signed(browser, SETTINGS, site=site[1], label="Entrée")).text
    link = re.search(r"(/tablette/activer/[\w-]+)</code>", page)
    assert link
    return link[1]


def activate(agency: Agency, link: str) -> FlaskClient:
    tablet = agency.browser()
    answer = tablet.post(link, data=signed(tablet, link))
    assert (answer.status_code, answer.location) == (303, "/tablette")
    return tablet


def code_shown(tablet: FlaskClient) -> str | None:
    shown = re.search(r'borne=([^"]+)"', tablet.get("/tablette/code").text)
    return shown and shown[1]


def test_a_link_makes_a_browser_the_tablet_and_serves_once(agency_with_centre: Agency) -> None:
    link = invite(agency_with_centre)
    assert code_shown(agency_with_centre.browser()) is None
    tablet = activate(agency_with_centre, link)
    code = code_shown(tablet)
    assert code is not None
    assert is_code(code)
    assert "Les Tilleuls" in tablet.get("/tablette").text
    again = agency_with_centre.browser()
    answer = again.post(link, data=signed(again, link))
    assert (answer.status_code, "a déjà servi ou a expiré" in answer.text) == (404, True)
    assert code_shown(again) is None


def test_opening_the_link_uses_nothing_up(agency_with_centre: Agency) -> None:
    link = invite(agency_with_centre)
    agency_with_centre.browser().get(link)
    assert code_shown(activate(agency_with_centre, link)) is not None


def test_a_link_expires_after_half_an_hour(agency_with_centre: Agency) -> None:
    agency = agency_with_centre
    with agency.database.connect(agency.organisation) as conn:
        (site,) = [row[0] for row in conn.execute("SELECT id FROM sites").fetchall()]
        _tablet, token = invite_tablet(conn, ACTOR, site, label="Vieille", now=NOW - timedelta(minutes=31))
    browser = agency.browser()
    link = f"/tablette/activer/{token}"
    assert browser.post(link, data=signed(browser, link)).status_code == 404


def test_a_revoked_tablet_shows_no_code_and_says_what_to_do(agency_with_centre: Agency) -> None:
    agency = agency_with_centre
    tablet = activate(agency, invite(agency))
    with agency.database.connect(agency.organisation) as conn:
        (one,) = list_tablets(conn)
    office = agency.browser(Role.ADMINISTRATOR)
    office.post(f"{SETTINGS}/{one.id}/revoquer", data=signed(office, SETTINGS))
    assert code_shown(tablet) is None
    assert "Demandez à l’agence un lien" in tablet.get("/tablette").text
    assert "révoquée" in office.get(SETTINGS).text
    with agency.database.connect(agency.organisation) as conn:
        assert conn.execute("SELECT enrolled_at IS NOT NULL FROM site_tablets").fetchall() == [(True,)]


def test_a_tablets_token_opens_nothing_else(agency_with_centre: Agency) -> None:
    tablet = activate(agency_with_centre, invite(agency_with_centre))
    assert tablet.get("/moi").status_code == 303
    assert tablet.get("/tableau").status_code == 303


def test_the_tokens_of_tablets_are_kept_as_hashes(agency_with_centre: Agency) -> None:
    agency = agency_with_centre
    link = invite(agency)
    with agency.database.connect(agency.organisation) as conn:
        row = conn.execute("SELECT to_jsonb(t)::text FROM site_tablets t").fetchone()
    assert row is not None
    assert link.rpartition("/")[2] not in row[0]


def test_a_tablet_that_was_revoked_before_its_link_was_opened_is_never_enrolled(
    agency_with_centre: Agency,
) -> None:
    agency = agency_with_centre
    link = invite(agency)
    with agency.database.connect(agency.organisation) as conn:
        revoke_tablet(conn, ACTOR, list_tablets(conn)[0].id, now=NOW)
    browser = agency.browser()
    assert browser.post(link, data=signed(browser, link)).status_code == 404
