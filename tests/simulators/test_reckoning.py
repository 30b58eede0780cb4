from dataclasses import replace
from datetime import UTC, datetime, timedelta

from homecare.alerts.model import AlertRow
from homecare.kernel.ids import AlertId, AreaId, VisitId
from homecare.punches.model import Edge
from simulators.day.model import Fate, Outage, Part, Script, Stop, Way
from simulators.day.reckoning import (
    AlertCount,
    ChannelCount,
    board_delays,
    count_alerts,
    count_channels,
    find_rows,
    first_known,
    kept_arrivals,
)
from simulators.day.tempo import Tempo
from tests.simulators.stops import EIGHT, PACE, make_gesture, make_row, make_sent, make_stop

TEMPO = Tempo(60)
NOON = EIGHT + timedelta(hours=4)
STOP = make_stop()


def make_alert(stop: Stop = STOP) -> AlertRow:
    return AlertRow(
        id=AlertId(1),
        area_id=AreaId(1),
        area="",
        visit_id=stop.visit,
        client="",
        worker=None,
        step=1,
        planned_at=stop.starts_at,
        due_at=stop.first_due,
        raised_at=stop.first_due,
        escalated_at=None,
        owner_id=None,
        owner=None,
        closed_at=None,
        closing=None,
    )


def make_part(fate: Fate = Fate.ON_TIME, *, stop: Stop = STOP) -> Part:
    arrival = None if fate is Fate.NO_SHOW else make_gesture(stop)
    return Part(stop, fate, Way.APP, arrival, None)


def judge(
    part: Part, alerts: list[AlertRow], known_at: datetime | None, outage: Outage | None = None
) -> AlertCount:
    known: dict[VisitId, datetime] = {} if known_at is None else {part.stop.visit: known_at}
    return count_alerts(Script((part,)), alerts, known, until=NOON, tempo=TEMPO, outage=outage)


def test_a_punch_is_found_by_its_reference() -> None:
    gesture = make_gesture(STOP)
    found = find_rows([make_sent(gesture)], [make_row(gesture)], pace=PACE, tempo=TEMPO)
    counts = count_channels(found, pace=PACE, tempo=TEMPO)
    assert counts == {"app": ChannelCount(sent=1, acknowledged=1, stored=1, matched=1)}


def test_a_punch_that_is_not_there_is_lost() -> None:
    found = find_rows([make_sent(make_gesture(STOP))], [], pace=PACE, tempo=TEMPO)
    count = count_channels(found, pace=PACE, tempo=TEMPO)["app"]
    assert (count.acknowledged, count.lost, count.untold) == (1, 1, 0)


def test_a_punch_whose_maker_was_not_told_that_it_is_taken_is_lost_untold() -> None:
    found = find_rows([make_sent(make_gesture(STOP), answer=None)], [], pace=PACE, tempo=TEMPO)
    count = count_channels(found, pace=PACE, tempo=TEMPO)["app"]
    assert (count.acknowledged, count.lost, count.untold) == (0, 1, 1)


def test_a_call_is_found_by_its_worker_and_the_second_of_its_answer() -> None:
    gesture = make_gesture(STOP, way=Way.CALL)
    row = make_row(gesture, reference="phone-1-1", later=timedelta(seconds=-55))
    found = find_rows([make_sent(gesture, reference=None)], [row], pace=PACE, tempo=TEMPO)
    assert found.rows[0][1] == row
    far = make_row(gesture, reference="phone-1-1", later=timedelta(minutes=5))
    found = find_rows([make_sent(gesture, reference=None)], [far], pace=PACE, tempo=TEMPO)
    assert found.rows[0][1] is None


def test_two_calls_in_one_second_of_a_fast_day_find_the_row_of_their_own_visit() -> None:
    one, other = make_gesture(STOP, way=Way.CALL), make_gesture(make_stop(2), way=Way.CALL)
    rows = [make_row(other, reference="phone-2"), make_row(one, reference="phone-1", punch=2)]
    sent = [make_sent(one, reference=None), make_sent(other, reference=None)]
    found = find_rows(sent, rows, pace=PACE, tempo=TEMPO)
    assert [row and row.visit_id for _, row in found.rows] == [1, 2]


def test_a_row_beside_a_punch_that_nobody_sent_is_a_duplicate() -> None:
    gesture = make_gesture(STOP)
    rows = [make_row(gesture), make_row(gesture, reference="1/other", punch=2)]
    found = find_rows([make_sent(gesture)], rows, pace=PACE, tempo=TEMPO)
    assert count_channels(found, pace=PACE, tempo=TEMPO)["app"].duplicates == 1


def test_what_somebody_else_punches_by_hand_is_nobodys_duplicate() -> None:
    gesture, other = make_gesture(STOP), make_gesture(make_stop(2, worker=2))
    rows = [make_row(gesture), make_row(other, reference="2/key", punch=2)]
    found = find_rows([make_sent(gesture)], rows, pace=PACE, tempo=TEMPO)
    assert count_channels(found, pace=PACE, tempo=TEMPO)["app"].duplicates == 0


def test_a_punch_taken_for_another_visit_is_astray() -> None:
    gesture = make_gesture(STOP)
    row = make_row(make_gesture(STOP, edge=Edge.DEPARTURE))
    found = find_rows([make_sent(gesture)], [row], pace=PACE, tempo=TEMPO)
    assert count_channels(found, pace=PACE, tempo=TEMPO)["app"].astray == 1


def test_a_late_visit_with_its_alert_is_right() -> None:
    late = STOP.first_due + timedelta(minutes=3)
    assert judge(make_part(Fate.LATE), [make_alert()], late) == AlertCount(injected=1, raised=1)


def test_a_late_visit_without_an_alert_is_missed() -> None:
    assert judge(make_part(Fate.NO_SHOW), [], None).missed == 1


def test_an_alert_for_a_visit_in_time_is_spurious() -> None:
    assert judge(make_part(), [make_alert()], EIGHT).spurious == 1


def test_a_second_alert_for_one_visit_is_spurious() -> None:
    late = STOP.first_due + timedelta(minutes=3)
    assert judge(make_part(Fate.LATE), [make_alert(), make_alert()], late).spurious == 1


def test_a_visit_whose_call_lasted_too_long_is_late_and_needs_its_alert() -> None:
    late = STOP.first_due + timedelta(minutes=3)
    assert judge(make_part(), [make_alert()], late) == AlertCount(raised=1, late_by_call_length=1)
    assert judge(make_part(), [], late).missed == 1


def test_a_lateness_that_is_not_over_is_not_judged() -> None:
    stop = make_stop(starts_at=NOON - timedelta(minutes=5))
    assert judge(make_part(Fate.NO_SHOW, stop=stop), [], None) == AlertCount()


def test_a_visit_that_had_begun_before_is_not_judged() -> None:
    assert judge(make_part(stop=replace(STOP, has_begun=True)), [make_alert()], EIGHT) == AlertCount()


def test_what_became_due_during_a_cut_is_not_judged_but_for_who_never_came() -> None:
    outage = Outage("postgresql", EIGHT, EIGHT + timedelta(hours=1))
    assert judge(make_part(), [make_alert()], NOON, outage) == AlertCount(during_cut=1)
    assert judge(make_part(Fate.NO_SHOW), [], None, outage).missed == 1


def test_an_arrival_is_known_from_its_first_punch_on() -> None:
    gesture = make_gesture(STOP)
    rows = [make_row(gesture, reference="1/again", punch=2, later=timedelta(minutes=1)), make_row(gesture)]
    found = find_rows([make_sent(gesture)], rows, pace=PACE, tempo=TEMPO)
    assert first_known(found, pace=PACE) == {STOP.visit: EIGHT}


def test_what_the_core_has_kept_is_known_although_it_is_stored_an_hour_later() -> None:
    gesture = make_gesture(STOP)
    row = replace(make_row(gesture), received_at=EIGHT + timedelta(hours=1))
    found = find_rows([make_sent(gesture, answer="kept")], [row], pace=PACE, tempo=TEMPO)
    assert first_known(found, pace=PACE) == {STOP.visit: EIGHT}
    assert kept_arrivals(found) == {STOP.visit}
    outage = Outage("postgresql", EIGHT, EIGHT + timedelta(hours=1))
    part = Script((make_part(),))
    judged = count_alerts(
        part,
        [make_alert()],
        first_known(found, pace=PACE),
        until=NOON,
        tempo=TEMPO,
        outage=outage,
        kept=kept_arrivals(found),
    )
    assert judged.spurious == 1


def test_a_lateness_that_is_over_when_the_database_comes_back_needs_no_alert() -> None:
    outage = Outage("postgresql", EIGHT, EIGHT + timedelta(hours=1))
    judged = count_alerts(
        Script((make_part(Fate.LATE),)),
        [],
        {STOP.visit: STOP.first_due + timedelta(minutes=3)},
        until=NOON,
        tempo=TEMPO,
        outage=outage,
        kept={STOP.visit},
    )
    assert judged == AlertCount(during_cut=1)


def test_the_board_is_timed_for_punches_that_were_stored_at_once() -> None:
    gesture = make_gesture(STOP)
    stored = find_rows([make_sent(gesture)], [make_row(gesture)], pace=PACE, tempo=TEMPO)
    kept = find_rows([make_sent(gesture, answer="kept")], [make_row(gesture)], pace=PACE, tempo=TEMPO)
    told = {("punch", 1): PACE.real(EIGHT).astimezone(UTC).timestamp() + 0.25}
    assert [round(delay) for delay in board_delays(stored, told)] == [250]
    assert board_delays(kept, told) == []
