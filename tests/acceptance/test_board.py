"""Fifty open boards, one of them in a real browser: each shows every punch and loses none when cut off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel.ids import PunchId, VisitId
from tests.acceptance.street import Stop, Street, open_street
from tests.acceptance.watcher import Rows, Watcher
from tests.backoffice_web.browsing import signed_in
from tests.builders import make_user
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

WITHOUT_SCREEN = 49
CHANNELS = {"app", "box", "nfc", "phone", "qr"}
_SHOWN = """() => ({
  list: Object.fromEntries(
    [...document.querySelectorAll("#list .visit-row")].map((row) => [row.dataset.visit, row.dataset.status])),
  timeline: Object.fromEntries([...document.querySelectorAll("#timeline .visit")].map(
    (visit) => [visit.dataset.visit, visit.querySelector(".block").dataset.status])),
  counters: [...document.querySelectorAll("#counters .amount")].map((amount) => amount.textContent),
})"""


@dataclass(frozen=True, slots=True)
class Boards:
    """The fifty boards of an agency."""

    agency: Agency
    street: Street
    watchers: Sequence[Watcher]
    page: Page

    def fresh(self) -> Rows:
        """Return what a board shows that is opened now."""
        return self.watchers[0].fetch()

    def wait_until_all_show(self, rows: Rows) -> None:
        """Wait until every board without a screen shows these rows."""
        wait_until(lambda: all(watcher.rows == rows for watcher in self.watchers))

    def wait_until_stored(self, count: int) -> None:
        """Wait until so many punches are stored, each matched to its visit."""
        wait_until(lambda: len(self.agency.punches()) == count)
        assert {doubt for _, _, doubt in self.agency.punches()} == {None}

    def is_same_as_reopened(self) -> bool:
        """Tell whether the open page shows what a page shows that is opened now."""
        browser = self.page.context.browser
        assert browser is not None
        with browser.new_context(storage_state=self.page.context.storage_state()) as context:
            other = context.new_page()
            other.goto(self.page.url)
            return bool(self.page.evaluate(_SHOWN) == other.evaluate(_SHOWN))


@pytest.fixture
def boards(running_agency: Agency, playwright: Playwright, tmp_path: Path) -> Iterator[Boards]:
    with ExitStack() as stack:
        street = stack.enter_context(open_street(running_agency, tmp_path))
        # A first punch, without which an agency still sees the steps of its first day.
        assert street.check_in(street.plan(), "home", "arrival") == 0
        now = running_agency.now()
        with running_agency.connect() as conn:
            user = make_user(conn, role=Role.COORDINATOR)
            sessions = [open_session(conn, user, now=now) for _ in range(WITHOUT_SCREEN)]
        watchers = [Watcher(running_agency.settings.front_url, session) for session in sessions]
        for watcher in watchers:
            stack.callback(watcher.stop)
        for watcher in watchers:
            watcher.start()
            stack.callback(watcher.leave)  # all of them leave, then each is waited for
        page = stack.enter_context(signed_in(playwright, running_agency, Role.COORDINATOR))
        page.goto("/tableau")
        expect(page.locator("#live strong")).to_have_text("En direct")
        wait_until(lambda: all(watcher.is_open for watcher in watchers))
        yield Boards(running_agency, street, watchers, page)


def punches_of(agency: Agency) -> list[tuple[PunchId, VisitId]]:
    with agency.connect() as conn:
        return conn.execute("SELECT punch_id, visit_id FROM punch_matches ORDER BY punch_id").fetchall()


@feature("G1")
def test_a_punch_of_every_channel_is_told_to_every_board_and_shown_in_the_row_of_its_visit(
    boards: Boards,
) -> None:
    """How soon, with fifty boards during a peak of punches, `make bench` measures: it prints p50 and p95."""
    street = boards.street
    before = punches_of(boards.agency)
    stops = [street.plan_at_box(), street.plan_at_reader(), *(street.plan() for _ in range(4))]
    at_box, at_reader, calling, touching, scanning, pressing = stops
    gestures: dict[VisitId, Callable[[], object]] = {
        at_box.visit: lambda: street.lay_on_box(at_box, "arrival"),
        at_reader.visit: lambda: street.lay_on_reader(at_reader),
        calling.visit: lambda: street.call(calling),
        touching.visit: lambda: street.check_in(touching, "tag", "arrival"),
        scanning.visit: lambda: street.check_in(scanning, "qr", "arrival"),
        pressing.visit: lambda: street.check_in(pressing, "home", "arrival"),
    }
    for visit, punch in gestures.items():
        punch()
        expect(boards.page.locator(f"#row-{visit}")).to_have_attribute("data-status", "run")
        expect(boards.page.locator(f"#block-{visit} .block")).to_have_attribute("data-status", "run")
    assert {channel for channel, _, _ in boards.agency.punches()} == CHANNELS
    new = [row for row in punches_of(boards.agency) if row not in before]
    assert {visit for _, visit in new} == gestures.keys()
    told = {("punch", punch) for punch, _ in new} | {("visit", visit) for _, visit in new}
    wait_until(lambda: all(told <= watcher.heard for watcher in boards.watchers))
    assert {watcher.streams for watcher in boards.watchers} == {1}
    boards.wait_until_all_show(boards.fresh())


@feature("G1")
def test_boards_that_were_cut_off_show_what_was_punched_meanwhile_as_if_they_had_just_been_opened(
    boards: Boards,
) -> None:
    """First the front goes away, during which calls and devices are stored; then the core is killed."""
    street, core = boards.street, boards.agency.core
    working = [street.plan() for _ in range(2)]
    for stop in working:
        assert street.check_in(stop, "qr", "arrival") == 0
    unheard = [street.plan_at_box(), street.plan_at_reader(), street.plan()]
    wait_until(lambda: _status(boards, working[-1]) == {"run"})

    core.command("stop nginx")
    try:
        street.lay_on_box(unheard[0], "arrival")
        street.lay_on_reader(unheard[1])
        street.call(unheard[2])
        assert street.check_in(working[0], "qr", "departure") == 1  # it waits in the telephone
        boards.wait_until_stored(1 + len(working) + len(unheard))
        expect(boards.page.locator("#stale")).to_be_visible()
        assert not any(
            ("visit", stop.visit) in watcher.heard for stop in unheard for watcher in boards.watchers
        )
    finally:
        core.command("start nginx")
    wait_until(lambda: working[0].phone.sync() == 0)
    show_the_same(boards, {**dict.fromkeys(unheard, "run"), working[0]: "done"}, streams=2)

    later = [street.plan_at_box(), street.plan_at_reader()]
    core.command("kill realtime")
    core.command("stop realtime")
    try:
        street.lay_on_box(later[0], "arrival")
        street.lay_on_reader(later[1])
        assert street.check_in(working[1], "qr", "departure") == 1
    finally:
        core.command("start realtime")
    wait_until(lambda: working[1].phone.sync() == 0)
    boards.wait_until_stored(1 + len(working) + len(unheard) + 1 + len(later) + 1)
    show_the_same(boards, {**dict.fromkeys(later, "run"), working[1]: "done"}, streams=3)


def show_the_same(boards: Boards, statuses: dict[Stop, str], *, streams: int) -> None:
    """Fail unless every board, once its stream is open again, shows these and all else a fresh one shows."""
    for stop, status in statuses.items():
        expect(boards.page.locator(f"#row-{stop.visit}")).to_have_attribute("data-status", status)
    wait_until(lambda: all(watcher.streams >= streams for watcher in boards.watchers))
    fresh = boards.fresh()
    assert {stop: fresh[stop.visit] for stop in statuses} == statuses
    boards.wait_until_all_show(fresh)
    expect(boards.page.locator("#stale")).to_be_hidden()
    wait_until(boards.is_same_as_reopened)


def _status(boards: Boards, stop: Stop) -> set[str | None]:
    return {watcher.rows.get(stop.visit) for watcher in boards.watchers}
