"""A line from which codes were guessed: the guesser hears nothing of use, the worker there still punches."""

from datetime import UTC, datetime
from pathlib import Path

from homecare.punches.lockout import ONE_LINE, note_wrong_entry
from telephony.speech import Phrase
from tests.acceptance.phone import Phone
from tests.realtime.agency import Agency


def test_after_too_many_wrong_codes_right_and_wrong_sound_alike_and_the_right_one_punches(
    agency: Agency, tmp_path: Path
) -> None:
    visit, phone = agency.plan_visit(), Phone(agency, tmp_path / "heard.wav")
    wrong = "000000" if agency.worker.code != "000000" else "111111"
    with agency.connect() as conn:
        for _ in range(ONE_LINE.wrong - 3):
            note_wrong_entry(conn, agency.home.line, is_home=True, now=datetime.now(UTC))
    phone.call(agency.home.line, (0.8, wrong), (2.0, wrong), (2.0, wrong))
    assert phone.heard(Phrase.THREE_ERRORS)
    for code in (wrong, agency.worker.code):
        phone.call(agency.home.line, (0.8, code))
        assert phone.heard(Phrase.TO_BE_CHECKED)
        assert not phone.heard(Phrase.CODE_WRONG)
        assert not phone.heard(Phrase.ARRIVAL_AT)
    found = phone.rows("SELECT visit_id, doubt FROM punch_matches ORDER BY punch_id")
    assert found == [(None, "unknown_worker"), (visit, None)]
