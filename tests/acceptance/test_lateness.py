"""Lateness from its threshold to its end: told twice, escalated, taken, closed by the arrival."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from homecare.access.model import Role
from homecare.alerts.model import AlertRow
from homecare.alerts.queries import list_alerts
from homecare.punches.model import Edge
from tests.acceptance.shown import Planned, ShownAgency, at
from tests.features import feature
from tests.supervised import wait_until

SECOND = timedelta(seconds=1)
type Told = tuple[int, bool, str | None]
PROMISED_SECONDS = 15
"""How long after its threshold an alert may be raised at the latest."""


@dataclass(frozen=True, slots=True)
class Late:
    """A visit at 08:00 whose worker does not come; an earlier one was done."""

    shown: ShownAgency
    planned: Planned

    def alerts(self) -> list[AlertRow]:
        with self.shown.agency.connect() as conn:
            return list_alerts(conn, since=at(0))

    def told(self) -> list[Told]:
        """Return (step, escalated, how it ended) of every alert."""
        return [(alert.step, alert.escalated_at is not None, alert.closing) for alert in self.alerts()]

    def was_told(self, told: Sequence[Told]) -> bool:
        return self.told() == list(told)


@pytest.fixture
def late(shown_agency: ShownAgency) -> Late:
    shown_agency.set_clock(at(6))
    worker = shown_agency.agency.worker
    before = shown_agency.plan(worker, at(6, 30), at(7), "Hamel")
    shown_agency.punch(before, Edge.ARRIVAL, at(6, 30))
    shown_agency.punch(before, Edge.DEPARTURE, at(7))
    return Late(shown_agency, shown_agency.plan(worker, at(8), at(9), "Guichard"))


@contextmanager
def boards(late: Late, playwright: Playwright) -> Iterator[tuple[Page, Page]]:
    """Open the boards of a coordinator and of a manager."""
    with ExitStack() as stack:
        pages = []
        for role, name in ((Role.COORDINATOR, "MOREL Claire"), (Role.MANAGER, "SIMONET Paul")):
            user = late.shown.make_user(role, name=name)
            page = stack.enter_context(late.shown.signed_in(playwright, user))
            page.goto("/tableau")
            expect(page.locator("#live strong")).to_have_text("En direct")
            pages.append(page)
        yield pages[0], pages[1]


def row(page: Page, late: Late) -> Locator:
    return page.locator(f"#row-{late.planned.visit}")


def set_thresholds(late: Late, playwright: Playwright, *, first: int, second: int, escalation: int) -> None:
    """As an administrator, at the screen, set the client's own rule."""
    administrator = late.shown.make_user(Role.ADMINISTRATOR, name="LEROUX Anne")
    with late.shown.signed_in(playwright, administrator) as page:
        page.goto("/alertes/seuils")
        page.get_by_label("Bénéficiaire").fill("GUICHARD Odile")
        page.get_by_label("1re alerte après").fill(str(first))
        page.get_by_label("2e alerte après").fill(str(second))
        page.get_by_label("Escalade après").fill(str(escalation))
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("row", name="GUICHARD Odile")).to_contain_text(f"{escalation} min")


@feature("G3")
def test_nobody_comes_the_boards_tell_it_twice_the_manager_is_called_somebody_takes_it_the_arrival_closes_it(
    late: Late, playwright: Playwright
) -> None:
    """Thresholds of 3 and 6 minutes, escalation after 4; the clock is set from step to step."""
    set_thresholds(late, playwright, first=3, second=6, escalation=4)
    with boards(late, playwright) as (coordinator, manager):
        called = manager.get_by_text("1 alerte escaladée : personne ne l’a prise.")

        late.shown.set_clock(at(8, 2))
        late.shown.set_clock(at(8, 3))
        expect(row(coordinator, late)).to_contain_text("En retard")
        expect(row(coordinator, late)).to_contain_text("1re alerte")
        expect(row(coordinator, late)).to_contain_text("Sans responsable")
        assert [(one.due_at, one.step) for one in late.alerts()] == [(at(8, 3), 1)]

        late.shown.set_clock(at(8, 6))
        expect(row(coordinator, late)).to_contain_text("2e alerte")
        expect(row(coordinator, late)).not_to_contain_text("Escaladée")
        expect(called).to_have_count(0)

        late.shown.set_clock(at(8, 8))
        expect(row(coordinator, late)).to_contain_text("Escaladée")
        expect(coordinator.locator("#spoken")).to_contain_text("GUICHARD Odile : alerte escaladée")
        expect(called).to_be_visible()
        expect(coordinator.get_by_text("personne ne l’a prise")).to_have_count(0)
        assert late.told() == [(2, True, None)]

        manager.get_by_role("link", name="Voir", exact=True).click()
        manager.get_by_role("button", name="Je m’en occupe : GUICHARD Odile").click()
        expect(row(coordinator, late)).to_contain_text("Pris par SIMONET Paul")
        manager.goto("/tableau")
        expect(row(manager, late)).to_contain_text("Escaladée")
        expect(called).to_have_count(0)

        late.shown.check_in(late.planned)
        expect(row(coordinator, late)).to_contain_text("En cours")
        expect(row(coordinator, late)).not_to_contain_text("Escaladée")
        assert late.told() == [(2, True, "arrived")]


@feature("G3")
def test_an_alert_is_raised_within_the_promised_time_after_its_threshold(late: Late) -> None:
    late.shown.set_clock(at(8, 8) - 2 * SECOND, speed=1)
    assert late.alerts() == []
    wait_until(late.alerts, seconds=2 + PROMISED_SECONDS)
    assert late.told() == [(1, False, None)]


@feature("G3")
def test_a_core_that_is_away_when_an_alert_and_its_escalation_are_due_tells_each_once_when_it_is_back(
    late: Late,
) -> None:
    for now, told in (
        (at(8, 9), [(1, False, None)]),
        (at(8, 14), [(2, False, None)]),
        (at(8, 25), [(2, True, None)]),
    ):
        assert went_on_without_core(late, now) != told
        wait_until(partial(late.was_told, told))
    late.shown.check_in(late.planned)
    assert went_on_without_core(late, at(8, 40)) == [(2, True, "arrived")]
    assert late.told() == [(2, True, "arrived")]


def went_on_without_core(late: Late, until: datetime) -> list[Told]:
    """Let the clock go on while the core is away, start it; return what was told until then."""
    core = late.shown.agency.core
    core.command("stop realtime")
    try:
        late.shown.set_clock(until)
        return late.told()
    finally:
        core.command("start realtime")
