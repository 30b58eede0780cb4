"""What a visit is on the board, and in which order the list and the lanes show it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backoffice_web.board.day import Filters
from backoffice_web.board.lanes import draw, first_hour
from backoffice_web.board.rows import Row, classify, count, group
from backoffice_web.layout.vocabulary import Status
from homecare.alerts.model import BoardRow
from homecare.kernel.ids import AlertId, AreaId, ClientId, HomeId, UserId, VisitId, WorkerId

NOW = datetime(2026, 11, 24, 7, 47, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
SIX = MIDNIGHT + timedelta(hours=6)
MINUTE = timedelta(minutes=1)

SOMEBODYS = BoardRow(
    visit_id=VisitId(1),
    area_id=AreaId(1),
    area="Centre",
    client_id=ClientId(1),
    client="BELLANGER Odile",
    fragile=False,
    home_id=HomeId(1),
    lon=None,
    lat=None,
    service="Aide au repas",
    worker_id=WorkerId(1),
    worker="ARNAUD Sonia",
    worker_phone=None,
    home_line=None,
    starts_at=NOW,
    ends_at=NOW + 60 * MINUTE,
    arrived_at=None,
    left_at=None,
    published_at=NOW,
    cancelled_at=None,
    revision=1,
    alert_id=None,
    alert_step=None,
    escalated_at=None,
    owner_id=None,
    owner=None,
)


def visit(id_: int, start: int, minutes: int = 60, **changes: object) -> BoardRow:
    """Return a visit that starts `start` minutes from now."""
    starts = NOW + start * MINUTE
    planned = replace(SOMEBODYS, visit_id=VisitId(id_), starts_at=starts, ends_at=starts + minutes * MINUTE)
    return replace(planned, **changes)  # type: ignore[arg-type]


def late(id_: int, start: int, **changes: object) -> BoardRow:
    return replace(visit(id_, start, **changes), alert_id=AlertId(id_), alert_step=1)  # type: ignore[arg-type]


def status_of(planned: BoardRow, *others: BoardRow) -> Status:
    return classify([planned, *others], NOW)[0].status


def test_a_visit_is_late_once_its_alert_is_raised_and_not_before() -> None:
    assert status_of(visit(1, -5)) is Status.DUE
    assert status_of(late(1, -17)) is Status.LATE


def test_an_arrival_ends_the_lateness_on_the_board() -> None:
    assert status_of(late(1, -17, arrived_at=NOW)) is Status.RUN


def test_a_visit_whose_planned_end_passed_without_anybody_was_not_done() -> None:
    assert status_of(late(1, -90)) is Status.MISS


def test_a_departure_ends_a_visit_even_when_the_arrival_was_forgotten() -> None:
    assert status_of(visit(1, -60, left_at=NOW)) is Status.DONE


def test_a_cancelled_visit_is_nothing_else() -> None:
    assert status_of(late(1, -17, cancelled_at=NOW)) is Status.OFF


def test_a_visit_without_a_worker_has_to_be_filled() -> None:
    assert status_of(visit(1, 30, worker_id=None, worker=None)) is Status.OPEN


def test_a_visit_that_its_worker_does_not_see_yet_has_to_be_filled_too() -> None:
    assert status_of(visit(1, -10, published_at=None)) is Status.OPEN


def test_what_was_missed_counts_with_what_is_late_and_says_where_its_worker_went() -> None:
    gone_on = visit(2, -20, arrived_at=NOW - 20 * MINUTE)
    rows = classify([late(1, -90), gone_on, late(3, -17, worker_id=WorkerId(2))], NOW)
    assert (count(rows).late_or_missed, count(rows).without_owner) == (2, 2)
    assert (rows[0].is_skipped, rows[0].busy_with) == (True, gone_on)


def test_a_worker_who_is_still_elsewhere_makes_the_next_visit_one_to_watch() -> None:
    elsewhere = visit(2, -70, 60, arrived_at=NOW - 70 * MINUTE)
    row = classify([visit(1, -4), elsewhere], NOW)[0]
    assert (row.status, row.minutes, row.busy_with) == (Status.WATCH, 4, elsewhere)


def test_a_worker_who_will_be_free_in_time_makes_nothing_to_watch() -> None:
    elsewhere = visit(2, -50, 60, arrived_at=NOW - 50 * MINUTE)
    assert status_of(visit(1, 20), elsewhere) is Status.DUE


def test_the_list_shows_the_next_hour_and_the_timeline_the_rest() -> None:
    rows = classify([visit(1, 60), visit(2, 61)], NOW)
    assert [row.is_listed for row in rows] == [True, False]


def test_the_most_minutes_late_come_first_and_the_fragile_before_others() -> None:
    rows = classify([late(1, -9), late(2, -17), late(3, -9, fragile=True)], NOW)
    assert [row.visit.visit_id for row in group(rows)[0].rows] == [2, 3, 1]


def test_what_nobody_is_to_make_and_whose_hour_has_come_stands_apart_after_the_late_ones() -> None:
    open_ = [visit(id_, start, worker_id=None, worker=None) for id_, start in ((2, 20), (3, -45))]
    rows = classify([late(1, -17), *open_], NOW)
    told = [(one.status, one.is_overdue, [row.visit.visit_id for row in one.rows]) for one in group(rows)]
    assert told[2] == (Status.OPEN, True, [3])
    assert (Status.OPEN, False, [2]) in told
    assert [row.is_pressing for row in rows] == [True, False, True]
    assert count(rows).of[Status.OPEN] == 2


def test_a_wait_counts_begun_minutes_down_and_full_ones_up() -> None:
    def minutes(seconds: int) -> int:
        start = NOW + timedelta(seconds=seconds)
        return classify([replace(visit(1, 0), starts_at=start, ends_at=start + 60 * MINUTE)], NOW)[0].minutes

    assert [minutes(seconds) for seconds in (3601, 61, 1, 0, -59, -60)] == [61, 2, 1, 0, 0, -1]


def test_a_visit_left_open_by_a_worker_who_is_at_the_next_one_says_so_and_comes_first() -> None:
    left, now_at = visit(1, -90, arrived_at=NOW - 90 * MINUTE), visit(2, -10, arrived_at=NOW - 8 * MINUTE)
    other = visit(3, -5, worker_id=WorkerId(2), arrived_at=NOW - 5 * MINUTE)
    rows = classify([now_at, other, left], NOW)
    assert [row.busy_with for row in rows] == [None, None, now_at]
    running = next(one for one in group(rows) if one.status is Status.RUN)
    assert [row.visit.visit_id for row in running.rows] == [1, 3, 2]
    assert count(rows).left_open == 1


def test_a_couple_arrived_at_together_leaves_nothing_open() -> None:
    rows = classify([visit(1, -8, arrived_at=NOW), visit(2, -8, arrived_at=NOW)], NOW)
    assert not any(row.is_left_open for row in rows)


def test_groups_keep_their_order_even_when_they_are_empty() -> None:
    assert [g.status for g in group([])] == [
        Status.LATE,
        Status.MISS,
        Status.WATCH,
        Status.DUE,
        Status.RUN,
        Status.OPEN,
        Status.DONE,
    ]


def test_the_figures_count_the_rows() -> None:
    on_time = visit(3, -30, arrived_at=NOW - 38 * MINUTE)
    not_on_time = visit(4, -30, arrived_at=NOW - 21 * MINUTE)
    mine = late(2, -20, owner_id=UserId(7))
    counts = count(classify([late(1, -17), mine, on_time, not_on_time, visit(5, 200)], NOW))
    assert counts.of[Status.LATE] == 2
    assert counts.without_owner == 1
    assert counts.of[Status.RUN] == 2
    assert counts.visits == 5
    assert counts.on_time == 0.5


def test_a_day_without_an_arrival_has_no_share_on_time() -> None:
    assert count([]).on_time is None


def test_each_lane_is_a_worker_and_the_most_urgent_comes_first_after_what_has_to_be_filled() -> None:
    calm = visit(1, 30, worker_id=WorkerId(1), worker="ARNAUD Sonia")
    urgent = late(2, -10, worker_id=WorkerId(2), worker="KONÉ Aminata")
    most_urgent = late(3, -20, worker_id=WorkerId(3), worker="PELLETIER Joël")
    unfilled = visit(4, 90, worker_id=None, worker=None)
    timeline = draw(classify([calm, urgent, most_urgent, unfilled], NOW), SIX, MIDNIGHT, NOW)
    assert [lane.worker_id for lane in timeline.lanes] == [None, 3, 2, 1]


def test_blocks_stand_in_hours_from_the_start_of_the_timeline() -> None:
    done = visit(1, -47, 60, arrived_at=NOW - 47 * MINUTE, left_at=NOW)
    timeline = draw(classify([done], NOW), SIX, MIDNIGHT, NOW)
    (block,) = timeline.lanes[0].blocks
    assert timeline.starts == SIX
    assert timeline.hours == 16
    assert (block.planned_from, block.planned_to) == (2.0, 3.0)
    assert block.real_from == 2.0
    assert block.real_to == timeline.now


def test_a_timeline_begins_at_six_or_at_the_hour_of_its_first_visit() -> None:
    assert first_hour(MIDNIGHT, None) == SIX
    assert first_hour(MIDNIGHT, SIX + timedelta(hours=3)) == SIX
    assert first_hour(MIDNIGHT, SIX - 20 * MINUTE) == SIX - timedelta(hours=1)


def test_a_visit_in_the_night_widens_the_timeline() -> None:
    night = visit(1, 15 * 60, 120)
    timeline = draw(classify([night], NOW), SIX, MIDNIGHT, NOW)
    assert timeline.starts + timedelta(hours=timeline.hours) >= night.ends_at


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    assert Filters.read({"secteur": "1; DROP TABLE", "vue": "x"}) == Filters(None, "tout")
    assert Filters.read({"secteur": "12", "vue": "retards"}) == Filters(AreaId(12), "retards")


def test_a_reader_may_see_only_the_alerts_they_took() -> None:
    mine, other = (Row(late(i, -9, owner_id=UserId(i)), Status.LATE, 9, NOW) for i in (7, 8))
    filters = Filters(None, "miennes")
    assert [filters.keep(row, UserId(7)) for row in (mine, other)] == [True, False]
