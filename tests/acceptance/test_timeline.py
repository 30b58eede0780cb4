"""The board's timeline in a real browser: plan, real bars, now-line, statuses without their colours."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, Playwright, expect

from homecare.access.model import Role
from homecare.kernel import db
from homecare.kernel.clock import PARIS
from homecare.kernel.ids import VisitId
from homecare.punches.model import Edge
from tests.acceptance.shown import Planned, ShownAgency, at
from tests.features import feature
from tests.supervised import wait_until

NOW = at(8, 47)
MINUTE = timedelta(minutes=1)
WORDS = {
    "done": "Terminé",
    "run": "En cours",
    "watch": "À surveiller",
    "late": "En retard",
    "miss": "Non effectué",
    "due": "Attendu",
    "open": "À pourvoir",
    "off": "Annulé",
}


@dataclass(frozen=True, slots=True)
class Morning:
    """A visit of each status at 08:47, with the real arrival and departure of those that have them."""

    shown: ShownAgency
    visits: dict[str, Planned]


@pytest.fixture
def morning(shown_agency: ShownAgency) -> Morning:
    shown_agency.set_clock(at(6))
    plan = shown_agency.plan
    arnaud, kone, benali = (shown_agency.hire(name) for name in ("Arnaud", "Koné", "Benali"))
    visits = {
        "done": plan(arnaud, at(7), at(7, 45), "Hamel"),
        "run": plan(arnaud, at(8), at(8, 40), "Lacombe"),
        "watch": plan(arnaud, at(8, 45), at(9, 45), "Noël"),
        "miss": plan(kone, at(7, 30), at(8, 15), "Guichard"),
        "late": plan(benali, at(8, 30), at(9, 30), "Mallet"),
        "due": plan(benali, at(10), at(11), "Joubert"),
        "off": plan(kone, at(9), at(10), "Prévost"),
        "open": plan(None, at(9, 30), at(10, 30), "Clavel"),
    }
    with shown_agency.agency.connect() as conn:
        conn.execute("UPDATE visits SET cancelled_at = %s WHERE id = %s", (at(6), visits["off"].visit))
    shown_agency.punch(visits["done"], Edge.ARRIVAL, at(7, 4))
    shown_agency.punch(visits["done"], Edge.DEPARTURE, at(7, 52))
    shown_agency.punch(visits["run"], Edge.ARRIVAL, at(8, 3))
    shown_agency.set_clock(NOW)
    with shown_agency.agency.connect() as conn:
        wait_until(lambda: _raised(conn) == {visits["late"].visit, visits["miss"].visit})
    return Morning(shown_agency, visits)


def _raised(conn: db.Conn) -> set[VisitId]:
    return set(db.values(conn, VisitId, "SELECT visit_id FROM alerts WHERE closed_at IS NULL"))


@contextmanager
def open_board(morning: Morning, playwright: Playwright) -> Iterator[Page]:
    coordinator = morning.shown.make_user(Role.COORDINATOR, name="MOREL Claire")
    with morning.shown.signed_in(playwright, coordinator) as page:
        page.goto("/tableau")
        expect(page.locator("#live strong")).to_have_text("En direct")
        yield page


def box_of(drawn: Locator) -> FloatRect:
    box = drawn.bounding_box()
    assert box is not None
    return box


class Ruler:
    """Reads the hours off the screen, as the eye does: between two hours written above the lanes."""

    def __init__(self, page: Page) -> None:
        self._seven, self._eight = (
            box["x"] + box["width"] / 2
            for box in (box_of(page.locator(".hours span", has_text=hour)) for hour in ("07:00", "08:00"))
        )

    def at(self, x: float) -> datetime:
        """Return the instant above which a point stands, to the nearest minute."""
        return at(7) + round((x - self._seven) / (self._eight - self._seven) * 60) * MINUTE

    def spans(self, drawn: Locator) -> tuple[datetime, datetime]:
        """Return from when to when something is drawn."""
        box = box_of(drawn)
        return self.at(box["x"]), self.at(box["x"] + box["width"])


def block(page: Page, planned: Planned) -> Locator:
    return page.locator(f"#block-{planned.visit} .block")


def bar(page: Page, planned: Planned, kind: str) -> Locator:
    return page.locator(f"#block-{planned.visit} .real.{kind}")


@feature("P37")
def test_a_block_stands_at_its_planned_times_and_its_bar_on_the_same_row_at_the_punches(
    morning: Morning, playwright: Playwright
) -> None:
    bars = {
        ("done", "done"): (at(7, 4), at(7, 52)),
        ("run", "run"): (at(8, 3), at(8, 40)),
        ("run", "over"): (at(8, 40), NOW),
        ("late", "waited"): (at(8, 30), NOW),
        ("miss", "waited"): (at(7, 30), NOW),
        ("watch", "foreseen"): (at(8, 45), NOW),
    }
    with open_board(morning, playwright) as page:
        ruler = Ruler(page)
        for planned in morning.visits.values():
            assert ruler.spans(block(page, planned)) == (planned.starts, planned.ends)
        for (status, kind), spans in bars.items():
            drawn = bar(page, morning.visits[status], kind)
            assert ruler.spans(drawn) == spans, (status, kind)
            lane, real = box_of(drawn.locator("xpath=ancestor::*[contains(@class, 'lane')]")), box_of(drawn)
            assert lane["y"] < real["y"]
            assert real["y"] + real["height"] < lane["y"] + lane["height"]
        assert page.locator("#timeline .real").count() == len(bars)
        line = box_of(page.locator(".now-line"))
        assert ruler.at(line["x"] + line["width"] / 2) == NOW
        expect(page.locator(".now-tag")).to_have_text("08:47")


@feature("P37")
def test_the_now_line_goes_on_with_the_demonstrations_clock_and_takes_the_running_bar_along(
    morning: Morning, playwright: Playwright
) -> None:
    morning.shown.set_clock(NOW, speed=60)
    with open_board(morning, playwright) as page:

        def drawn() -> tuple[datetime, datetime, str]:
            """The line, the end of the running bar, the hour written on the line: at one same instant."""
            x, end, hour = page.evaluate(
                """(visit) => {
                     const edge = (name) => document.querySelector(name).getBoundingClientRect();
                     return [edge(".now-line").x, edge(`#block-${visit} .over`).right,
                             document.querySelector(".now-tag").textContent];
                   }""",
                morning.visits["run"].visit,
            )
            ruler = Ruler(page)
            return ruler.at(x), ruler.at(end), hour

        wait_until(lambda: drawn()[0] >= at(8, 57))
        line, end, hour = drawn()
        assert line - end in (timedelta(0), MINUTE, -MINUTE)
        assert abs(line - at(*map(int, hour.split(":")))) <= MINUTE
        wait_until(lambda: abs(drawn()[0] - morning.shown.now()) <= 2 * MINUTE)


@feature("P37")
def test_an_arrival_draws_its_bar_on_the_open_board(morning: Morning, playwright: Playwright) -> None:
    late = morning.visits["late"]
    with open_board(morning, playwright) as page:
        expect(block(page, late)).to_contain_text("En retard")
        morning.shown.punch(late, Edge.ARRIVAL, at(8, 40))
        expect(block(page, late)).to_contain_text("En cours")
        assert Ruler(page).spans(bar(page, late, "run")) == (at(8, 40), NOW)
        expect(bar(page, late, "waited")).to_have_count(0)


@feature("P37")
def test_every_status_has_its_own_word_on_the_timeline_and_in_the_list(
    morning: Morning, playwright: Playwright
) -> None:
    with open_board(morning, playwright) as page:
        page.locator('#list [data-status="done"] summary').click()
        spoken = page.locator("#timeline").aria_snapshot()
        for status, planned in morning.visits.items():
            times = " – ".join(f"{when.astimezone(PARIS):%H:%M}" for when in (planned.starts, planned.ends))
            assert f"{times}, {WORDS[status]}" in spoken.replace("\xa0", " ")
            row = page.locator(f"#row-{planned.visit}")
            if row.count():
                expect(row).to_contain_text(WORDS[status])
                expect(row.locator(f'use[href$="#{status}"]').first).to_be_visible()


@feature("P37")
@pytest.mark.parametrize("forced", ["none", "active"])
def test_statuses_are_told_apart_by_their_shapes_alone(
    morning: Morning, playwright: Playwright, forced: Literal["none", "active"]
) -> None:
    """Ink is whatever differs from the ground, whatever its colour: two statuses never leave the same ink."""
    with open_board(morning, playwright) as page:
        page.emulate_media(forced_colors=forced)
        page.locator(".now-line").evaluate("line => { line.hidden = true; }")
        for name in page.locator(".block .name").all():
            name.evaluate("name => { name.textContent = ''; }")
        inks = {status: ink(page, block(page, planned)) for status, planned in morning.visits.items()}
        for (one, here), (other, there) in itertools.combinations(inks.items(), 2):
            assert sum(a != b for a, b in zip(here, there, strict=True)) > 40, (one, other)
        signs = {
            status: block(page, planned).locator("use").evaluate_all("all => all.map(u => u.href.baseVal)")
            for status, planned in morning.visits.items()
        }
    assert signs.pop("due") == []
    assert all(re.fullmatch(rf".*#{status}", sign) for status, (sign,) in signs.items())


def ink(page: Page, drawn: Locator) -> list[bool]:
    """Return which pixels of the first forty minutes of a block's lane are drawn upon."""
    box = box_of(drawn)
    clip = FloatRect(x=round(box["x"]) - 2, y=round(box["y"]) - 2, width=70, height=34)
    grey = Image.open(BytesIO(page.screenshot(clip=clip))).convert("L")
    levels = list(grey.tobytes())
    ground = max(set(levels), key=levels.count)
    return [abs(level - ground) > 40 for level in levels]
