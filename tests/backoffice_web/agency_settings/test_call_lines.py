"""The numbers that workers call, as an administrator keeps them."""

from homecare.access.line_checks import Outcome, claim_check, end_check, list_line_states
from homecare.access.model import Role
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import make_client

PAGE = "/reglages/numeros"


def number(agency: Agency, rank: int) -> str:
    """Numbers are one agency's each: other tests have theirs."""
    return f"0805{agency.organisation:05d}{rank}"


def kept(agency: Agency, rank: int) -> str:
    return f"+33{number(agency, rank).removeprefix('0')}"


def add(
    agency: Agency, number: str, label: str = "Secours", trunk: str = "operator", rings_only: str = ""
) -> tuple[int, str]:
    browser = agency.browser(Role.ADMINISTRATOR)
    form = signed(browser, PAGE, number=number, label=label, trunk=trunk, rings_only=rings_only)
    answer = browser.post(PAGE, data=form)
    return answer.status_code, answer.text


def numbers(agency: Agency) -> list[tuple[str, str]]:
    with agency.database.connect(agency.organisation) as conn:
        return [(state.number, state.trunk.value) for state in list_line_states(conn)]


def test_a_number_is_registered_with_its_operator_and_refused_the_second_time(agency: Agency) -> None:
    assert add(agency, number(agency, 1))[0] == 303
    assert add(agency, number(agency, 2), trunk="operator-2")[0] == 303
    assert numbers(agency) == [(kept(agency, 1), "operator"), (kept(agency, 2), "operator-2")]
    status, page = add(agency, number(agency, 1))
    assert status == 422
    assert "Ce numéro de télépointage est déjà utilisé." in page


def test_what_is_no_number_no_operator_or_a_home_s_line_is_refused_in_words(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
    assert add(agency, "abc")[0] == 422
    assert add(agency, number(agency, 1), label=" ")[0] == 422
    assert add(agency, number(agency, 1), trunk="../../etc")[0] == 422
    status, page = add(agency, home.line)
    assert status == 422
    assert "celui d’un domicile" in page
    assert numbers(agency) == []


def test_the_last_number_stays_and_another_is_retired_with_its_checks(agency: Agency) -> None:
    add(agency, number(agency, 1))
    add(agency, number(agency, 2), trunk="operator-2")
    browser = agency.browser(Role.ADMINISTRATOR)
    form = signed(browser, PAGE)
    with agency.database.connect(agency.organisation) as conn:
        first, second = (state.id for state in list_line_states(conn))
    assert browser.post(f"{PAGE}/{second}/essai", data=form).status_code == 303
    assert "essai en cours" in browser.get(PAGE).text
    with agency.database.connect(agency.organisation) as conn:
        claimed = claim_check(conn, now=NOW)
        assert claimed is not None
        end_check(conn, agency.organisation, claimed.id, Outcome.SILENT, now=NOW)
    assert "décroche sans voix" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/{second}/retirer", data=form).status_code == 303
    refused = browser.post(f"{PAGE}/{first}/retirer", data=form)
    assert refused.status_code == 422
    assert "votre dernier numéro" in refused.text
    assert numbers(agency) == [(kept(agency, 1), "operator")]


def test_only_who_may_change_settings_sees_the_numbers(agency: Agency) -> None:
    assert agency.browser(Role.COORDINATOR).get(PAGE).status_code == 403


def test_a_number_that_only_rings_is_shown_as_such_and_is_not_the_only_one(agency: Agency) -> None:
    status, page = add(agency, number(agency, 1), rings_only="1")
    assert status == 422
    assert "d’abord un numéro qui répond" in page
    add(agency, number(agency, 1))
    assert add(agency, number(agency, 2), label="Sans touches", rings_only="1")[0] == 303
    browser = agency.browser(Role.ADMINISTRATOR)
    assert "il sonne, l" in browser.get(PAGE).text
    with agency.database.connect(agency.organisation) as conn:
        answering, ringing = sorted(list_line_states(conn), key=lambda state: state.rings_only)
    form = signed(browser, PAGE)
    assert browser.post(f"{PAGE}/{answering.id}/retirer", data=form).status_code == 422
    assert browser.post(f"{PAGE}/{ringing.id}/retirer", data=form).status_code == 303
    assert numbers(agency) == [(kept(agency, 1), "operator")]


def test_the_check_of_a_number_that_only_rings_is_well_when_its_call_was_seen(agency: Agency) -> None:
    add(agency, number(agency, 1))
    add(agency, number(agency, 2), rings_only="1")
    browser = agency.browser(Role.ADMINISTRATOR)
    with agency.database.connect(agency.organisation) as conn:
        ringing = next(state for state in list_line_states(conn) if state.rings_only).id
    for outcome, word, status in (
        (Outcome.SEEN, "sonne sans répondre, l", "ok"),
        (Outcome.HEARD, "répond, une voix est entendue", "late"),
    ):
        browser.post(f"{PAGE}/{ringing}/essai", data=signed(browser, PAGE))
        with agency.database.connect(agency.organisation) as conn:
            claimed = claim_check(conn, now=NOW)
            assert claimed is not None
            end_check(conn, agency.organisation, ringing, outcome, now=NOW)
        page = browser.get(PAGE).text
        assert word in page
        assert f'data-status="{status}"' in page
