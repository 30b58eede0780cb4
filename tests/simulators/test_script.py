from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.punches.model import Channel, Edge
from simulators.day.fates import latest_arrival
from simulators.day.model import Fate, Outage, Part, Script, Stop, Way
from simulators.day.script import Period, write_script
from simulators.day.tempo import Tempo
from tests.simulators.stops import EIGHT, make_stop

PERIOD = Period(EIGHT, EIGHT + timedelta(hours=6))
ALL_WAYS = frozenset(Way)


@st.composite
def rounds(draw: st.DrawFn) -> list[Stop]:
    """A few workers' rounds of an ordinary day."""
    stops: list[Stop] = []
    for worker in range(1, draw(st.integers(2, 6))):
        starts_at = EIGHT + timedelta(minutes=draw(st.integers(0, 60)))
        for _ in range(draw(st.integers(1, 6))):
            minutes = draw(st.sampled_from([30, 45, 60, 90]))
            first = draw(st.sampled_from([0, 8, 8, 8]))
            stops.append(
                make_stop(
                    len(stops) + 1,
                    worker=worker,
                    starts_at=starts_at,
                    minutes=minutes,
                    first=first,
                    second=first + 5,
                    line=draw(st.sampled_from([None, "+33536490001"])),
                    tag=draw(st.sampled_from([None, "tag"])),
                    device=draw(st.sampled_from([None, None, None, "box-0001", "gw-0001"])),
                )
            )
            starts_at += timedelta(minutes=minutes + draw(st.integers(5, 60)))
    return stops


speeds = st.sampled_from([1.0, 10.0, 60.0, 120.0]).map(Tempo)
seeds = st.integers(0, 10**6)


def write(stops: list[Stop], tempo: Tempo, seed: int) -> Script:
    return write_script(stops, PERIOD, tempo=tempo, seed=seed, ways=ALL_WAYS)


def known_after(part: Part, tempo: Tempo) -> timedelta:
    arrival = part.arrival
    assert arrival is not None
    by_code = arrival.way is Way.CALL and (arrival.hidden or part.stop.line is None)
    return tempo.until_known(arrival.way, hidden=by_code, mistyped=arrival.mistyped)


@given(rounds(), speeds, seeds)
def test_the_same_seed_writes_the_same_script(stops: list[Stop], tempo: Tempo, seed: int) -> None:
    assert write(stops, tempo, seed) == write(list(reversed(stops)), tempo, seed)


@given(rounds(), speeds, seeds)
def test_a_day_that_resumes_has_nobody_left_out_who_could_still_come(
    stops: list[Stop], tempo: Tempo, seed: int
) -> None:
    since = EIGHT + timedelta(hours=1)
    script = write_script(
        stops, Period(since, PERIOD.until, resumes=True), tempo=tempo, seed=seed, ways=ALL_WAYS
    )
    missed = {
        one.visit
        for one in stops
        if one.starts_at < since < one.starts_at + (one.ends_at - one.starts_at) / 2
    }
    arrivals = {part.stop.visit: part.arrival for part in script.parts if part.stop.visit in missed}
    assert set(arrivals) == missed
    assert all(one is not None and one.at >= since for one in arrivals.values())


@given(rounds(), speeds, seeds)
def test_whoever_is_in_time_is_known_in_time(stops: list[Stop], tempo: Tempo, seed: int) -> None:
    for part in write(stops, tempo, seed).parts:
        if part.fate is Fate.ON_TIME and part.arrival is not None:
            assert part.arrival.at + known_after(part, tempo) < part.stop.first_due


@given(rounds(), speeds, seeds)
def test_whoever_is_late_comes_after_the_alert_and_before_it_looks_like_a_departure(
    stops: list[Stop], tempo: Tempo, seed: int
) -> None:
    for part in write(stops, tempo, seed).parts:
        if part.fate in {Fate.LATE, Fate.VERY_LATE} and part.arrival is not None:
            due = part.stop.first_due if part.fate is Fate.LATE else part.stop.second_due
            half = part.stop.starts_at + (part.stop.ends_at - part.stop.starts_at) / 2
            assert due < part.arrival.at < (part.stop.ends_at if part.way.by_phone_app else half)


@given(rounds(), speeds, seeds)
def test_nobody_shows_up_where_nobody_is_to(stops: list[Stop], tempo: Tempo, seed: int) -> None:
    for part in write(stops, tempo, seed).parts:
        if part.fate is Fate.NO_SHOW:
            assert part.gestures == []


@given(rounds(), seeds)
def test_nobody_arrives_before_leaving_the_last_home_unless_being_in_time_leaves_no_room(
    stops: list[Stop], seed: int
) -> None:
    left: dict[int, datetime] = {}
    tempo = Tempo(10.0)
    for part in write(stops, tempo, seed).parts:
        worker, arrival = part.stop.worker, part.arrival
        if arrival is not None and worker in left:
            known = known_after(part, tempo)
            latest = latest_arrival(part.stop, arrival.way, part.fate, known_after=known, tempo=tempo)
            assert arrival.at >= min(left[worker], latest)
        if part.departure is not None:
            left[worker] = part.departure.at


@given(rounds(), speeds, seeds)
def test_a_departure_begins_once_the_arrival_is_stored(stops: list[Stop], tempo: Tempo, seed: int) -> None:
    for part in write(stops, tempo, seed).parts:
        if part.arrival is not None and part.departure is not None:
            assert part.departure.at > part.arrival.at + known_after(part, tempo)


@given(rounds(), speeds, seeds)
def test_a_telephone_is_online_again_after_the_alert_and_before_the_next_visit(
    stops: list[Stop], tempo: Tempo, seed: int
) -> None:
    for part in write(stops, tempo, seed).parts:
        if part.online_at is not None:
            assert part.way.by_phone_app
            assert part.online_at > part.stop.first_due
            later = [one for one in stops if one.worker == part.stop.worker]
            assert not any(part.stop.starts_at < one.starts_at < part.online_at for one in later)


@given(rounds(), speeds, seeds)
def test_nothing_is_done_after_the_end(stops: list[Stop], tempo: Tempo, seed: int) -> None:
    assert all(gesture.at <= PERIOD.until for gesture in write(stops, tempo, seed).gestures)


@given(rounds(), seeds)
def test_nobody_mistypes_while_no_code_can_be_checked(stops: list[Stop], seed: int) -> None:
    outage = Outage("postgresql", EIGHT, EIGHT + timedelta(hours=2))
    script = write_script(stops, PERIOD, tempo=Tempo(60), seed=seed, ways=ALL_WAYS, outage=outage)
    for gesture in script.gestures:
        if outage.begins_at <= gesture.at <= outage.ends_at and gesture.way is Way.CALL:
            assert not gesture.mistyped
            assert gesture.hidden or gesture.stop.line is not None


def test_a_departure_is_never_forgotten_where_the_worker_comes_again() -> None:
    stops = [
        make_stop(number, home=1, starts_at=EIGHT + timedelta(hours=number), tag=None) for number in range(5)
    ]
    for seed in range(300):
        for part in write(stops, Tempo(60), seed).parts[:-1]:
            assert part.arrival is None or part.departure is not None


@pytest.fixture(scope="module")
def busy_day() -> Script:
    """Three thousand visits of as many homes, most with a line and a tag, some with a box."""
    stops = [
        make_stop(
            number,
            worker=number,
            starts_at=EIGHT + timedelta(minutes=number % 300),
            line=None if number % 7 == 0 else "+33536490001",
            tag=None if number % 4 == 0 else "tag",
            device="box-0001" if number % 20 == 0 else None,
        )
        for number in range(1, 3001)
    ]
    return write(stops, Tempo(60), 1)


def test_the_channels_have_the_shares_of_a_real_agency(busy_day: Script) -> None:
    shares = Counter(part.way.channel for part in busy_day.parts)
    for channel, share in (
        (Channel.PHONE, 45), (Channel.NFC, 25), (Channel.QR, 15), (Channel.APP, 10), (Channel.BOX, 5)
    ):  # fmt: skip
        assert abs(shares[channel] / 30 - share) < 6


def test_every_incident_happens(busy_day: Script) -> None:
    assert {part.fate for part in busy_day.parts} == set(Fate)
    gestures = busy_day.gestures
    assert any(gesture.mistyped for gesture in gestures)
    assert any(gesture.hidden for gesture in gestures)
    assert any(gesture.twice for gesture in gestures)
    assert any(gesture.offline for gesture in gestures)
    assert any(gesture.lost_answers for gesture in gestures)
    assert any(part.arrival and not part.departure for part in busy_day.parts)
    assert {gesture.edge for gesture in gestures} == set(Edge)


def test_a_visit_that_has_begun_is_only_left() -> None:
    stop = replace(make_stop(starts_at=EIGHT - timedelta(minutes=10)), has_begun=True)
    (part,) = write([stop], Tempo(10), 1).parts
    assert part.arrival is None
    assert part.departure is not None
    assert part.departure.at >= stop.ends_at


def test_without_a_device_its_home_is_punched_another_way() -> None:
    ways = ALL_WAYS - {Way.BOX, Way.READER}
    script = write_script(
        [make_stop(device="box-0001")], PERIOD, tempo=Tempo(60), seed=1, ways=ways
    )  # fmt: skip
    assert script.parts[0].way in ways
