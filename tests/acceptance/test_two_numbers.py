"""Two free numbers, each carried by an operator: rung through the other one, on real Asterisk."""

from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Playwright, expect

from homecare.access.call_lines import Trunk, add_call_line
from homecare.access.line_checks import list_line_states
from homecare.access.model import Role
from simulators.operator.serving import operator
from tests.acceptance.phone import Phone
from tests.acceptance.test_telephone import trunk_port
from tests.backoffice_web.browsing import signed_in
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

FIRST_OPERATOR, SECOND_OPERATOR = "127.0.0.1", "127.0.0.2"


def second_number(agency: Agency) -> str:
    number = f"+33809{agency.organisation:06d}"
    with agency.connect() as conn:
        add_call_line(conn, number, label="Secours", trunk=Trunk.SECOND)
    return number


def outcomes(agency: Agency) -> dict[str, str | None]:
    with agency.connect() as conn:
        return {state.number: state.outcome for state in list_line_states(conn)}


@feature("P9")
def test_both_numbers_are_rung_through_the_other_operator_and_the_board_tells_which_one_is_dead(
    playwright: Playwright, running_agency: Agency, tmp_path: Path
) -> None:
    agency = running_agency
    agency.plan_visit()
    Phone(agency, tmp_path / "heard.wav").call(agency.home.line, (0.8, agency.worker.code))
    exchange, port = (agency.settings.sip_host, agency.settings.sip_port), trunk_port(agency)
    first, second = f"+33{agency.called.removeprefix('0')}", second_number(agency)

    def carry(host: str, *numbers: str) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(operator(host, port, exchange=exchange, numbers=frozenset(numbers)))
        return stack

    with signed_in(playwright, agency, Role.ADMINISTRATOR) as page:
        with carry(FIRST_OPERATOR, first, second), carry(SECOND_OPERATOR, first, second):
            page.goto("/reglages/numeros")
            for number in ("numéro 1", "numéro 2"):
                page.get_by_role("button", name=f"Essayer le {number}").click()
            wait_until(lambda: set(outcomes(agency).values()) == {"heard"}, seconds=60)
        page.reload()
        expect(page.get_by_text("répond, une voix est entendue")).to_have_count(2)
        page.goto("/tableau")
        expect(page.locator(".lines-well")).to_contain_text("2 numéros de télépointage répondent")
        # The first operator fails: calls through it end, and the number that it carries is not reached by it.
        with carry(SECOND_OPERATOR, first):
            page.goto("/reglages/numeros")
            for number in ("numéro 1", "numéro 2"):
                page.get_by_role("button", name=f"Essayer le {number}").click()
            wait_until(lambda: outcomes(agency) == {first: "heard", second: "unanswered"}, seconds=90)
        page.goto("/tableau")
        expect(page.locator("#board-lines")).to_contain_text("ne répond pas")
    with agency.connect() as conn:
        assert conn.execute("SELECT count(*) FROM punch_refusals").fetchone() == (0,)
