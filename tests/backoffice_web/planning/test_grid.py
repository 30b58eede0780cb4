"""A day laid out: who has a row, where blocks stand, what is stacked, what is too tight."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from backoffice_web.planning.blocks import find_overlaps
from backoffice_web.planning.grid import Grid, lay_out
from homecare.kernel.ids import AreaId, ClientId, HomeId, ServiceId, VisitId, WorkerId
from homecare.visits.planning import PlannedVisit
from homecare.workers.model import TravelMode
from homecare.workers.qualifications import Qualification

DAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 09:00 in Paris
HOUR = timedelta(hours=1)

sonia = Qualification(
    id=WorkerId(1),
    area_id=AreaId(1),
    area="Centre",
    last_name="Arnaud",
    first_name="Sonia",
    phone=None,
    agreement="idcc-3127",
    travel_mode=TravelMode.CAR,
    left_on=None,
    weekly_minutes=1800,
    available=[(time(7), time(14))],
    skill_levels={},
    bans={},
    refusals={},
)


def visit(number: int, starts_at: datetime, *, worker: int | None = 1, lat: float = 47.0) -> PlannedVisit:
    return PlannedVisit(
        id=VisitId(number),
        revision=1,
        area_id=AreaId(1),
        client_id=ClientId(number),
        client="BELLANGER Odile",
        fragile=False,
        home_id=HomeId(number),
        city="La Chesnaye",
        lon=1.0,
        lat=lat,
        service_id=ServiceId(1),
        service="Aide au lever",
        worker_id=None if worker is None else WorkerId(worker),
        worker=None,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        earliest_at=starts_at,
        latest_at=starts_at,
        published_at=None,
        arrived_at=None,
        left_at=None,
    )


def grid_of(*visits: PlannedVisit, week: int = 0, now: datetime = NINE) -> Grid:
    week_minutes, overlapping = {sonia.id: week}, find_overlaps(visits)
    return lay_out(DAY, [sonia], visits, overlapping=overlapping, week_minutes=week_minutes, now=now)


def test_hours_go_from_seven_to_twenty_one_or_further_when_visits_do() -> None:
    assert (grid_of().starts, grid_of().hours) == (NINE - 2 * HOUR, 14)
    early_and_late = grid_of(visit(1, NINE - 3 * HOUR), visit(2, NINE + 12.5 * HOUR))
    assert (early_and_late.starts, early_and_late.hours) == (NINE - 3 * HOUR, 17)


def test_a_block_stands_at_its_hours_and_now_on_the_day_only() -> None:
    grid = grid_of(visit(1, NINE))
    assert [(b.start, b.end, b.level) for b in grid.rows[0].blocks] == [(2.0, 3.0, 0)]
    assert grid.now == 2.0
    assert grid_of(now=NINE + 24 * HOUR).now is None


def test_a_worker_without_a_visit_has_a_row_and_their_hours() -> None:
    assert [(row.worker.name, row.blocks, row.hours) for row in grid_of().rows] == [
        ("ARNAUD Sonia", (), ((0.0, 7.0),))
    ]


def test_what_nobody_has_is_on_top_and_stacked() -> None:
    grid = grid_of(visit(1, NINE, worker=None), visit(2, NINE + HOUR / 2, worker=None))
    assert [(b.level, b.overlaps, b.state) for b in grid.open] == [(0, False, "open"), (1, False, "open")]
    assert (grid.open_levels, grid.open_minutes) == (2, 120)


def test_two_visits_of_one_worker_at_once_are_stacked_and_marked() -> None:
    row = grid_of(visit(1, NINE), visit(2, NINE + HOUR / 2)).rows[0]
    assert [(b.level, b.overlaps) for b in row.blocks] == [(0, True), (1, True)]
    assert row.levels == 2


def test_a_journey_fills_its_gap_at_most_and_says_when_it_is_tight() -> None:
    far = visit(2, NINE + 1.25 * HOUR, lat=47.2)
    (journey,) = grid_of(visit(1, NINE), far).rows[0].journeys
    assert (journey.start, journey.end, journey.minutes, journey.free) == (3.0, 3.25, 41, 15)
    assert journey.is_tight


def test_the_next_visit_in_the_same_home_needs_no_journey() -> None:
    assert grid_of(visit(1, NINE), visit(2, NINE + HOUR)).rows[0].journeys == ()


def test_a_week_beyond_the_contract_is_told() -> None:
    assert grid_of(week=1801).rows[0].is_above_contract
    assert not grid_of(week=1800).rows[0].is_above_contract


def test_visits_with_a_worker_wait_for_publication() -> None:
    published = replace(visit(2, NINE + 2 * HOUR), published_at=NINE)
    blocks = grid_of(visit(1, NINE), published).rows[0].blocks
    assert [block.state for block in blocks] == ["draft", "published"]


def test_what_nobody_had_on_a_day_that_is_over_is_no_longer_to_fill() -> None:
    nobodys = visit(1, NINE, worker=None)
    evening, tomorrow = grid_of(nobodys, now=NINE + 14 * HOUR), grid_of(nobodys, now=NINE + 15 * HOUR)
    assert [(block.state, grid.is_over) for grid in (evening, tomorrow) for block in grid.open] == [
        ("open", False),
        ("missed", True),
    ]


def test_a_published_visit_whose_end_is_past_without_an_arrival_is_missed() -> None:
    told, untold = (replace(visit(1, NINE), published_at=at) for at in (NINE, None))
    come = replace(told, arrived_at=NINE)
    for one, before, after in (
        (told, "published", "missed"),
        (untold, "draft", "draft"),
        (come, "run", "run"),
    ):
        assert [grid_of(one, now=now).rows[0].blocks[0].state for now in (NINE, NINE + HOUR)] == [
            before,
            after,
        ]


def test_a_night_that_goes_on_after_midnight_may_still_be_filled() -> None:
    night = replace(visit(1, NINE + 14 * HOUR, worker=None), ends_at=NINE + 22 * HOUR)
    grid = grid_of(night, now=NINE + 16 * HOUR)
    assert ([block.state for block in grid.open], grid.is_over) == (["open"], False)
