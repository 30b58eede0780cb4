"""Every page, every role, every area: who is let in, what another area reaches. No page is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from backoffice_web import access
from homecare.access.call_lines import add_call_line
from homecare.access.line_checks import list_line_states
from homecare.access.model import PERMISSIONS, Permission, Role
from homecare.alerts.operations import arm, raise_due
from homecare.clients.refused_lines import refuse_line
from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.clients.tablets import invite_tablet
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import AreaId
from homecare.payers.client_payers import add_client_payer
from homecare.payers.model import PayerKind
from homecare.payers.operations import add_payer
from homecare.punches.disputes import DisputeReason, list_disputes, open_dispute
from homecare.punches.model import Channel, Claim, Line, PlaceCheck, SignedInWorker
from homecare.punches.operations import LeftByCall, leave_call_task, record
from homecare.punches.queries import list_call_tasks
from homecare.punches.task_codes import add_task_code
from homecare.visits.optimisation import list_runs
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import ACTOR, make_area, make_client, make_user, make_visit, make_worker
from tests.features import feature

OF_NO_AREA = {"rule", "line", "call_line", "tablet", "task_code", "language", "phrase"}
"""Arguments of addresses that name something of the whole organisation."""

NOTHING = (204, "")
"""The answer of a live board that is told of a visit it does not show."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An agency in which each kind of thing that an address may name exists once, in one area."""

    agency: Agency
    named: dict[str, int | str]
    elsewhere: AreaId

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Yield every guarded route with each of its methods."""
        for rule in self.agency.app.url_map.iter_rules():
            if rule.endpoint == "static" or not access.rule_of(self.agency.app.view_functions[rule.endpoint]):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method

    def address(self, rule: Rule) -> str:
        """Return the route's address, naming what exists. Fails for an argument that nobody thought of."""
        return re.sub(r"<[^:>]+:(\w+)>", lambda match: str(self.named[match[1]]), rule.rule)


@pytest.fixture
def filled(agency: Agency) -> Filled:
    with agency.database.connect(agency.organisation) as conn:
        worker = make_worker(conn, agency.organisation, agency.area).id
        home = make_client(conn, agency.area)
        visit = make_visit(conn, home, worker, starts_at=later(-20))
        arm(conn, [visit], now=later(-20))
        (alert,) = set(raise_due(conn, agency.organisation, now=NOW))
        claim = Claim(
            organisation=agency.organisation,
            channel=Channel.PHONE,
            source_ref="call-1",
            punched_at=later(-100),
            where=Line(home.line),
            who=SignedInWorker(worker),
            place_check=PlaceCheck.OUTSIDE,
        )
        (receipt,) = record(conn, [claim], core_instance="test", now=NOW)
        assert receipt.punch is not None
        site = agree_site(
            conn,
            ACTOR,
            home.client,
            NewSite(SiteKind.DAY_CENTRE, "Les Tilleuls", "2 place du Marché", "99100", "La Chesnaye"),
            now=NOW,
        )
        open_dispute(conn, worker, receipt.punch, DisputeReason.OTHER, comment="", at=NOW)
        leave_call_task(
            conn, agency.organisation, LeftByCall("call_back", "call-1", later(-5), home=home.home)
        )
        conn.execute(
            """INSERT INTO optimisation_runs (area_id, day, seed, seconds, asked_at)
               VALUES (%s, %s, 1, 15, %s)""",
            (agency.area, NOW.date(), NOW),
        )
        add_call_line(conn, f"+33801{agency.organisation:06d}", label="Télépointage")
        conn.execute("INSERT INTO alert_rules (first_minutes, second_minutes) VALUES (5, 9)")
        rule = conn.execute("SELECT id FROM alert_rules").fetchone()
        assert rule is not None
        payer = add_payer(conn, ACTOR, PayerKind.DEPARTMENT, "Département", now=NOW)
        named: dict[str, int | str] = {
            "area": agency.area,
            "client": home.client,
            "home": home.home,
            "worker": worker,
            "visit": visit,
            "alert": alert,
            "task": list_call_tasks(conn)[0].id,
            "language": "fr",
            "phrase": "code",
            "task_code": add_task_code(conn, ACTOR, "12", "Toilette", now=NOW),
            "punch": receipt.punch,
            "tablet": invite_tablet(conn, ACTOR, site, label="Entrée", now=NOW)[0],
            "dispute": list_disputes(conn, answered_since=NOW)[0].id,
            "payer": payer,
            "client_payer": add_client_payer(conn, ACTOR, home.client, payer, since=NOW.date(), now=NOW),
            "run": list_runs(conn)[0].id,
            "rule": rule[0],
            "call_line": list_line_states(conn)[0].id,
            "user": make_user(conn),
            "line": refuse_line(conn, ByUser(make_user(conn)), "+33699887766", reason="Essai", now=NOW),
        }
        elsewhere = make_area(conn)
    return Filled(agency, named, elsewhere)


def ask(browser: FlaskClient, method: str, address: str, fields: dict[str, str]) -> tuple[int, str]:
    answer = browser.get(address) if method == "GET" else browser.post(address, data=fields)
    page = answer.data.decode("utf-8", "replace")  # a sound is no text
    answer.close()
    return answer.status_code, page


def signature(browser: FlaskClient, role: Role) -> dict[str, str]:
    """Return the signature of the person's forms, from a page that they may open."""
    return signed(browser, "/moi" if role is Role.WORKER else "/planning")


@feature("A7")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_in_where_its_permissions_say_and_nowhere_else(filled: Filled, role: Role) -> None:
    browser = filled.agency.browser(role)
    fields = signature(browser, role)
    for rule, method in filled.rules():
        needed = access.rule_of(filled.agency.app.view_functions[rule.endpoint]) or frozenset()
        allowed = bool(needed & PERMISSIONS[role])
        status, page = ask(browser, method, filled.address(rule), fields)
        refused = status == 403 and "n’ouvre pas cette page" in page
        assert refused is not allowed, (role, method, rule.rule, status)


@feature("A7")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_works_in_another_area_reaches_nothing_of_this_one(filled: Filled, role: Role) -> None:
    stranger = filled.agency.browser(role, area=filled.elsewhere)
    fields = signature(stranger, role)
    for rule, method in filled.rules():
        status, page = ask(stranger, method, filled.address(rule), fields)
        if rule.arguments - OF_NO_AREA:
            assert status in {403, 404} or (status, page) == NOTHING, (role, method, rule.rule, status)
        assert "BELLANGER" not in page, (role, method, rule.rule)
        assert "ARNAUD" not in page, (role, method, rule.rule)


def test_a_stranger_is_led_to_the_sign_in_page_from_everywhere(filled: Filled) -> None:
    stranger = filled.agency.browser()
    for rule, method in filled.rules():
        if method == "GET":
            answer = stranger.get(filled.address(rule))
            assert (answer.status_code, "/connexion" in answer.headers["Location"]) == (303, True), rule.rule


def test_the_matrix_has_a_row_for_every_permission(filled: Filled) -> None:
    needed: set[Permission] = set()
    for rule, _method in filled.rules():
        needed |= access.rule_of(filled.agency.app.view_functions[rule.endpoint]) or frozenset()
    assert needed == set(Permission)
