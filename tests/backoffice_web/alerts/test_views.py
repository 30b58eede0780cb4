"""Alerts: open and closed, taken in charge, raised by thresholds that an administrator sets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.alerts.operations import arm, close_from_visits, raise_due
from homecare.alerts.queries import list_alerts, list_rules
from homecare.kernel import db
from homecare.kernel.ids import AlertId, VisitId
from homecare.visits.operations import note_ends
from tests.backoffice_web.agency import NOW, Agency, served, signed
from tests.builders import make_area, make_client, make_service, make_visit, make_worker
from tests.features import feature

PLANNED = NOW - timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Late:
    agency: Agency
    coordinator: FlaskClient
    visit: VisitId
    alert: AlertId

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    def owner(self) -> str | None:
        with self.conn() as conn:
            return list_alerts(conn, since=PLANNED)[0].owner


def due_of(conn: db.Conn, visit: VisitId) -> datetime | None:
    return db.value(conn, datetime, "SELECT min(due_at) FROM alert_dues WHERE visit_id = %s", (visit,))


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def late(agency: Agency) -> Late:
    with agency.database.connect(agency.organisation) as conn:
        worker = make_worker(conn, agency.organisation, agency.area).id
        visit = make_visit(conn, make_client(conn, agency.area), worker, starts_at=PLANNED)
        arm(conn, [visit], now=PLANNED)
        (alert,) = set(raise_due(conn, agency.organisation, now=NOW))
    return Late(agency, agency.browser(Role.COORDINATOR), visit, alert)


def test_an_open_alert_tells_who_is_late_and_that_nobody_has_it(late: Late) -> None:
    page = flat(late.coordinator.get("/alertes").text)
    assert "BELLANGER Odile" in page
    assert "2e alerte" in page
    assert "20 min" in page
    assert "personne" in page


def test_second_alerts_come_first_then_the_longest_lateness(late: Late) -> None:
    with late.conn() as conn:
        worker = make_worker(conn, late.agency.organisation, late.agency.area).id
        for name, minutes in (("Dixmin", 10), ("Trente", 30), ("Quinze", 15)):
            home = make_client(conn, late.agency.area, last_name=name)
            visit = make_visit(conn, home, worker, starts_at=NOW - timedelta(minutes=minutes))
            arm(conn, [visit], now=NOW - timedelta(minutes=minutes))
        raise_due(conn, late.agency.organisation, now=NOW)
    page = late.coordinator.get("/alertes").text
    places = [page.index(name) for name in ("TRENTE", "BELLANGER", "QUINZE", "DIXMIN")]
    assert places == sorted(places)
    assert "puis le plus long retard" in page


def test_taking_an_alert_names_its_owner(late: Late) -> None:
    fields = signed(late.coordinator, "/alertes")
    page = late.coordinator.post(f"/alertes/{late.alert}/prendre", data=fields, follow_redirects=True).text
    assert "MOREL Claire" in page
    assert late.owner() == "MOREL Claire"


def test_a_second_coordinator_is_told_who_has_the_alert_and_takes_it_over_on_purpose(late: Late) -> None:
    colleague = late.agency.browser(Role.COORDINATOR)
    take = f"/alertes/{late.alert}/prendre"
    fields = signed(colleague, "/alertes")  # the page was read before anybody had it
    late.coordinator.post(take, data=signed(late.coordinator, "/alertes"))
    with late.conn() as conn:
        mine = list_alerts(conn, since=PLANNED)[0].owner_id
    told = flat(colleague.post(take, data=fields, follow_redirects=True).text)
    assert "MOREL Claire s’occupe déjà de cette alerte." in told
    assert "Reprendre l’alerte à MOREL Claire : BELLANGER Odile" in told
    toast = colleague.post(take, data=fields, headers={"HX-Request": "true"})
    assert (toast.status_code, "MOREL Claire" in toast.headers["HX-Trigger"]) == (422, True)
    with late.conn() as conn:
        assert list_alerts(conn, since=PLANNED)[0].owner_id == mine
    colleague.post(take, data=served(colleague, "/alertes"))
    with late.conn() as conn:
        assert list_alerts(conn, since=PLANNED)[0].owner_id not in {mine, None}


def test_whoever_has_an_alert_gives_it_back(late: Late) -> None:
    late.coordinator.post(f"/alertes/{late.alert}/prendre", data=signed(late.coordinator, "/alertes"))
    page = flat(late.coordinator.get("/alertes").text)
    assert "Rendre l’alerte : BELLANGER Odile" in page
    back = f"/alertes/{late.alert}/rendre"
    colleague = late.agency.browser(Role.COORDINATOR)
    assert colleague.post(back, data=signed(colleague, "/alertes")).status_code == 422
    told = late.coordinator.post(back, data=signed(late.coordinator, "/alertes"), follow_redirects=True).text
    assert "personne ne s’en occupe pour l’instant" in told
    assert late.owner() is None


def test_an_alert_is_said_to_be_raised_in_words_that_do_not_mean_cancelled(late: Late) -> None:
    with late.conn() as conn:
        note_ends(conn, arrivals={late.visit: NOW})
        close_from_visits(conn, [late.visit], now=NOW)
    page = flat(late.coordinator.get("/alertes").text)
    assert "la dernière déclenchée d’abord" in page
    assert "Déclenchée" in page
    assert "levée" not in page.lower()


def test_an_alert_that_closed_by_itself_is_shown_with_its_end_and_cannot_be_taken(late: Late) -> None:
    with late.conn() as conn:
        note_ends(conn, arrivals={late.visit: NOW})
        close_from_visits(conn, [late.visit], now=NOW)
    page = flat(late.coordinator.get("/alertes").text)
    assert "Aucune alerte ouverte" in page
    assert "Arrivé" in page
    fields = signed(late.coordinator, "/alertes")
    assert late.coordinator.post(f"/alertes/{late.alert}/prendre", data=fields).status_code == 422


@pytest.mark.parametrize(
    ("role", "alerts", "escalated", "rules"),
    [
        (Role.ADMINISTRATOR, 200, 200, 200),
        (Role.MANAGER, 200, 200, 403),
        (Role.COORDINATOR, 200, 403, 403),
        (Role.AUDITOR, 403, 403, 403),
        (Role.WORKER, 403, 403, 403),
        (None, 303, 303, 303),
    ],
)
def test_who_handles_alerts_and_who_sets_thresholds(
    late: Late, role: Role | None, alerts: int, escalated: int, rules: int
) -> None:
    browser = late.agency.browser(role)
    assert browser.get("/alertes").status_code == alerts
    assert browser.get("/alertes/escaladees").status_code == escalated
    assert browser.get("/alertes/seuils").status_code == rules


def test_an_auditor_cannot_take_an_alert(late: Late) -> None:
    auditor = late.agency.browser(Role.AUDITOR)
    fields = signed(auditor, "/planning")
    assert auditor.post(f"/alertes/{late.alert}/prendre", data=fields).status_code == 403
    assert late.owner() is None


def test_an_alert_of_another_area_is_neither_seen_nor_taken(late: Late) -> None:
    with late.conn() as conn:
        elsewhere = make_area(conn)
    stranger = late.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert "BELLANGER" not in stranger.get("/alertes").text
    fields = signed(stranger, "/alertes")
    assert stranger.post(f"/alertes/{late.alert}/prendre", data=fields).status_code == 404
    assert late.owner() is None


@feature("G3")
@pytest.mark.parametrize("scope", ["area", "service", "client", None])
def test_a_threshold_of_a_scope_moves_the_lateness_of_its_visits_and_taking_it_away_moves_it_back(
    late: Late, scope: str | None
) -> None:
    with late.conn() as conn:
        worker = make_worker(conn, late.agency.organisation, late.agency.area).id
        home, service = make_client(conn, late.agency.area, last_name="Delmas"), make_service(conn)
        visit = make_visit(conn, home, worker, starts_at=NOW + timedelta(hours=1), service=service)
        arm(conn, [visit], now=NOW)
    administrator = late.agency.browser(Role.ADMINISTRATOR)
    named = {"area": late.agency.area, "service": service, "client": "DELMAS Odile, La Chesnaye"}
    rule = {part: str(id_) if part == scope else "" for part, id_ in named.items()} | {"enabled": "y"}
    fields = signed(administrator, "/alertes/seuils", **rule, first_minutes="20", second_minutes="30")
    administrator.post("/alertes/seuils", data=fields)
    with late.conn() as conn:
        assert due_of(conn, visit) == NOW + timedelta(minutes=80)
        (set_rule,) = list_rules(conn)
    administrator.post(f"/alertes/seuils/{set_rule.id}/retirer", data=fields)
    with late.conn() as conn:
        assert due_of(conn, visit) == NOW + timedelta(minutes=68)
        assert list_rules(conn) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [("bellanger", "Plusieurs bénéficiaires commencent ainsi"), ("Zzz", "Aucun bénéficiaire de ce nom")],
)
def test_a_threshold_for_a_name_that_is_nobodys_or_of_several_is_refused(
    late: Late, typed: str, told: str
) -> None:
    with late.conn() as conn:
        other = make_client(conn, late.agency.area)
    administrator = late.agency.browser(Role.ADMINISTRATOR)
    rule = {"area": "", "service": "", "enabled": "y", "first_minutes": "5", "second_minutes": "9"}
    fields = signed(administrator, "/alertes/seuils", **rule, client=typed)
    page = administrator.post("/alertes/seuils", data=fields)
    assert (page.status_code, told in flat(page.text), typed in page.text) == (422, True, True)
    label = f"BELLANGER Odile, La Chesnaye ({other.client})"
    assert f'<option value="{label}">' in page.text
    administrator.post("/alertes/seuils", data=fields | {"client": label})
    with late.conn() as conn:
        assert conn.execute("SELECT client_id FROM alert_rules").fetchall() == [(other.client,)]


def test_an_alert_that_nobody_took_in_time_says_so_and_is_shown_to_the_managers(late: Late) -> None:
    manager = late.agency.browser(Role.MANAGER)
    assert "BELLANGER" not in manager.get("/alertes/escaladees").text
    assert "escaladée" not in manager.get("/tableau/liste").text.lower()
    with late.conn() as conn:
        raise_due(conn, late.agency.organisation, now=NOW + timedelta(minutes=10))
    assert "BELLANGER Odile" in manager.get("/alertes/escaladees").text
    assert "1 alerte escaladée : personne ne l’a prise." in flat(manager.get("/tableau/liste").text)
    for address in ("/alertes", "/tableau/liste", "/tableau/mur/contenu"):
        assert "Escaladée" in late.coordinator.get(address).text
    assert "personne ne l’a prise" not in late.coordinator.get("/tableau/liste").text


def test_an_escalated_alert_that_is_taken_keeps_its_word_but_calls_nobody_any_more(late: Late) -> None:
    with late.conn() as conn:
        raise_due(conn, late.agency.organisation, now=NOW + timedelta(minutes=10))
    manager = late.agency.browser(Role.MANAGER)
    fields = signed(manager, "/alertes/escaladees")
    manager.post(f"/alertes/{late.alert}/prendre", data=fields)
    board = flat(manager.get("/tableau/liste").text)
    assert "Escaladée" in board
    assert "Pris par MOREL Claire" in board
    assert "personne ne l’a prise" not in board


def test_the_delay_of_the_escalation_is_set_with_its_rule_and_leaves_a_trace(late: Late) -> None:
    administrator = late.agency.browser(Role.ADMINISTRATOR)
    rule = {"area": str(late.agency.area), "service": "", "client": "", "enabled": "y"}
    minutes = {"first_minutes": "8", "second_minutes": "13"}
    for typed, kept, shown in (("25", 25, "25 min"), ("", None, "jamais")):
        fields = signed(administrator, "/alertes/seuils", **rule, **minutes, escalation_minutes=typed)
        page = administrator.post("/alertes/seuils", data=fields, follow_redirects=True).text
        assert shown in flat(page)
        with late.conn() as conn:
            assert [one.escalation_minutes for one in list_rules(conn)] == [kept]
            trace = conn.execute(
                """SELECT actor LIKE 'user:%%', after -> 'area', after -> 'escalation' FROM audit_events
                   WHERE action = 'alerts.set_rule' ORDER BY id DESC LIMIT 1"""
            ).fetchone()
            assert trace == (True, late.agency.area, kept)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [("10", "5", "ne peut pas précéder"), ("-1", "5", "de 0 à 240"), ("", "5", "Saisissez un nombre")],
)
def test_thresholds_that_make_no_sense_are_refused(late: Late, first: str, second: str, told: str) -> None:
    administrator = late.agency.browser(Role.ADMINISTRATOR)
    rule = {"area": "", "service": "", "client": "", "first_minutes": first, "second_minutes": second}
    answer = administrator.post("/alertes/seuils", data=signed(administrator, "/alertes/seuils", **rule))
    assert (answer.status_code, told in flat(answer.text)) == (422, True)
