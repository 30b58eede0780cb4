"""One visit fetched alone is what the whole board shows of it."""

import pytest

from backoffice_web.board.day import Filters, read_block, read_day
from backoffice_web.board.lanes import Block
from homecare.alerts.operations import arm, raise_due, take_in_charge
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import AreaId, UserId, VisitId, WorkerId
from tests.backoffice_web.agency import NOW, Agency, later
from tests.builders import make_area, make_client, make_user, make_visit, make_worker


class Day:
    """Visits of every kind in two areas: done, running, foreseen, late, missed, taken, open, off, hidden."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        with self.conn() as conn:
            self.me = make_user(conn)
            self.elsewhere = make_area(conn)
            for area in (agency.area, self.elsewhere):
                self._fill(conn, area)

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    def _fill(self, conn: db.Conn, area: AreaId) -> None:
        worker = make_worker(conn, self.agency.organisation, area).id
        other = make_worker(conn, self.agency.organisation, area, last_name="Benali").id
        home = make_client(conn, area)

        def plan(who: WorkerId | None, minutes: int, *, published: bool = True) -> VisitId:
            return make_visit(conn, home, who, starts_at=later(minutes), published=published)

        done, running = plan(worker, -200), plan(worker, -100)
        conn.execute("UPDATE visits SET arrived_at = starts_at WHERE id = ANY (%s)", ([done, running],))
        conn.execute("UPDATE visits SET left_at = ends_at WHERE id = %s", (done,))
        late = [plan(other, -150), plan(other, -40), plan(other, -20)]
        for who, minutes in ((worker, -10), (worker, 90), (None, 40), (None, -24 * 60)):
            plan(who, minutes)
        plan(other, 120, published=False)
        conn.execute("UPDATE visits SET cancelled_at = %s WHERE id = %s", (NOW, plan(other, 200)))
        plan(None, -300)  # 03:47: the timeline begins earlier
        arm(conn, late, now=later(-200))
        for alert in raise_due(conn, self.agency.organisation, now=NOW)[:1]:
            take_in_charge(conn, ByUser(self.me), alert, now=NOW)

    def whole(self, filters: Filters, me: UserId) -> dict[VisitId, Block]:
        with self.conn() as conn:
            lanes = read_day(conn, filters, me=me, now=NOW).timeline.lanes
        return {block.row.visit.visit_id: block for lane in lanes for block in lane.blocks}


@pytest.mark.parametrize("view", ["tout", "retards", "miennes"])
@pytest.mark.parametrize("narrowed", [False, True])
def test_a_visit_alone_is_drawn_as_on_the_whole_board(agency: Agency, view: str, *, narrowed: bool) -> None:
    day = Day(agency)
    filters = Filters(agency.area if narrowed else None, view)
    whole = day.whole(filters, day.me)
    assert whole
    with day.conn() as conn:
        for (visit,) in conn.execute("SELECT id FROM visits").fetchall():
            assert read_block(conn, filters, visit, me=day.me, now=NOW) == whole.get(visit)


def test_every_status_was_compared(agency: Agency) -> None:
    day = Day(agency)
    blocks = day.whole(Filters(), day.me).values()
    assert {str(block.row.status) for block in blocks} == {
        "done", "run", "watch", "late", "miss", "due", "open", "off",
    }  # fmt: skip
    assert min(block.planned_from for block in blocks) < 1


def test_a_visit_that_does_not_exist_has_no_block(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn:
        assert read_block(conn, Filters(), VisitId(0), me=make_user(conn), now=NOW) is None
