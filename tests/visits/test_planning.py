"""Counting the visits of many days."""

from datetime import UTC, date, datetime, timedelta

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.visits.planning import DayCount, count_by_day, list_planned
from tests.builders import MORNING, make_area, make_client, make_visit, make_worker

DAY = date(2026, 11, 24)


def test_visits_are_counted_by_their_day_in_paris(conn: db.Conn, organisation: OrganisationId) -> None:
    area = make_area(conn)
    home, worker = make_client(conn, area), make_worker(conn, organisation, area).id
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)  # the 25th begins in Paris
    make_visit(conn, home, worker, starts_at=midnight - timedelta(minutes=1))
    make_visit(conn, home, worker, starts_at=midnight, minutes=30, published=False)
    make_visit(conn, home, None, starts_at=midnight + timedelta(hours=9), minutes=45)
    cancelled = make_visit(conn, home, None, starts_at=midnight)
    conn.execute("UPDATE visits SET cancelled_at = %s WHERE id = %s", (MORNING, cancelled))
    assert count_by_day(conn, DAY, DAY + timedelta(days=3), now=MORNING) == [
        DayCount(DAY, planned=1, open=0, missed=0, draft=0, minutes=60),
        DayCount(DAY + timedelta(days=1), planned=2, open=1, missed=0, draft=1, minutes=75),
    ]
    assert count_by_day(conn, DAY + timedelta(days=2), DAY + timedelta(days=9), now=MORNING) == []


def test_what_nobody_came_to_is_told_and_what_nobody_had_is_not_to_fill_once_its_day_is_over(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    area = make_area(conn)
    home, worker = make_client(conn, area), make_worker(conn, organisation, area).id
    make_visit(conn, home, worker)
    make_visit(conn, home, None)
    make_visit(conn, home, None, starts_at=MORNING + timedelta(hours=15), minutes=600)
    for days, open_, missed in ((0, 2, 0), (1, 1, 2), (2, 0, 3)):
        (count,) = count_by_day(conn, DAY, DAY + timedelta(days=1), now=MORNING + timedelta(days=days))
        assert (count.planned, count.open, count.missed, count.draft) == (3, open_, missed, 0)


def test_one_area_or_one_person_is_counted_alone(conn: db.Conn, organisation: OrganisationId) -> None:
    here, there = make_area(conn), make_area(conn)
    worker = make_worker(conn, organisation, here).id
    home, other = make_client(conn, here), make_client(conn, there)
    make_visit(conn, home, worker)
    make_visit(conn, other, None)
    until = DAY + timedelta(days=1)
    assert [one.planned for one in count_by_day(conn, DAY, until, now=MORNING)] == [2]
    assert [one.open for one in count_by_day(conn, DAY, until, now=MORNING, area=here)] == [0]
    assert [one.planned for one in count_by_day(conn, DAY, until, now=MORNING, worker=worker)] == [1]
    assert [one.open for one in count_by_day(conn, DAY, until, now=MORNING, client=other.client)] == [1]
    found = list_planned(conn, MORNING, MORNING + timedelta(days=1), client=other.client)
    assert [visit.client_id for visit in found] == [other.client]
