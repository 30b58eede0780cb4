"""The check of the place in the back office: its setting, a home's own switch, the word beside a punch."""

import re
from datetime import timedelta

import pytest

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel.ids import WorkerId
from homecare.punches.model import Channel, Claim, Home, PlaceCheck, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.place_setting import PlaceSetting, change_place_setting, find_place_setting
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import ACTOR, MadeHome, make_client, make_user, make_visit, make_worker

PAGE = "/reglages/pointage"
LAT, LON = "46.3465", "0.919"


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def setting(agency: Agency) -> PlaceSetting:
    with agency.database.connect(agency.organisation) as conn:
        return find_place_setting(conn)


def switch_on(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn:
        change_place_setting(conn, ACTOR, PlaceSetting(is_on=True), now=NOW)


@pytest.fixture
def home(agency: Agency) -> MadeHome:
    with agency.database.connect(agency.organisation) as conn:
        made = make_client(conn, agency.area)
        conn.execute("UPDATE homes SET lat = %s, lon = %s WHERE id = %s", (LAT, LON, made.home))
    return made


def test_the_setting_is_off_with_two_hundred_metres_until_an_administrator_switches_it_on(
    agency: Agency,
) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    page = browser.get(PAGE).text
    box = re.search(r'<input [^>]*name="is_on"[^>]*>', page)
    assert box
    assert "checked" not in box[0]
    assert 'value="200"' in page
    assert PAGE in browser.get("/reglages").text
    fields = signed(browser, PAGE, is_on="y", radius_metres="300")
    assert "300 m près" in flat(browser.post(PAGE, data=fields, follow_redirects=True).text)
    assert setting(agency) == PlaceSetting(is_on=True, radius_metres=300)
    fields = signed(browser, PAGE, radius_metres="300")
    assert "nulle part" in browser.post(PAGE, data=fields, follow_redirects=True).text
    assert setting(agency) == PlaceSetting(is_on=False, radius_metres=300)


@pytest.mark.parametrize("metres", ["", "abc", "10", "3000", "-200"])
def test_a_radius_that_makes_no_sense_is_refused_beside_its_field(agency: Agency, metres: str) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    answer = browser.post(PAGE, data=signed(browser, PAGE, is_on="y", radius_metres=metres))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert setting(agency) == PlaceSetting()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_nobody_else_opens_the_setting_or_is_led_to_it(agency: Agency, role: Role) -> None:
    browser = agency.browser(role)
    assert browser.get(PAGE).status_code == 403
    if role is not Role.WORKER:
        assert PAGE not in browser.get("/planning").text


def test_the_check_is_switched_off_and_on_again_on_the_clients_card(agency: Agency, home: MadeHome) -> None:
    switch_on(agency)
    card = f"/beneficiaires/{home.client}"
    browser = agency.browser(Role.COORDINATOR)
    assert "par le téléphone, à moins de 200 m" in flat(browser.get(card).text)
    address = f"{card}/domiciles/{home.home}/lieu"
    page = browser.post(address, data=signed(browser, card, on=""), follow_redirects=True).text
    assert "coupée pour ce domicile" in page
    page = browser.post(address, data=signed(browser, card, on="1"), follow_redirects=True).text
    assert "coupée pour ce domicile" not in page
    auditor = agency.browser(Role.AUDITOR)
    assert "/lieu" not in auditor.get(card).text
    assert auditor.post(address, data=signed(auditor, card, on="")).status_code == 403


def test_the_card_says_why_the_place_is_not_checked(agency: Agency, home: MadeHome) -> None:
    browser, card = agency.browser(Role.COORDINATOR), f"/beneficiaires/{home.client}"
    assert "non demandée par l’agence" in browser.get(card).text
    switch_on(agency)
    with agency.database.connect(agency.organisation) as conn:
        conn.execute("UPDATE homes SET lat = NULL, lon = NULL")
    assert "impossible : adresse absente de la carte" in flat(browser.get(card).text)


def punch(agency: Agency, home: MadeHome, worker: WorkerId, word: PlaceCheck) -> None:
    claim = Claim(
        organisation=agency.organisation,
        channel=Channel.APP,
        source_ref=word,
        punched_at=NOW - timedelta(minutes=5),
        where=Home(home.home),
        who=SignedInWorker(worker),
        place_check=word,
    )
    with agency.database.connect(agency.organisation) as conn:
        record(conn, [claim], core_instance="test", now=NOW)


@pytest.mark.parametrize(
    ("word", "icon", "said"),
    [
        (PlaceCheck.INSIDE, "map-pin-check", "sur place"),
        (PlaceCheck.OUTSIDE, "map-pin-x", "ailleurs"),
        (PlaceCheck.UNKNOWN, "map-pin-question", "lieu non vérifié"),
    ],
)
def test_the_word_stands_with_its_icon_beside_the_punch(
    agency: Agency, home: MadeHome, word: PlaceCheck, icon: str, said: str
) -> None:
    switch_on(agency)
    with agency.database.connect(agency.organisation) as conn:
        worker = make_worker(conn, agency.organisation, agency.area).id
    punch(agency, home, worker, word)
    page = agency.browser(Role.COORDINATOR).get("/pointages?vue=tous").text
    shown = page.partition(f'data-place="{word}"')[2].partition("</span>")[0]
    assert f"#{icon}" in shown
    assert said in shown


def test_where_the_place_is_not_asked_for_not_to_know_it_is_not_worth_a_word(
    agency: Agency, home: MadeHome
) -> None:
    with agency.database.connect(agency.organisation) as conn:
        worker = make_worker(conn, agency.organisation, agency.area).id
    punch(agency, home, worker, PlaceCheck.UNKNOWN)
    assert "data-place" not in agency.browser(Role.COORDINATOR).get("/pointages?vue=tous").text


def test_the_telephones_page_names_the_homes_place_and_may_ask_for_its_own_only_when_it_is_on(
    agency: Agency, home: MadeHome
) -> None:
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn, role=Role.WORKER)
        worker = make_worker(conn, agency.organisation, agency.area, user=user).id
        make_visit(conn, home, worker, starts_at=later(10))
        token = open_session(conn, user, now=NOW)
    browser = agency.browser()
    browser.set_cookie("ponctuel_session", token)
    for address in ("/moi", f"/moi/pointer?qr={home.qr_token}"):
        off = browser.get(address)
        assert LAT not in off.text
        assert "geolocation=()" in off.headers["Permissions-Policy"]
    switch_on(agency)
    for address in ("/moi", f"/moi/pointer?qr={home.qr_token}"):
        on = browser.get(address)
        assert f'data-lat="{LAT}" data-lon="{LON}" data-radius="200"' in on.text
        assert "Votre position ne quitte jamais ce téléphone" in on.text
        assert "geolocation=(self)" in on.headers["Permissions-Policy"]
    office = agency.browser(Role.ADMINISTRATOR).get("/planning")
    assert "geolocation=()" in office.headers["Permissions-Policy"]
