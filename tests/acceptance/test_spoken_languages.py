"""One number for everybody: the language follows the code (P8, and the voice of N20), on real calls."""

from pathlib import Path

import pytest

from homecare.workers.model import Language
from telephony.speech import Phrase, Words, time_of
from tests.acceptance.phone import Phone
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    for language in Language:
        goodbye = agency.settings.prompts_dir / language.value / f"{list(Phrase)[-1].value}.wav"
        wait_until(goodbye.exists, seconds=60)
    return Phone(agency, tmp_path / "heard.wav")


@feature("P8", "N20")
@pytest.mark.parametrize("language", [one for one in Language if one is not Language.FRENCH])
def test_the_same_number_answers_each_worker_in_the_language_of_their_card(
    phone: Phone, language: Language
) -> None:
    phone.agency.plan_visit()
    with phone.agency.connect() as conn:
        conn.execute("UPDATE workers SET language = %s WHERE id = %s", (language, phone.agency.worker.id))
    phone.call(phone.agency.home.line, (0.8, phone.agency.worker.code))
    ((stored, first_name),) = phone.rows(
        "SELECT punched_at, first_name FROM punch_matches m JOIN workers w ON w.id = m.worker_id"
    )
    assert phone.heard(Phrase.ARRIVAL_AT, language)
    assert phone.heard(time_of(stored), language)
    assert phone.heard(Phrase.THANKS, language)
    assert phone.heard(Words(first_name))
    assert not phone.heard(Phrase.ARRIVAL_AT)
