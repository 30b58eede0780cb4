"""One person's week: seven days on the same hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from backoffice_web.planning.blocks import find_overlaps
from backoffice_web.planning.person import PersonWeek, lay_out_week
from backoffice_web.planning.week import days_of_week
from homecare.visits.planning import PlannedVisit
from tests.backoffice_web.planning.test_grid import DAY, HOUR, NINE, sonia, visit

DAYS = days_of_week(DAY)


def week_of(*visits: PlannedVisit, works: bool = True, now: datetime = NINE) -> PersonWeek:
    who = dict.fromkeys(DAYS, sonia) if works else {}
    return lay_out_week(DAYS, visits, overlapping=find_overlaps(visits), worker=who, now=now)


def test_each_visit_stands_in_its_day_at_its_hour() -> None:
    week = week_of(visit(1, NINE - 24 * HOUR), visit(2, NINE), visit(3, NINE + 2 * HOUR))
    assert [[block.start for block in row.blocks] for row in week.rows[:3]] == [[2.0], [2.0, 4.0], []]
    assert [row.minutes for row in week.rows[:3]] == [60, 120, 0]
    assert (week.first_hour, week.hours, week.minutes) == (7, 14, 180)


def test_every_day_is_as_wide_as_the_widest() -> None:
    early, late = visit(1, NINE - 3 * HOUR), visit(2, NINE + 38.75 * HOUR)  # 06:00, then until 00:45
    week = week_of(early, late)
    assert (week.first_hour, week.hours) == (6, 19)
    assert [(block.start, block.end) for block in week.rows[2].blocks] == [(17.75, 18.75)]


def test_now_stands_on_today_alone() -> None:
    assert [row.now for row in week_of().rows] == [None, 2.0, None, None, None, None, None]
    assert [row.now for row in week_of(now=NINE - 4 * HOUR).rows][1] == -2.0


def test_a_worker_has_hours_rests_ways_and_a_contract_a_client_none() -> None:
    far = visit(2, NINE + 1.25 * HOUR, lat=47.2)
    off = replace(sonia, available=[])
    week = lay_out_week(
        DAYS,
        [visit(1, NINE), far],
        overlapping=frozenset(),
        worker=dict.fromkeys(DAYS, sonia) | {DAYS[6]: off},
        now=NINE,
    )
    assert week.rows[1].journeys[0].is_tight
    assert (week.rows[0].hours, week.rows[6].is_rest) == (((0.0, 7.0),), True)
    assert (week.contract, week.is_above_contract) == (1800, False)
    clients = week_of(visit(1, NINE), far, works=False)
    assert (clients.contract, clients.rows[1].journeys, clients.rows[0].is_rest) == (None, (), False)


def test_hours_of_the_wall_stay_in_their_place_over_the_change_of_hour() -> None:
    sunday = date(2026, 10, 25)
    nine = datetime(2026, 10, 25, 8, tzinfo=UTC)  # 09:00 in winter time, from 03:00 on
    before = visit(1, nine - timedelta(hours=25))  # 09:00 the day before, in summer time
    week = lay_out_week(
        days_of_week(sunday), [before, visit(2, nine)], overlapping=frozenset(), worker={}, now=nine
    )
    assert [block.start for row in week.rows for block in row.blocks] == [2.0, 2.0]
