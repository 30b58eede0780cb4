"""Where no key can be pressed: the worker lets a number ring, hangs up, is rung back; on real Asterisk."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from homecare.access.call_lines import add_call_line
from homecare.access.line_checks import LineState, Outcome, list_line_states, want_check
from homecare.clients.operations import set_line_without_keys
from simulators.handset.call import CallReport, place_call
from simulators.handset.duty import duty_phone
from simulators.operator.serving import operator
from telephony.speech import Phrase, Words, time_of
from tests.acceptance.phone import Phone
from tests.acceptance.test_telephone import trunk_port
from tests.builders import ACTOR, actor_of, make_client, make_user
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

STRANGER = "+33699887766"


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    return Phone(agency, tmp_path / "heard.wav")


def ringing_number(agency: Agency, *, without_keys: bool = True) -> str:
    """Give the agency a number that only rings, and wait until the exchange knows it."""
    number = f"0805{agency.organisation:06d}"
    with agency.connect() as conn:
        add_call_line(conn, f"+33{number.removeprefix('0')}", label="Appel manqué", rings_only=True)
        home, line = agency.home.home, agency.home.line
        set_line_without_keys(conn, ACTOR, home, line, without_keys=without_keys, now=agency.now())
    wait_until((agency.settings.kept_calls_dir / f"{number}.rings").exists)
    return number


def find_line(agency: Agency) -> LineState:
    with agency.connect() as conn:
        return next(state for state in list_line_states(conn) if state.rings_only)


@contextmanager
def carries(agency: Agency, *numbers: str) -> Iterator[None]:
    """Have an operator that carries these numbers to the exchange, and tells that no other exists."""
    exchange = (agency.settings.sip_host, agency.settings.sip_port)
    with operator("127.0.0.1", trunk_port(agency), exchange=exchange, numbers=frozenset(numbers)):
        yield


def let_ring(agency: Agency, number: str, caller: str | None) -> CallReport:
    settings = agency.settings
    switch = (settings.sip_host, settings.sip_port)
    return place_call(number, caller, switch=switch, lets_ring=1.0)


@feature("N11")
def test_a_missed_call_is_rung_back_and_staying_on_the_line_is_the_punch_of_the_missed_call(
    phone: Phone,
) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    visit = agency.plan_visit()
    with duty_phone(trunk_port(agency), talk_seconds=None) as home:
        before = agency.clock().real_now().timestamp()
        report = let_ring(agency, number, agency.home.line)
        assert (report["answered"], report["status"]) == (False, 487)
        wait_until(lambda: phone.rows("SELECT FROM punch_matches"), seconds=60)
        wait_until(lambda: phone.rows("SELECT outcome FROM missed_calls") == [("confirmed",)], seconds=60)
    home.save(phone.recording)
    ((edge, of, doubt, at, proof, where),) = phone.rows(
        """SELECT m.edge, m.visit_id, m.doubt, m.punched_at, p.proof, p.claim -> 'where'
           FROM punch_matches m JOIN punches p ON p.id = m.punch_id"""
    )
    assert (edge, of, doubt, proof) == ("arrival", visit, None, "D")
    assert where == ["missed_call", agency.home.line]
    assert -1 <= at.timestamp() - before < 3
    ((first_name,),) = phone.rows("SELECT first_name FROM workers")
    for sound in (Phrase.MISSED_ARRIVAL, Words(first_name), time_of(at), Phrase.ARRIVAL_AT):
        assert phone.heard(sound), sound
    assert phone.rows("SELECT FROM call_tasks") == []


@feature("N11")
def test_whoever_hangs_up_before_the_end_cancels_and_the_agency_sees_it(phone: Phone) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    agency.plan_visit()
    with duty_phone(trunk_port(agency), talk_seconds=3.0):
        let_ring(agency, number, agency.home.line)
        wait_until(lambda: phone.rows("SELECT kind FROM call_tasks") == [("missed_cancelled",)], seconds=60)
    assert phone.rows("SELECT FROM punches") == []


@feature("N11")
def test_a_caller_who_is_no_line_without_keys_is_noted_and_never_rung(phone: Phone) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    agency.plan_visit()
    with agency.connect() as conn:
        with_keys = make_client(conn, agency.area).line
    with duty_phone(trunk_port(agency)) as rung:
        for caller in (STRANGER, None, with_keys):
            let_ring(agency, number, caller)
        wait_until(lambda: phone.rows("SELECT count(*) FROM punch_refusals") == [(3,)])
        time.sleep(1.5)
        assert rung.heard_seconds == 0
    noted = phone.rows("SELECT caller, status FROM punch_refusals ORDER BY id")
    assert noted == [
        (STRANGER, "missed_unknown"),
        (None, "missed_unknown"),
        (with_keys, "missed_with_keys"),
    ]
    assert phone.rows("SELECT FROM missed_calls") == []


@feature("N11")
def test_a_line_where_nobody_picks_up_is_rung_once_more_then_left_to_the_coordinator(phone: Phone) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    agency.plan_visit()
    with carries(agency):
        let_ring(agency, number, agency.home.line)
        wait_until(
            lambda: phone.rows("SELECT rings, outcome FROM missed_calls") == [(2, "unanswered")], seconds=60
        )
    ((kind, worker),) = phone.rows("SELECT kind, worker_id FROM call_tasks")
    assert (kind, worker) == ("missed_unanswered", agency.worker.id)
    assert phone.rows("SELECT FROM punches") == []


@feature("N11")
def test_a_call_missed_while_the_core_is_away_is_rung_back_once_it_is_there_again(phone: Phone) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    agency.plan_visit()
    agency.core.command("stop realtime")
    try:
        let_ring(agency, number, agency.home.line)
        assert phone.rows("SELECT FROM missed_calls") == []
    finally:
        with duty_phone(trunk_port(agency), talk_seconds=3.0) as home:
            agency.core.command("start realtime")
            wait_until(lambda: phone.rows("SELECT outcome FROM missed_calls") == [("hung_up",)], seconds=60)
    assert home.heard_seconds > 0.5
    assert not list(agency.settings.kept_calls_dir.glob("*.cms"))


def test_at_night_a_number_that_only_rings_must_ring_and_be_seen(phone: Phone) -> None:
    agency, number = phone.agency, ringing_number(phone.agency)
    line = find_line(agency)
    with agency.connect() as conn:
        want_check(conn, actor_of(make_user(conn)), line.id, now=agency.now())
    with carries(agency, line.number):
        wait_until(lambda: find_line(agency).outcome is Outcome.SEEN, seconds=60)
    assert line.number == f"+33{number.removeprefix('0')}"
    assert phone.rows("SELECT FROM punch_refusals") == []
