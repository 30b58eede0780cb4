"""The worker's browser makes a key, signs what it keeps, and loses nothing in three days without network."""

import json
import os
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from homecare.kernel.audit import ByUser
from homecare.workers.phones import invite, list_phones_of, revoke_phone
from tests.backoffice_web.worker.front import (
    leave_answer,
    phone,
    press,
    second_home,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.backoffice_web.worker.keys import KEYS, STORE, flags
from tests.builders import make_user, make_visit
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

SPOIL = f"""async () => {{ {STORE}
  const waiting = store.transaction("waiting", "readwrite").objectStore("waiting");
  const [first] = await done(waiting.getAll());
  const text = first.sealed.text.replace('"number":2', '"number":3');
  await done(waiting.put({{ ...first, sealed: {{ ...first.sealed, text }} }}));
  store.close();
  return first.sealed.text !== text;
}}"""

FILL = """() => {
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


def enrolled(page: Page) -> dict[str, object]:
    """Wait until the agency knows this phone, and return its key as the page sees it."""
    found: list[dict[str, object]] = []

    def is_known() -> bool:
        found[:] = page.evaluate(KEYS)
        return [key["enrolled"] for key in found] == [True]

    wait_until(is_known)
    return found[0]


@feature("N6")
def test_the_first_sign_in_enrols_the_phone_and_its_punches_are_signed_with_a_key_that_nobody_can_read(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        key = enrolled(page)
        assert key["escapes"] is False
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
    with running_agency.connect() as conn:
        (known,) = list_phones_of(conn, running_agency.worker.id)
        row = conn.execute("SELECT claim FROM punches").fetchone()
    assert row is not None
    assert known.id == key["phone"]
    signed = json.loads(row[0]["details"]["signed"]["text"])
    assert (signed["phone"], signed["number"], signed["previous"]) == (known.id, 1, known.id)
    assert flags(running_agency) == [[]]
    assert len(stored_punches(running_agency, visit)) == 1


@feature("N6")
def test_a_queue_with_one_altered_byte_is_refused_and_the_next_punch_is_kept_and_flagged(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    second_home(running_agency, "Vanderstraeten").plan_visit(minutes_from_now=10)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        enrolled(page)
        press(page, "Arrivée")
        leave_answer(page)
        running_agency.core.command("stop nginx")
        try:
            for word in ("Départ", "Arrivée"):
                press(page, word)
                expect(page.locator("#answer")).to_be_visible()
                leave_answer(page)
            assert page.evaluate(SPOIL) is True
        finally:
            running_agency.core.command("start nginx")
        expect(page.locator("#refused")).to_contain_text("modifié après coup", timeout=60_000)
        wait_until(lambda: flags(running_agency) == [[], ["gap"]])
    with running_agency.connect() as conn:
        refusals = conn.execute("SELECT status, worker_id FROM punch_refusals").fetchall()
    assert refusals == [("forged", running_agency.worker.id)]


@feature("P28")
def test_three_days_without_network_with_crashes_and_restarts_lose_nothing(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    start = datetime.now(UTC) - timedelta(hours=73)
    ahead = running_agency.now() - datetime.now(UTC)  # of the agency's clock, which a demonstration moves
    for day in range(4):
        plan(running_agency, start + ahead + timedelta(hours=24 * day), day)
    with phone(playwright, running_agency, storage) as worker:
        live_at(worker, start)
        page = sign_in(worker, worker_of(running_agency))
        enrolled(page)
    running_agency.core.command("stop nginx")
    moments: list[datetime] = []
    try:
        for day in range(3):
            for half, word in enumerate(("Arrivée", "Départ")):
                moment = start + timedelta(hours=24 * day + 0.5 * half, minutes=5)
                moments.append(moment)
                punch_and_crash(playwright, running_agency, storage, moment, word)
    finally:
        running_agency.core.command("start nginx")
    assert running_agency.punches() == []
    with phone(playwright, running_agency, storage) as worker:
        sign_in(worker, worker_of(running_agency))
        wait_until(lambda: len(kept_times(running_agency)) == 2 * 3, seconds=60)
        page = worker.pages[0]
        expect(page.locator("#waiting")).to_be_hidden()
    kept = kept_times(running_agency)
    # In their true order, once each, at the times of their gestures.
    assert [at for at, _ in kept] == sorted(at for at, _ in kept)
    waits = [at - ahead - moment for (at, _), moment in zip(kept, moments, strict=True)]
    assert all(timedelta(0) <= wait < timedelta(minutes=2) for wait in waits)
    assert [number for _, number in kept] == [1, 2, 3, 4, 5, 6]
    assert flags(running_agency) == [[]] * 6


def plan(agency: Agency, starts_at: datetime, day: int) -> None:
    """Plan a visit then; each day has its own, so that the page always has one to punch."""
    with agency.connect() as conn:
        make_visit(conn, agency.home, agency.worker.id, starts_at=starts_at, minutes=60 + day)


def live_at(worker: BrowserContext, moment: datetime) -> None:
    """Let the phone, and what the agency's answers say of the time, be at this moment."""
    shift = datetime.now(UTC) - moment
    worker.clock.install(time=moment)

    def shifted(route: Route) -> None:
        answer = route.fetch()
        then = datetime.now(UTC) - shift
        body = re.sub(r'data-real-now="[^"]+"', f'data-real-now="{then.isoformat()}"', answer.text())
        body = re.sub(r'data-now="[^"]+"', f'data-now="{then.isoformat()}"', body)
        date = then.strftime("%a, %d %b %Y %H:%M:%S GMT")
        route.fulfill(response=answer, body=body, headers=answer.headers | {"date": date})

    worker.route(re.compile(r"/moi(/telephone)?$"), shifted)


def punch_and_crash(
    playwright: Playwright, agency: Agency, storage: Path, moment: datetime, word: str
) -> None:
    """Open the home's printed code without network at this moment, punch, and kill the browser."""
    with phone(playwright, agency, storage) as worker:
        worker.clock.install(time=moment)
        page = worker.pages[0]
        page.goto(f"/moi/pointer?qr={agency.home.qr_token}" if word == "Arrivée" else f"/t/{agency.home.tag}")
        expect(page.locator("#network")).to_contain_text("Hors réseau")
        page.locator("#code-read").get_by_role("button", name=word).click()
        expect(page.get_by_role("heading", name=re.compile("gardée? ici"))).to_be_visible()
        kill(storage)


def kill(storage: Path) -> None:
    """End the browser that lives in this folder as a power cut would: the processes that hold it, at once."""
    mine = f"--user-data-dir={storage}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if mine in command and not any(part.startswith(b"--type=") for part in command):
            os.kill(int(entry.name), signal.SIGKILL)


def kept_times(agency: Agency) -> list[tuple[datetime, int]]:
    """Return the time and the phone's number of every punch, in the order in which they were kept."""
    with agency.connect() as conn:
        return conn.execute(
            """SELECT p.punched_at, e.number FROM punches p JOIN phone_entries e ON e.punch_id = p.id
               ORDER BY p.chain_number"""
        ).fetchall()


def test_an_invitation_enrols_the_phone_without_a_password_serves_once_and_outlives_the_browser(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    with running_agency.connect() as conn:
        manager = ByUser(make_user(conn))
        token = invite(conn, manager, running_agency.worker.id, now=running_agency.now())
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = worker.pages[0]
        page.goto(f"/moi/inscription/{token}")
        page.get_by_role("button", name="Inscrire ce téléphone").click()
        page.wait_for_url("**/moi")
        enrolled(page)
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        leave_answer(page)
        page.goto(f"/moi/inscription/{token}")
        expect(page.locator("body")).to_contain_text("a déjà servi")
    with phone(playwright, running_agency, storage) as worker:
        page = worker.pages[0]
        page.goto("/moi")
        expect(page.get_by_role("button", name="Départ")).to_be_visible()
    assert flags(running_agency) == [[]]
    with running_agency.connect() as conn:
        assert [one.invited for one in list_phones_of(conn, running_agency.worker.id)] == [True]


def test_a_withdrawn_phone_gets_a_new_key_once_its_worker_has_signed_in_again(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        old = enrolled(page)["phone"]
        with running_agency.connect() as conn:
            manager = ByUser(make_user(conn))
            revoke_phone(conn, manager, running_agency.worker.id, str(old), now=running_agency.now())
        press(page, "Arrivée")
        leave_answer(page)
        expect(page.locator("#network")).to_contain_text("Session fermée")
        page = sign_in(worker, worker_of(running_agency))
        wait_until(lambda: enrolled(page)["phone"] != old)
        expect(page.locator("#refused")).to_contain_text("retiré par l’agence")
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
    assert flags(running_agency) == [[]]


def test_a_browser_without_key_punches_without_signature_and_the_office_sees_it(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        worker.add_init_script("delete SubtleCrypto.prototype.generateKey")
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
    assert running_agency.punches() == [("app", "arrival", None)]
    assert flags(running_agency) == []


def test_a_phone_whose_memory_is_full_says_so_in_words(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        enrolled(page)
        page.evaluate(FILL)
        worker.set_offline(True)
        press(page, "Arrivée")
        expect(page.locator("#answer")).to_contain_text("La mémoire de ce téléphone est pleine")
        expect(page.get_by_role("heading", name="Arrivée refusée")).to_be_visible()
