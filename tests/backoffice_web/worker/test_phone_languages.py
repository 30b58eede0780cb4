"""A worker's day in Arabic and in easy French, on a real browser 360 px wide."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Playwright, expect

from backoffice_web.i18n import typeset
from backoffice_web.languages import TONGUES, Tongue, catalogue_of
from homecare.workers.model import Language
from tests.backoffice_web.worker.front import phone, press, sign_in, stored_punches, worker_of
from tests.features import feature
from tests.realtime.agency import Agency

KEPT = "%(num)s pointage gardé ici", "%(num)s pointages gardés ici"


@feature("N20")
@pytest.mark.parametrize("language", [Language.ARABIC, Language.EASY_FRENCH])
def test_a_worker_chooses_their_language_and_punches_in_it_with_and_without_network(
    playwright: Playwright, running_agency: Agency, storage: Path, language: Language
) -> None:
    visit = running_agency.plan_visit(minutes_from_now=3)
    tongue = TONGUES[language]

    def say(text: str) -> str:
        told = catalogue_of(tongue).gettext(text)
        return typeset(told) if tongue.is_french else told

    with phone(playwright, running_agency, storage) as worker:
        page = sign_in(worker, worker_of(running_agency))
        page.locator("[popovertarget=account]").click()
        with page.expect_navigation():
            page.get_by_role("button", name=tongue.name, exact=True).click()
        expect(page.locator("#freshness")).to_have_text(say("À jour"))
        _is_whole(page, tongue)
        page.locator("[popovertarget=account]").click()
        expect(page.get_by_role("button", name=tongue.name, exact=True)).to_have_attribute(
            "aria-current", "true"
        )
        _is_whole(page, tongue)
        page.keyboard.press("Escape")
        press(page, say("Arrivée"))
        expect(page.locator("#answer h2")).to_have_text(say("Arrivée enregistrée"))
        expect(page.locator(".answer-proof")).to_have_text(say("déclaré, niveau D"))
        _is_whole(page, tongue)
        page.keyboard.press("Escape")
        assert [edge for _, edge, _ in stored_punches(running_agency, visit)] == ["arrival"]
        worker.set_offline(True)
        press(page, say("Départ"))
        expect(page.locator("#answer h2")).to_have_text(say("Départ gardé ici"))
        page.keyboard.press("Escape")
        kept = catalogue_of(tongue).ngettext(*KEPT, 1) % {"num": 1}
        expect(page.locator("#network")).to_contain_text(typeset(kept) if tongue.is_french else kept)
        _is_whole(page, tongue)


def _is_whole(page: Page, tongue: Tongue) -> None:
    """The page has its language and direction, fits the screen, and a screen reader finds no fault."""
    root = page.locator("html")
    expect(root).to_have_attribute("lang", tongue.tag)
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == (
        "rtl" if tongue.is_rtl else "ltr"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
