"""Tasks at departure in the back office: how they are taken, their codes, the answers under a departure."""

import pytest

from homecare.access.model import Role
from homecare.punches.model import Channel, Claim, Edge, Home, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.task_answers import Answered, store_task_answers
from homecare.punches.task_codes import add_task_code, find_task_mode, list_task_codes
from homecare.punches.tasks import TaskMode
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.builders import ACTOR, make_client, make_visit, make_worker

PAGE = "/reglages/taches"


def codes(agency: Agency) -> list[tuple[str, str]]:
    with agency.database.connect(agency.organisation) as conn:
        return [(one.code, one.label) for one in list_task_codes(conn)]


def make_code(agency: Agency) -> int:
    with agency.database.connect(agency.organisation) as conn:
        return add_task_code(conn, ACTOR, "12", "Toilette", now=NOW)


def test_an_administrator_chooses_how_tasks_are_taken(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    assert PAGE in browser.get("/reglages").text
    assert "Ajoutez les codes" not in browser.get(PAGE).text
    page = browser.post(PAGE, data=signed(browser, PAGE, mode="keyed"), follow_redirects=True).text
    assert "Ajoutez les codes" in page
    with agency.database.connect(agency.organisation) as conn:
        assert find_task_mode(conn) is TaskMode.KEYED
    assert browser.post(PAGE, data=signed(browser, PAGE, mode="sung")).status_code == 422


def test_codes_are_added_changed_and_retired(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    browser.post(f"{PAGE}/codes", data=signed(browser, PAGE, code="12", label="Toilette"))
    assert codes(agency) == [("12", "Toilette")]
    with agency.database.connect(agency.organisation) as conn:
        (one,) = list_task_codes(conn)
    address = f"{PAGE}/codes/{one.id}"
    assert 'value="Toilette"' in browser.get(address).text
    browser.post(address, data=signed(browser, address, code="034", label="Toilette au lit"))
    assert codes(agency) == [("034", "Toilette au lit")]
    browser.post(f"{address}/retirer", data=signed(browser, address))
    assert codes(agency) == []
    assert browser.get(address).status_code == 303
    assert browser.post(f"{address}/retirer", data=signed(browser, PAGE)).status_code == 404


@pytest.mark.parametrize(
    ("code", "label", "word"),
    [
        ("1", "Repas", "deux ou trois chiffres"),
        ("000", "Repas", "un autre chiffre"),
        ("12", "Repas", "autre tâche"),
        ("34", "Toilette", "déjà un code"),
        ("34", "", "quelle tâche"),
    ],
)
def test_what_cannot_be_a_code_is_said_where_it_was_typed(
    agency: Agency, code: str, label: str, word: str
) -> None:
    make_code(agency)
    browser = agency.browser(Role.ADMINISTRATOR)
    answer = browser.post(f"{PAGE}/codes", data=signed(browser, PAGE, code=code, label=label))
    assert answer.status_code == 422
    assert word in answer.text
    assert f'value="{label}"' in answer.text
    assert codes(agency) == [("12", "Toilette")]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WORKER, None])
def test_nobody_else_sees_or_changes_the_codes(agency: Agency, role: Role | None) -> None:
    made = make_code(agency)
    browser = agency.browser(role)
    for address in (PAGE, f"{PAGE}/codes/{made}"):
        assert browser.get(address).status_code in (302, 303, 401, 403)
    assert codes(agency) == [("12", "Toilette")]


def test_the_answers_are_read_under_the_departure(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
        worker = make_worker(conn, agency.organisation, agency.area)
        visit = make_visit(conn, home, worker.id, starts_at=later(-60))
        for minutes, edge in ((-60, Edge.ARRIVAL), (-1, Edge.DEPARTURE)):
            claim = Claim(
                agency.organisation,
                Channel.APP,
                edge.value,
                later(minutes),
                Home(home.home),
                SignedInWorker(worker.id),
                edge,
            )
            record(conn, [claim], core_instance="core-t", now=NOW)
        answers = [Answered("Toilette", "done", "12"), Answered("Repas <b>", "refused", "34")]
        store_task_answers(conn, visit, answers, now=NOW)
    page = agency.browser(Role.ADMINISTRATOR).get("/pointages?vue=tous").text
    assert page.count('class="task-answers"') == 1
    assert "Toilette" in page
    assert "Repas &lt;b&gt;" in page
    assert "refusé par le bénéficiaire" in page
