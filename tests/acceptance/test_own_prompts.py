"""What an agency recorded itself is what its callers hear, on real calls; else the standard voice."""

from pathlib import Path
from shutil import rmtree

import pytest

from homecare.punches.own_prompts import PromptKey, list_prompt_keys, replace_prompt, restore_standard
from homecare.workers.model import Language
from telephony.speech import Phrase
from tests.acceptance.phone import Phone
from tests.builders import ACTOR
from tests.realtime.agency import Agency
from tests.recordings import recording
from tests.supervised import wait_until
from tests.telephony.hearing import likeness


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    return Phone(agency, tmp_path / "heard.wav")


def record(agency: Agency, phrase: Phrase) -> Path:
    """Record a phrase; return the file that the core brings."""
    with agency.connect() as conn:
        replace_prompt(conn, ACTOR, Language.FRENCH, phrase.value, recording(), now=agency.now())
        key = next(key for key in list_prompt_keys(conn) if key.organisation == agency.organisation)
    brought = file_of(agency, key)
    wait_until(brought.exists)
    return brought


def file_of(agency: Agency, key: PromptKey) -> Path:
    name = f"own/{agency.organisation}/{key.language}/{key.phrase}-{key.digest}.wav"
    return agency.settings.prompts_dir / name


def test_a_caller_hears_the_agencys_own_recording_and_the_punch_is_the_same(
    phone: Phone, stranger: Agency, tmp_path: Path
) -> None:
    agency = phone.agency
    visit = agency.plan_visit()
    brought = record(agency, Phrase.ARRIVAL_AT)
    own = tmp_path / "own.wav"
    own.write_bytes(brought.read_bytes())
    keys = (0.8, agency.worker.code)
    phone.call(agency.home.line, keys)
    assert likeness(phone.recording, own) > 0.9
    assert phone.heard(Phrase.THANKS)
    assert not phone.heard(Phrase.ARRIVAL_AT)
    assert phone.rows("SELECT edge, visit_id FROM punch_matches") == [("arrival", visit)]
    # Whoever calls another agency hears the standard voice.
    elsewhere = Phone(stranger, tmp_path / "elsewhere.wav")
    stranger.plan_visit()
    elsewhere.call(stranger.home.line, (0.8, stranger.worker.code))
    assert elsewhere.heard(Phrase.ARRIVAL_AT)
    assert likeness(elsewhere.recording, own) < 0.9


def test_a_recording_that_was_lost_costs_no_call_and_comes_back(phone: Phone) -> None:
    agency = phone.agency
    agency.plan_visit()
    brought = record(agency, Phrase.ARRIVAL_AT)
    agency.core.command("stop postgresql")  # nothing can be brought while the call is made
    try:
        rmtree(brought.parent.parent)
        phone.call(agency.home.line, (0.8, agency.worker.code))
        assert phone.heard(Phrase.KEPT)
    finally:
        agency.core.command("start postgresql")
    wait_until(brought.exists, seconds=30)


def test_what_is_taken_back_is_said_by_the_standard_voice_at_the_next_call(phone: Phone) -> None:
    agency = phone.agency
    agency.plan_visit()
    record(agency, Phrase.CODE)
    with agency.connect() as conn:
        restore_standard(conn, ACTOR, Language.FRENCH, Phrase.CODE.value, now=agency.now())

    def standard_is_back() -> bool:
        phone.call(agency.home.line, hang_up_after=3.0)
        return phone.heard(Phrase.CODE)

    wait_until(standard_is_back, seconds=30)
