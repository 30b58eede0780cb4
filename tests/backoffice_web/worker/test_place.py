"""Whether the phone is at the home, found out by the phone: one word leaves it, its position never does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from geopy.distance import great_circle  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect
from psycopg import sql

from backoffice_web.clients.label import label_address
from homecare.access.model import Role
from homecare.clients.place_rules import switch_place_check
from homecare.kernel import db
from homecare.punches.place_setting import PlaceSetting, change_place_setting
from tests.backoffice_web.browsing import signed_in
from tests.backoffice_web.worker.camera import film_code
from tests.backoffice_web.worker.front import (
    leave_answer,
    phone,
    press,
    second_home,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

if TYPE_CHECKING:
    from playwright._impl._api_structures import Geolocation

HOME_LAT, HOME_LON = 46.34, 0.91
HERE: "Geolocation" = {"latitude": 46.3407182943, "longitude": 0.9106357281, "accuracy": 17.25}
"""About ninety metres from the home."""
FAR: "Geolocation" = {"latitude": 46.3907182943, "longitude": 0.9106357281, "accuracy": 17.25}
VAGUE: "Geolocation" = HERE | {"accuracy": 4000}
TRACES = ("407182", "106357", "46.3407", "0.91063", "17.25", "3907182", "46.3907")
"""What would betray one of these positions, however it were cut."""

COUNT_QUESTIONS = """
    window.asked = 0;
    const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
    Geolocation.prototype.getCurrentPosition = (...how) => { window.asked += 1; ask(...how); };
    Geolocation.prototype.watchPosition = () => { window.asked += 1000; };"""
NEVER_ANSWER = "Geolocation.prototype.getCurrentPosition = () => { window.asked = 1; };"

STORED_HERE = """async () => {
    const answer = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
    const stores = {};
    for (const { name } of await indexedDB.databases()) {
        const db = await answer(indexedDB.open(name));
        for (const store of db.objectStoreNames)
            stores[`${name}.${store}`] = await answer(db.transaction(store).objectStore(store).getAll());
        db.close();
    }
    const copies = {};
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            if (!request.url.includes("/static/"))
                copies[request.url] = await (await caches.match(request)).text();
    return JSON.stringify({
        stores, copies, local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie,
        address: location.href, page: document.documentElement.outerHTML });
}"""
"""All that a phone keeps, as text: its stores, the copies of pages, the page itself."""


def set_place(agency: Agency, *, is_on: bool = True) -> None:
    """Put the home on the map, and have the place checked."""
    with agency.connect() as conn:
        conn.execute(
            "UPDATE homes SET lat = %s, lon = %s WHERE id = %s", (HOME_LAT, HOME_LON, agency.home.home)
        )
        change_place_setting(conn, ACTOR, PlaceSetting(is_on=is_on), now=agency.now())


def kept_words(agency: Agency) -> list[tuple[str, str]]:
    """Return (channel, word) of every punch as it is stored raw, by time."""
    with agency.connect() as conn:
        return conn.execute(
            "SELECT channel, claim ->> 'place_check' FROM punches ORDER BY punched_at"
        ).fetchall()


def answer_place(page: Page) -> str:
    """Return what the answer says of the place, once it is there."""
    expect(page.locator("#answer")).to_be_visible()
    place = page.locator(".answer-place")
    return place.inner_text().replace("\n", " ") if place.is_visible() else ""


def waiting_here(page: Page) -> list[dict[str, Any]]:
    """Return the punches that wait in the phone."""
    stores = json.loads(page.evaluate(STORED_HERE))["stores"]
    return list(stores["ponctuel.waiting"])


# ---- off


@feature("G5")
def test_by_default_nobody_is_asked_where_they_are(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency, is_on=False)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        worker.add_init_script(COUNT_QUESTIONS)
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        assert answer_place(page) == ""
        assert page.evaluate("window.asked") == 0
        assert "46.34" not in page.content()
        refusal = page.evaluate(
            """() => new Promise((done) => navigator.geolocation.getCurrentPosition(
                      () => done("told"), (error) => done(error.code)))"""
        )
        assert refusal == 1  # permission denied: the page itself may not ask
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
    assert kept_words(running_agency) == [("app", "unknown")]


# ---- on


@feature("G5")
def test_a_press_at_the_home_keeps_the_word_inside_and_the_page_says_what_is_kept(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        worker.add_init_script(COUNT_QUESTIONS)
        page = sign_in(worker, worker_of(running_agency))
        note = page.locator(".visit-card:visible .place-note")
        expect(note).to_contain_text("sur place, ailleurs ou non vérifié")
        expect(note).to_contain_text("Votre position ne quitte jamais ce téléphone")
        assert page.evaluate("window.asked") == 0
        press(page, "Arrivée")
        assert answer_place(page) == "Lieu sur place"
        assert page.evaluate("window.asked") == 1
    assert kept_words(running_agency) == [("app", "inside")]
    with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
        office.goto("/pointages?vue=tous")
        expect(office.locator(".place-word")).to_have_text("sur place")
        expect(office.locator(".place-word .icon")).to_be_visible()


@feature("G5")
@pytest.mark.parametrize(
    ("position", "word", "said"),
    [(FAR, "outside", "ailleurs"), (VAGUE, "unknown", "non vérifié"), (None, "unknown", "non vérifié")],
    ids=["far", "vague", "refused"],
)
def test_elsewhere_a_vague_position_or_a_refusal_never_hold_a_punch_back(
    playwright: Playwright,
    running_agency: Agency,
    storage: Path,
    position: "Geolocation | None",
    word: str,
    said: str,
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=position) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        assert answer_place(page) == f"Lieu {said}"
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
    assert kept_words(running_agency) == [("app", word)]


def test_a_phone_that_never_answers_where_it_is_holds_the_punch_back_for_seconds_only(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        worker.add_init_script(NEVER_ANSWER)
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        wait_until(lambda: page.evaluate("window.asked") == 1)
        (held,) = waiting_here(page)  # it is written down before anything is asked
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        assert answer_place(page) == "Lieu non vérifié"
    ((_, _, at),) = stored_punches(running_agency, visit)
    gesture = datetime.fromtimestamp(held["at"] / 1000, UTC)
    assert at == running_agency.clock().at(gesture)  # not the answer's time


def test_a_punch_cut_off_while_the_phone_looks_where_it_is_leaves_later_without_the_word(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        worker.add_init_script(NEVER_ANSWER)
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        wait_until(lambda: page.evaluate("window.asked") == 1)
        assert len(waiting_here(page)) == 1
        page.reload()
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 1, seconds=40)
    assert kept_words(running_agency) == [("app", "unknown")]


def test_at_a_home_where_the_check_is_switched_off_nobody_is_asked(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    with running_agency.connect() as conn:
        switch_place_check(conn, ACTOR, running_agency.home.home, on=False, now=running_agency.now())
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        worker.add_init_script(COUNT_QUESTIONS)
        page = sign_in(worker, worker_of(running_agency))
        expect(page.locator(".place-note")).to_have_count(0)
        press(page, "Arrivée")
        assert answer_place(page) == ""
        assert page.evaluate("window.asked") == 0
    assert kept_words(running_agency) == [("app", "unknown")]


# ---- printed codes


def camera_on(agency: Agency, token: str, folder: Path) -> tuple[str, str]:
    """Return the options of a browser whose camera sees the label of a home."""
    film = film_code(label_address(agency.settings.front_url, token), folder / "label.y4m")
    return "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"


@feature("G5")
def test_a_code_read_by_the_camera_at_the_home_keeps_the_word_too(
    playwright: Playwright, running_agency: Agency, storage: Path, tmp_path: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    camera = camera_on(running_agency, running_agency.home.qr_token, tmp_path)
    with phone(playwright, running_agency, storage, *camera, position=HERE) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.get_by_role("button", name="Scanner le code").click()
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        assert answer_place(page) == "Lieu sur place"
    assert [(c, e) for c, e, _ in stored_punches(running_agency, visit)] == [("qr", "arrival")]
    assert kept_words(running_agency) == [("qr", "inside")]


def test_a_word_about_the_visit_shown_is_not_believed_of_another_homes_code(
    playwright: Playwright, running_agency: Agency, storage: Path, tmp_path: Path
) -> None:
    set_place(running_agency)
    running_agency.plan_visit()
    elsewhere = second_home(running_agency, "Vanderstraeten")
    camera = camera_on(running_agency, elsewhere.home.qr_token, tmp_path)
    with phone(playwright, running_agency, storage, *camera, position=HERE) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.get_by_role("button", name="Scanner le code").click()
        expect(page.locator("#answer")).to_be_visible()
        wait_until(lambda: kept_words(running_agency) == [("qr", "inside")])
    with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
        office.goto("/pointages?vue=tous")
        expect(office.locator(".place-word")).to_have_text("lieu non vérifié")


# ---- the comparison

PLACES = [
    ((48.8583, 2.2945), (48.8738, 2.2950)),
    ((48.8583, 2.2945), (-33.8568, 151.2153)),
    ((48.8583, 2.2945), (48.8583, 2.2945)),
    ((0.0, 179.999), (0.0, -179.999)),
]


def test_the_comparison_counts_metres_on_the_globe_and_doubts_what_the_phone_doubts(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        asked = """async ([calls]) => {
            const address = performance.getEntriesByType("resource")
                .map((entry) => entry.name).find((name) => name.endsWith("/js/phone/place.js"));
            const place = await import(address);
            return calls.map(([name, ...values]) => place[name](...values));
        }"""
        home = {"lat": 48.8583, "lon": 2.2945, "radius": 200}
        pairs = [[{"lat": lat, "lon": lon} for lat, lon in pair] for pair in PLACES]
        metres = page.evaluate(asked, [[["distance", *pair] for pair in pairs]])
        reckoned = [great_circle(a, b).m for a, b in PLACES]
        assert metres == pytest.approx(reckoned, abs=0.01)
        north = {"latitude": 48.8583 + 150 / 111_195, "longitude": 2.2945}
        words = page.evaluate(
            asked, [[["compare", home, north | {"accuracy": doubt}] for doubt in (5, 49, 51, 4000)]]
        )
        assert words == ["inside", "inside", "unknown", "unknown"]
        away = {"latitude": 48.8583 + 400 / 111_195, "longitude": 2.2945}
        words = page.evaluate(
            asked, [[["compare", home, away | {"accuracy": doubt}] for doubt in (5, 199, 201, 4000)]]
        )
        assert words == ["outside", "outside", "unknown", "unknown"]
        assert page.evaluate(asked, [[["compare", home, north | {"accuracy": None}]]]) == ["unknown"]


# ---- the position


@pytest.fixture
def requests_seen() -> list[str]:
    """Everything that a browser sends: addresses, headers, bodies."""
    return []


def listen(context: BrowserContext, seen: list[str]) -> None:
    def note(request: Request) -> None:
        body = request.post_data_buffer or b""
        seen.append(f"{request.url}\n{request.headers}\n{body.decode('latin-1')}")

    context.on("request", note)
    context.on("console", lambda message: seen.append(message.text))


def rows_of_the_database(agency: Agency) -> Iterator[str]:
    """Yield every row of every table, of whatever organisation, as text."""
    with psycopg.connect(agency.settings.owner_database_url) as owner:
        tables = owner.execute(
            """SELECT schemaname, tablename FROM pg_tables
               WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tableowner = current_user"""
        ).fetchall()
        for schema, table in tables:
            every = sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(schema, table))
            yield from (str(row) for (row,) in owner.execute(every))


def reasons_kept(agency: Agency) -> list[str]:
    """Return why punches were made elsewhere, where their worker said it."""
    with agency.connect() as conn:
        return db.values(
            conn, str, "SELECT reason FROM place_exceptions WHERE reason IS NOT NULL ORDER BY punched_at"
        )


def betrayals(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


@feature("G5", "N12")
def test_the_position_is_in_no_request_no_store_no_spool_and_no_log(
    playwright: Playwright, running_agency: Agency, storage: Path, requests_seen: list[str]
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    kept: list[str] = []
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        listen(worker, requests_seen)
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        assert answer_place(page) == "Lieu sur place"
        kept.append(page.evaluate(STORED_HERE))
        leave_answer(page)
        worker.set_offline(True)
        worker.set_geolocation(FAR)
        press(page, "Départ")
        expect(page.get_by_role("heading", name="Départ gardé ici")).to_be_visible()
        (held,) = waiting_here(page)
        assert held["message"]["place"] == "outside"
        page.get_by_role("button", name="J’accompagne la personne").click()
        expect(page.get_by_text("Motif noté, merci.")).to_be_visible()
        kept.append(page.evaluate(STORED_HERE))
        leave_answer(page)
        worker.set_offline(False)
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 2)
        wait_until(lambda: reasons_kept(running_agency) == ["accompanying"])
        kept.append(page.evaluate(STORED_HERE))
    assert kept_words(running_agency) == [("app", "inside"), ("app", "outside")]

    sent = "\n".join(requests_seen).replace('\\"', '"')  # a punch is a signed text within the message
    assert sent.count('"place":"inside"') == 1
    assert '"place":"outside"' in sent
    assert betrayals(sent) == []

    assert all('"place":"outside"' in text for text in kept[1:2])
    assert betrayals("\n".join(kept)) == []

    rows = "\n".join(rows_of_the_database(running_agency))
    assert f"{HOME_LAT}" in rows  # the home's own place is there: a position would be seen
    assert '"place_check": "outside"' in rows
    assert betrayals(rows) == []

    spools = list((running_agency.core.state / "spool").iterdir())
    assert spools
    for file in spools:
        assert betrayals(file.read_bytes().decode("latin-1")) == [], file
    logs = [file for file in running_agency.core.state.rglob("*") if file.is_file() and file.suffix == ".log"]
    assert {"realtime.log", "web.log"} <= {file.name for file in logs}
    for file in logs:
        assert betrayals(file.read_text(errors="replace")) == [], file
    for file in (one for one in storage.rglob("*") if one.is_file()):
        assert betrayals(file.read_bytes().decode("latin-1")) == [], file
