"""Receipt, dispute and places around a punch, on a real browser against the running product."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Playwright, expect

from homecare.access.model import Role
from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.punches.model import Channel, Claim, Line, SignedInWorker
from homecare.punches.operations import record
from tests.backoffice_web.browsing import signed_in
from tests.backoffice_web.worker.front import (
    leave_answer,
    phone,
    press,
    sign_in,
    stored_punches,
    worker_of,
)
from tests.backoffice_web.worker.test_place import (
    FAR,
    HERE,
    HOME_LAT,
    HOME_LON,
    kept_words,
    reasons_kept,
    set_place,
)
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until


def barriers(page: Page) -> str:
    report = Axe().run(page)
    return str(report.generate_report()) if report.violations_count else ""


@feature("N8")
def test_a_receipt_is_read_checked_and_disputed_in_one_tap_and_the_answer_comes_back(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        expect(page.locator(".answer-receipt dd")).to_contain_text("core-")
        expect(page.locator(".answer-total dd")).to_contain_text("h")
        link, proof = page.locator(".answer-receipt dd").inner_text().split(" · ")
        page.get_by_role("button", name="Ce n’est pas exact").click()
        page.get_by_label("Précision, par exemple").fill("plutôt 08:15")
        assert barriers(page) == ""
        page.locator("#dispute").get_by_role("button", name="L’heure n’est pas la bonne").click()
        expect(page.locator("#dispute [role=status]")).to_contain_text("parti vers l’agence")
        page.locator("#dispute").get_by_role("button", name="Fermer").click()
        leave_answer(page)
        expect(page.locator("#punches")).to_contain_text("Contesté")
        with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
            office.goto("/pointages?vue=contestations")
            expect(office.locator(".dispute-row")).to_contain_text("plutôt 08:15")
            office.get_by_label("Réponse, lue par l’intervenant").fill("Corrigé à 08:15.")
            office.get_by_role("button", name="Répondre").click()
            expect(office.locator(".dispute-row")).to_contain_text("Corrigé à 08:15.")
        page.goto(f"/moi/pointages?registre={link}&empreinte={proof}")
        expect(page.get_by_text("Dans le registre")).to_be_visible()
        page.locator(".punch-detail summary").first.click()
        expect(page.locator(".dispute-answer")).to_have_text("Corrigé à 08:15.")
        assert barriers(page) == ""
        page.set_viewport_size({"width": 320, "height": 760})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert len(stored_punches(running_agency, visit)) == 1


@feature("N8")
def test_a_call_is_seen_on_the_phone_and_disputed_there_without_network(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    now = running_agency.now()
    claim = Claim(
        organisation=running_agency.organisation,
        channel=Channel.PHONE,
        source_ref="pbx-1.1",
        punched_at=now,
        where=Line(running_agency.home.line),
        who=SignedInWorker(running_agency.worker.id),
    )
    with running_agency.connect() as conn:
        record(conn, [claim], core_instance="core-t", now=now)
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.locator(".punch-detail summary").click()
        expect(page.locator(".punch-detail")).to_contain_text("téléphone")
        worker.set_offline(True)
        page.locator(".punch-detail").get_by_role("button", name="Ce n’est pas exact").click()
        page.get_by_role("button", name="Ce pointage n’est pas de moi").click()
        page.locator("#dispute").get_by_role("button", name="Fermer").click()
        expect(page.locator("#notes")).to_contain_text("gardé ici, sera envoyé")
    with phone(playwright, running_agency, storage) as worker:
        sign_in(worker, worker_of(running_agency))
        wait_until(lambda: open_disputes(running_agency) == [("phone", "not_mine")], seconds=40)


def open_disputes(agency: Agency) -> list[tuple[str, str]]:
    with agency.connect() as conn:
        return conn.execute(
            "SELECT m.channel, d.reason FROM disputes d JOIN punch_matches m USING (punch_id)"
        ).fetchall()


@feature("P22")
def test_a_punch_made_elsewhere_is_stored_asks_why_and_waits_in_the_back_office_with_the_reason(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=FAR) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        expect(page.get_by_role("heading", name="Vous pointez loin du lieu prévu")).to_be_visible()
        assert barriers(page) == ""
        page.get_by_role("button", name="Juste à côté du lieu").click()
        expect(page.get_by_text("Motif noté, merci.")).to_be_visible()
        wait_until(lambda: reasons_kept(running_agency) == ["nearby"])
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
    with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
        office.goto("/pointages?vue=ailleurs")
        expect(office.locator(".task-row .status-word")).to_have_text("Juste à côté du lieu")
        office.get_by_role("button", name="Vu").click()
        expect(office.locator('.task-row[data-status="off"]')).to_be_visible()


@feature("P23")
def test_an_agreed_place_is_chosen_at_punch_and_compared_with_its_own_position(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    daughter = NewSite(
        SiteKind.FAMILY, "Chez sa fille", "2 place du Marché", "99100", "La Chesnaye", HOME_LON, HOME_LAT
    )
    with running_agency.connect() as conn:
        conn.execute("UPDATE homes SET lat = 46.9 WHERE id = %s", (running_agency.home.home,))
        agree_site(conn, ACTOR, running_agency.home.client, daughter, now=running_agency.now())
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.get_by_text("Je ne suis pas au domicile").click()
        page.get_by_role("button", name="Chez sa fille").click()
        expect(page.get_by_role("heading", name="Arrivée enregistrée")).to_be_visible()
        expect(page.locator(".answer-place dd")).to_have_text("sur place")
    assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
    assert kept_words(running_agency) == [("app", "inside")]
    with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
        office.goto("/pointages?vue=tous")
        expect(office.locator(".punch-channel")).to_contain_text("Chez sa fille")


@feature("N15", "P32")
def test_an_outing_and_expenses_noted_without_network_leave_later_and_are_shown_with_their_sums(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    set_place(running_agency)
    visit = running_agency.plan_visit()
    with phone(playwright, running_agency, storage, position=HERE) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        leave_answer(page)
        worker.set_offline(True)
        worker.set_geolocation(FAR)
        page.get_by_role("button", name="Promenade").click()
        expect(page.locator(".out-now")).to_contain_text("En sortie")
        page.get_by_text("Frais, kilomètres, commentaire").click()
        page.get_by_label("Payé pour la personne, en euros").fill("12,5 0€")
        page.get_by_label("Kilomètres faits pour elle").fill("trois")
        page.get_by_role("button", name="Noter").click()
        expect(page.get_by_label("Kilomètres faits pour elle")).to_have_accessible_description(
            re.compile("par exemple 3,5")
        )
        page.get_by_label("Kilomètres faits pour elle").fill("3,5")
        page.get_by_label("Commentaire ou objet du frais").fill("Pharmacie")
        page.get_by_role("button", name="Noter").click()
        expect(page.locator(".reports-told")).to_contain_text("Noté")
        page.set_viewport_size({"width": 320, "height": 760})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert barriers(page) == ""
        page.reload()
        expect(page.locator(".out-now")).to_contain_text("En sortie")
        expect(page.locator("#notes")).to_contain_text("Frais de 12,50 €")
        press(page, "Départ")
        expect(page.get_by_role("heading", name="Départ gardé ici")).to_be_visible()
        expect(page.locator("#outside")).to_be_hidden()
        leave_answer(page)
    with phone(playwright, running_agency, storage, position=FAR) as worker:
        page = sign_in(worker, worker_of(running_agency))
        wait_until(lambda: len(stored_punches(running_agency, visit)) == 2, seconds=40)
        expect(page.locator("#notes")).to_be_hidden()
        page.reload()
        page.get_by_role("button", name="BELLANGER Odile").click()
        expect(page.locator(".outings-done")).to_contain_text("1 sortie")
        expect(page.locator(".reports-sent")).to_contain_text(re.compile("12,50\\s€ Pharmacie\\s+envoyé"))
    assert kept_words(running_agency) == [("app", "inside"), ("app", "unknown")]
    with signed_in(playwright, running_agency, Role.COORDINATOR) as office:
        office.goto("/pointages?vue=saisies")
        shown = office.locator(".punch-card").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
        assert "1 sortie" in shown
        assert "12,50 € de frais" in shown
        assert "3,5 km" in shown
        assert "Pharmacie" in shown
        office.goto("/pointages?vue=tous")
        expect(office.get_by_label("Frais, kilomètres, commentaire")).to_contain_text("Pharmacie")


def test_a_refresh_of_the_day_takes_nothing_out_of_the_hands_of_whoever_types(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        leave_answer(page)
        page.get_by_text("Frais, kilomètres, commentaire").click()
        page.get_by_label("Commentaire ou objet du frais").fill("A bien mangé")
        with page.expect_response(lambda answer: answer.url.endswith("/moi") and answer.ok):
            page.get_by_role("button", name="Courses").click()
        expect(page.locator('.visit-card:visible[data-outing="shopping"]')).to_be_visible()
        expect(page.locator("#notes")).to_be_hidden()
        expect(page.get_by_label("Commentaire ou objet du frais")).to_have_value("A bien mangé")
        page.get_by_role("button", name="Noter").click()
        expect(page.locator(".reports-told")).to_contain_text("Noté")


def test_what_was_typed_outlives_a_reload_leaves_with_the_departure_and_may_be_added_to_afterwards(
    playwright: Playwright, running_agency: Agency, storage: Path
) -> None:
    running_agency.plan_visit()
    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        press(page, "Arrivée")
        leave_answer(page)
        page.get_by_text("Frais, kilomètres, commentaire").click()
        page.get_by_label("Payé pour la personne, en euros").fill("3,20")
        page.get_by_label("Commentaire ou objet du frais").fill("Pain")
        page.reload()
        expect(page.get_by_label("Payé pour la personne, en euros")).to_have_value("3,20")
        press(page, "Départ")
        leave_answer(page)
        page.get_by_role("button", name="BELLANGER Odile").click()
        expect(page.locator(".reports-sent")).to_contain_text(re.compile("3,20\\s€ Pain\\s+envoyé"))
        expect(page.get_by_label("Commentaire ou objet du frais")).to_have_value("")
        page.get_by_label("Kilomètres faits pour elle").fill("2")
        page.get_by_role("button", name="Noter").click()
        expect(page.locator(".reports-sent")).to_contain_text(re.compile("2,0\\s+km\\s+envoyé"))
