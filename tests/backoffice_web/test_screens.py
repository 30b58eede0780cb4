"""Every screen of the back office: nothing that axe-core finds, nothing wider than a telephone."""

import re
from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Playwright, expect

from homecare.access.model import Role
from homecare.clients.refused_lines import refuse_line
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import PayerId, PunchId, RunId
from homecare.payers.client_payers import add_client_payer
from homecare.payers.model import PayerKind
from homecare.payers.operations import add_payer, retire_payer
from homecare.punches.ledger.sealing import seal_days
from homecare.punches.ledger.stamp import Stamp
from homecare.punches.ledger.stamping import keep_stamp
from homecare.punches.model import Channel, Claim, Line, Proof, Qr, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.proof_minimum import set_minimum
from homecare.visits.cancelling import CancelReason, cancel_visit
from homecare.visits.model import NewChange
from homecare.visits.optimisation import list_runs, note_progress, save_proposal, start_run
from tests.backoffice_web.browsing import signed_in
from tests.backoffice_web.optimisation.test_views import OUTCOME
from tests.builders import ACTOR, MORNING, make_user
from tests.product import DAY
from tests.realtime.agency import Agency

WIDE, TWICE_THE_TEXT, NARROW = (1440, 900), (720, 450), (320, 760)
"""What a screen of 1440 px shows of text enlarged to 200 % is what 720 px show."""

CUT_TABLES = (
    """[...document.querySelectorAll(".wide-scroll")].some((one) => one.scrollWidth > one.clientWidth)"""
)


def propose(agency: Agency) -> RunId:
    """Leave a run with its curve and its proposal, as the worker would."""
    visit = agency.plan_visit(minutes_from_now=90)
    with agency.connect() as conn:
        conn.execute(
            """INSERT INTO optimisation_runs (area_id, day, seed, seconds, asked_at)
               VALUES (%s, %s, 1, 15, %s)""",
            (agency.area, DAY, agency.now()),
        )
        run = list_runs(conn)[0].id
        start_run(conn, run, instance={}, instance_hash="0", now=MORNING)
        for second, cents in enumerate((4000, 3000, 2500), start=1):
            note_progress(conn, run, {"seconds": second, "cents": cents, "open": 0, "rounds": second})
        change = NewChange(visit, 1, None, MORNING)
        save_proposal(conn, run, [change], outcome=OUTCOME, now=MORNING)
    return run


def seal(agency: Agency) -> None:
    """Leave sealed days in the ledger, of which an authority stamped one."""
    now = agency.now()
    before = now - timedelta(days=3)
    with agency.connect() as conn:
        claim = Claim(agency.organisation, Channel.BOX, "before", before)
        record(conn, [claim], core_instance="core-t", now=before)
        sealed = seal_days(conn, agency.organisation, now=now)
        keep_stamp(conn, sealed[0].day, Stamp(b"a token", now), now=now)


def pay(agency: Agency) -> PayerId:
    """Let a payer pay for the client and ask for the best proof; leave another one that was retired."""
    today = agency.now().date()
    with agency.connect() as conn:
        payer = add_payer(conn, ACTOR, PayerKind.DEPARTMENT, "Département de la Combe", now=MORNING)
        set_minimum(conn, ACTOR, None, Proof.A, since=today, now=MORNING, payer=payer)
        add_client_payer(conn, ACTOR, agency.home.client, payer, since=today, now=MORNING)
        retired = add_payer(conn, ACTOR, PayerKind.INSURER, "Mutuelle des Fontaines", now=MORNING)
        retire_payer(conn, ACTOR, retired, now=MORNING)
        claim = Claim(
            agency.organisation, Channel.QR, "weak", agency.now(), Qr(agency.home.qr_token),
            SignedInWorker(agency.worker.id),
        )  # fmt: skip
        record(conn, [claim], core_instance="core-t", now=agency.now())
    return payer


def lose(agency: Agency) -> PunchId:
    """Leave a punch that waits, from a line that nobody knows."""
    claim = Claim(
        agency.organisation, Channel.PHONE, "lost", agency.now(), Line("+33547000099"),
        SignedInWorker(agency.worker.id),
    )  # fmt: skip
    with agency.connect() as conn:
        (receipt,) = record(conn, [claim], core_instance="core-t", now=agency.now())
    assert receipt.punch is not None
    return receipt.punch


def screens(agency: Agency) -> list[str]:
    client, home, worker = agency.home.client, agency.home.home, agency.worker.id
    visit, coming = agency.plan_visit(minutes_from_now=30), agency.plan_visit(minutes_from_now=240)
    cancelled = agency.plan_visit(minutes_from_now=360)
    seal(agency)
    with agency.connect() as conn:
        user = make_user(conn)
        cancel_visit(conn, ByUser(user), cancelled, revision=1, reason=CancelReason.HOSPITAL, now=MORNING)
        refuse_line(conn, ByUser(user), "+33699887766", reason="Essai", now=MORNING)
    return [
        "/planning",
        "/planning?vue=semaine",
        "/planning?vue=mois",
        "/planning?par=beneficiaires",
        "/planning?par=beneficiaires&vue=semaine",
        f"/planning?intervenant={worker}&vue=semaine",
        f"/planning?beneficiaire={client}&vue=semaine",
        f"/planning/interventions/{visit}/deplacer",
        f"/planning/interventions/{coming}/annuler",
        "/planning/annulees",
        "/planning/ajouter?q=b",
        f"/planning/ajouter/{client}",
        "/pointages",
        "/pointages?vue=tous",
        "/pointages?vue=refus",
        "/pointages?vue=appels",
        "/pointages?vue=ailleurs",
        "/pointages?vue=contestations",
        "/pointages?vue=saisies",
        f"/pointages/{lose(agency)}?rejeter=1&q=bellanger",
        "/pointages/lignes-refusees",
        "/mot-de-passe",
        "/reglages",
        "/reglages/comptes",
        "/reglages/comptes/nouveau",
        f"/reglages/comptes/{user}",
        "/reglages/numeros",
        "/reglages/pointage",
        "/reglages/tablettes",
        "/reglages/taches",
        "/reglages/voix",
        "/reglages/voix?langue=ar",
        "/reglages/payeurs",
        f"/reglages/payeurs/{pay(agency)}",
        "/pointages/registre",
        "/optimisation",
        f"/optimisation/{propose(agency)}",
        "/beneficiaires",
        "/beneficiaires/nouveau",
        f"/beneficiaires/{client}",
        f"/beneficiaires/{client}/modifier",
        f"/beneficiaires/{client}/planning-type",
        f"/beneficiaires/{client}/lieux/nouveau",
        f"/beneficiaires/{client}/domiciles/{home}/modifier",
        f"/beneficiaires/{client}/domiciles/{home}/etiquette",
        "/intervenants",
        "/intervenants/nouveau",
        f"/intervenants/{worker}",
        f"/intervenants/{worker}/modifier",
        "/alertes",
        "/alertes/seuils",
        "/tableau",
    ]


def test_no_screen_has_a_barrier_or_is_wider_than_its_window(
    playwright: Playwright, running_agency: Agency
) -> None:
    addresses = screens(running_agency)
    found: dict[str, str] = {}
    with signed_in(playwright, running_agency, Role.ADMINISTRATOR) as page:
        for width, height in (WIDE, TWICE_THE_TEXT, NARROW):
            page.set_viewport_size({"width": width, "height": height})
            for address in addresses:
                answer = page.goto(address)
                assert answer is not None
                assert answer.status == 200, address
                page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                report = Axe().run(page)
                if report.violations_count:
                    found[f"{address} at {width}"] = report.generate_report()
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found[f"{address} at {width}"] = "wider than its window"
                if (width, height) == NARROW and page.evaluate(CUT_TABLES):
                    found[f"{address} at {width}"] = "a table goes on out of sight"
    assert found == {}


def test_the_code_of_a_tag_to_write_is_shown_without_a_barrier(
    playwright: Playwright, running_agency: Agency
) -> None:
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        page.goto(f"/beneficiaires/{running_agency.home.client}")
        page.get_by_text("Ajouter une étiquette NFC").click()
        page.get_by_role("button", name="Étiquette qui se prouve").click()
        expect(page.get_by_text("python -m nfc_gateway.station")).to_be_visible()
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_the_label_of_a_home_prints_on_one_a6_sheet(playwright: Playwright, running_agency: Agency) -> None:
    home = running_agency.home
    with signed_in(playwright, running_agency, Role.COORDINATOR) as page:
        page.goto(f"/beneficiaires/{home.client}/domiciles/{home.home}/etiquette")
        sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheet)) == 1
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert box
    assert [round(float(points) / 72 * 25.4) for points in box.groups()] == [105, 148]
