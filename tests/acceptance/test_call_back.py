"""A call from a number that proves little is proved by the home's own telephone, on real Asterisk."""

import time
from pathlib import Path

import pytest

from homecare.punches.call_back import change_call_back_setting
from simulators.handset.duty import duty_phone
from telephony.speech import Phrase
from tests.acceptance.phone import Phone
from tests.acceptance.test_telephone import trunk_port
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

BOTH_CALLS = "SELECT visit_id, edge, doubt, punched_at FROM punch_matches ORDER BY punch_id"


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    return Phone(agency, tmp_path / "heard.wav")


def switch_on(agency: Agency) -> None:
    with agency.connect() as conn:
        change_call_back_setting(conn, ACTOR, is_on=True, now=agency.now())


def call_from_elsewhere(phone: Phone, caller: str | None) -> None:
    phone.call(caller, (0.8, phone.agency.home.home_code), (1.5, phone.agency.worker.code))


@feature("N4")
@pytest.mark.parametrize("caller", [None, "+33699887766"])
def test_the_worker_who_picks_up_at_the_home_and_keys_the_code_is_proved_present(
    phone: Phone, caller: str | None
) -> None:
    switch_on(phone.agency)
    visit = phone.agency.plan_visit()
    with duty_phone(trunk_port(phone.agency), talk_seconds=None, presses=((1.5, phone.agency.worker.code),)):
        call_from_elsewhere(phone, caller)
        wait_until(lambda: phone.rows("SELECT count(*) FROM punch_matches") == [(2,)], seconds=20)
    assert phone.heard(Phrase.HOME_RINGS)
    first, second = phone.rows(BOTH_CALLS)
    assert first[:3] == (visit, "arrival", None)
    assert second == (visit, "arrival", "repeated", first[3])
    assert phone.rows("SELECT proof FROM punches ORDER BY id") == [("C",), ("B",)]
    proofs = phone.rows("SELECT DISTINCT best_proof(visit_id, edge, punched_at, 'C') FROM punch_matches")
    assert proofs == [("B",)]
    assert phone.rows("SELECT left_at FROM visits") == [(None,)]


@feature("N4")
def test_a_home_that_picks_up_without_a_code_leaves_no_punch(phone: Phone) -> None:
    switch_on(phone.agency)
    phone.agency.plan_visit()
    with duty_phone(trunk_port(phone.agency), talk_seconds=2.0) as home:
        call_from_elsewhere(phone, None)
        wait_until(lambda: phone.rows("SELECT FROM punch_refusals"), seconds=20)
        assert home.heard_seconds > 1
    assert phone.rows("SELECT proof FROM punches") == [("C",)]


def test_an_agency_that_did_not_ask_for_it_rings_nobody(phone: Phone) -> None:
    phone.agency.plan_visit()
    with duty_phone(trunk_port(phone.agency)) as home:
        call_from_elsewhere(phone, None)
        time.sleep(2)
        assert home.heard_seconds == 0
    assert phone.rows("SELECT count(*) FROM call_backs") == [(0,)]
