"""Silent lines and tags: told once when so many planned visits went by without them, and anew later."""

from datetime import timedelta

import pytest

from homecare.clients.tags import retire_tag
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Channel, Claim, Line, SignedInWorker, Tag, Where
from homecare.punches.operations import close_call_task, record
from homecare.punches.queries import list_call_tasks
from homecare.punches.silence import change_silence_setting, find_silence_setting, watch_silence
from tests.builders import (
    ACTOR,
    MORNING,
    MadeHome,
    MadeWorker,
    actor_of,
    make_area,
    make_client,
    make_service,
    make_user,
    make_visit,
    make_worker,
)
from tests.features import feature

DAY = timedelta(days=1)


class Weeks:
    """A home with a visit each day, watched since the morning before the first."""

    def __init__(self, conn: db.Conn, organisation: OrganisationId) -> None:
        self.conn = conn
        self.organisation = organisation
        self.home: MadeHome = make_client(conn, make_area(conn))
        self.worker: MadeWorker = make_worker(conn, organisation, make_area(conn))
        self._service = make_service(conn)
        change_silence_setting(conn, ACTOR, 3, now=MORNING)
        watch_silence(conn, organisation, now=MORNING - DAY / 2)
        conn.execute("UPDATE home_tags SET enrolled_at = %s", (MORNING - DAY / 2,))

    def visit(self, day: int, *, published: bool = True) -> int:
        starts = MORNING + day * DAY
        return make_visit(
            self.conn, self.home, self.worker.id, starts_at=starts, service=self._service, published=published
        )

    def punch(self, day: int, where: Where) -> None:
        at = MORNING + day * DAY + timedelta(minutes=1)
        channel = Channel.PHONE if isinstance(where, Line) else Channel.NFC
        claim = Claim(self.organisation, channel, f"d{day}", at, where, SignedInWorker(self.worker.id))
        record(self.conn, [claim], core_instance="core-t", now=at)

    def night(self, day: int) -> list[tuple[str, str | None]]:
        """Watch in the night after that day; return what is open, the oldest first."""
        now = MORNING + day * DAY + timedelta(hours=18)
        watch_silence(self.conn, self.organisation, now=now)
        return [(task.kind, task.subject) for task in list_call_tasks(self.conn)]


@pytest.fixture
def weeks(conn: db.Conn, organisation: OrganisationId) -> Weeks:
    return Weeks(conn, organisation)


@feature("N35")
def test_a_line_or_tag_unused_for_so_many_planned_visits_raises_a_task_once(weeks: Weeks) -> None:
    for day in range(3):
        assert weeks.night(day) == []
        weeks.visit(day)
    both = [("silent_line", weeks.home.line), ("silent_tag", weeks.home.tag)]
    assert weeks.night(2) == both
    weeks.visit(3)
    assert weeks.night(3) == both
    assert list_call_tasks(weeks.conn)[0].client == "BELLANGER Odile"


def test_what_serves_is_not_silent(weeks: Weeks) -> None:
    for day in range(8):
        weeks.visit(day)
        weeks.punch(day, Line(weeks.home.line) if day % 2 else Tag(weeks.home.tag))
    assert weeks.night(7) == []


def test_a_silence_begins_anew_after_each_use_and_is_told_anew(weeks: Weeks) -> None:
    retire_tag(weeks.conn, weeks.home.home, weeks.home.tag, now=MORNING)
    for day in range(3):
        weeks.visit(day)
    assert len(weeks.night(2)) == 1
    user = actor_of(make_user(weeks.conn))
    close_call_task(weeks.conn, user, list_call_tasks(weeks.conn)[0].id, now=MORNING)
    assert weeks.night(3) == []
    weeks.visit(4)
    weeks.punch(4, Line(weeks.home.line))
    for day in (5, 6, 7):
        assert weeks.night(day) == []
        weeks.visit(day)
    assert weeks.night(7) == [("silent_line", weeks.home.line)]


def test_visits_that_were_cancelled_or_never_published_do_not_count(weeks: Weeks) -> None:
    for day in range(5):
        visit = weeks.visit(day, published=day > 2)
        if day == 4:
            weeks.conn.execute("UPDATE visits SET cancelled_at = %s WHERE id = %s", (MORNING, visit))
    assert weeks.night(5) == []


def test_a_line_that_was_just_added_is_not_silent_for_what_was_before(weeks: Weeks) -> None:
    for day in range(9):
        weeks.visit(day)
    weeks.conn.execute(
        "INSERT INTO home_lines (home_id, number) VALUES (%s, '+33555777777')", (weeks.home.home,)
    )
    assert "+33555777777" not in [subject for _, subject in weeks.night(9)]


def test_an_agency_that_does_not_want_to_know_is_told_nothing(weeks: Weeks) -> None:
    change_silence_setting(weeks.conn, ACTOR, 0, now=MORNING)
    for day in range(9):
        weeks.visit(day)
    assert weeks.night(9) == []


@pytest.mark.parametrize("visits", [-1, 1, 2, 201])
def test_a_threshold_that_makes_no_sense_is_refused(
    conn: db.Conn, organisation: OrganisationId, visits: int
) -> None:
    del organisation
    with pytest.raises(InvalidError, match="de 3 à 200"):
        change_silence_setting(conn, ACTOR, visits, now=MORNING)
    assert find_silence_setting(conn) == 10
