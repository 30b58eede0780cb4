"""A day of the database as a problem: what may move, what stays, what the workers do around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import AreaId, OrganisationId, VisitId, WorkerId
from homecare.visits.operations import note_ends
from optimizer.load import Loaded, load
from optimizer.problem import VisitJob, WorkerDay
from optimizer.travel import EstimatedTravel
from tests.builders import MORNING, MadeHome, make_area, make_client, make_visit, make_worker

HOUR = 3_600
EIGHT = 8 * HOUR
NIGHT_BEFORE = MORNING - timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Area:
    """An area with one worker and one client, both on the map."""

    conn: db.Conn
    organisation: OrganisationId
    id: AreaId
    worker: WorkerId
    home: MadeHome

    def visit(
        self, worker: WorkerId | None = None, *, hours: float = 0, home: MadeHome | None = None
    ) -> VisitId:
        return make_visit(self.conn, home or self.home, worker, starts_at=MORNING + timedelta(hours=hours))

    def let_start(self, visit: VisitId, *, minutes: int) -> None:
        """Let the visit start that much sooner or later."""
        self.conn.execute(
            """UPDATE visits SET earliest_at = starts_at - %(slack)s, latest_at = starts_at + %(slack)s
               WHERE id = %(visit)s""",
            {"slack": timedelta(minutes=minutes), "visit": visit},
        )

    def load(self, *, now: datetime = NIGHT_BEFORE) -> Loaded:
        return load(self.conn, self.id, paris_day(MORNING), travel=EstimatedTravel(), now=now)


def place(conn: db.Conn) -> None:
    """Put every home and worker on the map, some two hundred metres apart."""
    conn.execute("UPDATE workers SET lon = 2.55 + (id %% 50) * 0.002, lat = 46.62", ())
    conn.execute("UPDATE homes SET lon = 2.56 + (id %% 50) * 0.002, lat = 46.62", ())


@pytest.fixture
def area(conn: db.Conn, organisation: OrganisationId) -> Area:
    made = make_area(conn)
    worker = make_worker(conn, organisation, made).id
    home = make_client(conn, made)
    place(conn)
    return Area(conn, organisation, made, worker, home)


def job(loaded: Loaded, visit: VisitId) -> VisitJob:
    return next(one for one in loaded.problem.visits if one.id == visit)


def day_of(loaded: Loaded, worker: WorkerId) -> WorkerDay:
    return next(one for one in loaded.problem.workers if one.id == worker)


def test_a_visit_that_may_move_keeps_its_window_and_is_wished_in_the_middle(area: Area) -> None:
    visit = area.visit(area.worker)
    area.let_start(visit, minutes=30)
    found = job(area.load(), visit)
    assert (found.earliest, found.wished, found.latest) == (EIGHT - 1_800, EIGHT, EIGHT + 1_800)
    assert found.fixed_to is None


def test_nothing_is_planned_in_the_past(area: Area) -> None:
    visit = area.visit()
    area.let_start(visit, minutes=30)
    found = job(area.load(now=MORNING + timedelta(minutes=10, seconds=20)), visit)
    assert (found.earliest, found.latest) == (EIGHT + 11 * 60, EIGHT + 1_800)


def test_a_visit_that_somebody_has_and_whose_start_is_past_stays(area: Area) -> None:
    visit = area.visit(area.worker)
    found = job(area.load(now=MORNING + timedelta(minutes=5)), visit)
    assert (found.fixed_to, found.earliest) == (area.worker, EIGHT)


def test_a_visit_that_has_begun_stays_and_is_not_proposed(area: Area) -> None:
    visit = area.visit(area.worker)
    note_ends(area.conn, arrivals={visit: MORNING})
    loaded = area.load(now=MORNING + timedelta(minutes=5))
    assert job(loaded, visit).fixed_to == area.worker
    assert visit not in loaded.visits


def test_a_visit_that_nobody_has_and_whose_window_is_over_is_left_out(area: Area) -> None:
    visit = area.visit()
    loaded = area.load(now=MORNING + timedelta(hours=1))
    assert loaded.problem.visits == ()
    assert loaded.unplaced == (visit,)


def test_a_visit_of_another_area_keeps_its_worker_busy(area: Area) -> None:
    elsewhere = make_client(area.conn, make_area(area.conn))
    place(area.conn)
    visit = area.visit(area.worker, hours=2, home=elsewhere)
    loaded = area.load()
    assert job(loaded, visit).fixed_to == area.worker
    assert visit not in loaded.visits


def test_a_visit_pinned_to_its_worker_stays(area: Area) -> None:
    visit = area.visit(area.worker)
    area.let_start(visit, minutes=30)
    area.conn.execute("UPDATE visits SET pinned = true WHERE id = %s", (visit,))
    found = job(area.load(), visit)
    assert (found.fixed_to, found.earliest, found.latest) == (area.worker, EIGHT, EIGHT)


def test_a_visit_pinned_to_somebody_whom_the_day_does_not_plan_is_left_alone(area: Area) -> None:
    other = make_worker(area.conn, area.organisation, make_area(area.conn)).id
    visit = area.visit(other)
    area.conn.execute("UPDATE visits SET pinned = true WHERE id = %s", (visit,))
    assert area.load().unplaced == (visit,)


def test_a_home_off_the_map_is_left_out_and_its_worker_s_time_is_kept(area: Area) -> None:
    lost = make_client(area.conn, area.id)
    nobodys, somebodys = area.visit(home=lost), area.visit(area.worker, hours=2, home=lost)
    loaded = area.load()
    assert loaded.unplaced == (nobodys, somebodys)
    assert [(one.id, one.fixed_to) for one in loaded.problem.visits] == [(somebodys, area.worker)]


def test_the_days_around_bound_rest_and_weekly_hours_with_the_way_between_visits(area: Area) -> None:
    far = make_client(area.conn, area.id)
    area.conn.execute("UPDATE homes SET lon = 2.70, lat = 46.62 WHERE id = %s", (far.home,))
    area.visit(area.worker, hours=-24)
    area.visit(area.worker, hours=-20, home=far)
    area.visit(area.worker, hours=24)
    first, second, third = day_of(area.load(), area.worker).around
    assert (first.start, first.end) == (EIGHT - 24 * HOUR, EIGHT - 23 * HOUR)
    assert first.travel_after > 0
    assert first.travel_after % 60 == 0
    assert (second.travel_after, third.start) == (0, EIGHT + 24 * HOUR)


def test_the_standing_plan_is_what_the_workers_have(area: Area) -> None:
    mine, nobodys = area.visit(area.worker), area.visit(hours=2)
    loaded = area.load()
    assert [(stop.worker, stop.start, stop.visit) for stop in loaded.standing.stops] == [
        (area.worker, EIGHT, mine)
    ]
    assert set(loaded.visits) == {mine, nobodys}
