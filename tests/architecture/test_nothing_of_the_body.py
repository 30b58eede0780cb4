"""No voice-print, no selfie: absent from messages, tables, browsers and libraries (decision 17)."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backoffice_web.portals.worker.note_wire import read_note
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from mqtt_bridge.wire import Refusal, WireError, decode_punch
from realtime.checkin_wire import read_check_in
from tests.features import feature

PACKAGES = (
    "homecare",
    "telephony",
    "mqtt_bridge",
    "nfc_gateway",
    "optimizer",
    "realtime",
    "spool",
    "worker",
    "backoffice_web",
)
ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BODY = ("photo", "selfie", "picture", "face", "voice", "voiceprint", "fingerprint", "biometrics")
# What recognises a face, a voice or a finger, or learns to: how the names of such packages begin.
RECOGNISERS = re.compile(
    r"(^|[-_./@])(face|facial|deepface|insightface|mediapipe|opencv|dlib|speech|speaker|voice|pyannote|resemblyzer"
    r"|librosa|whisper|vosk|torch|tensorflow|keras|onnx|scikit|scipy|transformers|biometr|finger|webauthn|fido)"
)
# Where there is arithmetic on samples, to make what the telephone plays, and on matrices, to plan rounds.
MAY_COMPUTE = (
    *("homecare/kernel/sound.py", "homecare/kernel/wav_file.py", "homecare/punches/prompt_sound.py"),
    *("telephony/voice.py", "optimizer/"),
)
STILL_OR_SOUND = re.compile(
    r"MediaRecorder|ImageCapture|takePhoto|grabFrame|toDataURL|toBlob|drawImage|getImageData|createImageBitmap"
    r"|VideoFrame|MediaStreamTrackProcessor|SpeechRecognition|RTCPeerConnection|navigator\.credentials"
)
# Binary columns are digests, sealed or public keys, ends of chains, authorities' tokens; no template.
BINARY = re.compile(r"(^|_)(hash|digest|uid|keys?|secret|root|seal|token)$")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sources(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


SPOKEN = "voice_notes.message"
"""A concern that a worker chose to tell, to be heard by a person: no program looks at it, it is erased."""
PLAYED = "own_prompts.sound"
"""A phrase that the agency recorded for its callers to hear: the voice of nobody who calls (decision 25)."""
ITS_PAGE = "backoffice_web/agency_settings/templates/agency_settings/voices.html"


@feature("P11", "N13")
@pytest.mark.parametrize("field", BODY)
def test_no_message_of_a_punch_carries_anything_of_the_body(field: str) -> None:
    at = NOW.isoformat()
    check_in = {"v": 1, "at": at, "qr": "abc"}
    note = {"v": 1, "at": at, "kind": "comment", "visit": 1, "text": "Rien à dire."}
    punch = {"v": 1, "ref": "r-1", "at": at, "tag": "t", "badge": None, "edge": None}
    read_check_in(json.dumps(check_in).encode(), key="key-of-a-punch", received_at=NOW)
    read_note("key-of-a-note", json.dumps(note).encode(), received_at=NOW, shown_at=lambda at: at)
    decode_punch(json.dumps(punch).encode())
    with pytest.raises(InvalidError):
        read_check_in(json.dumps(check_in | {field: "AAAA"}).encode(), key="key-of-a-punch", received_at=NOW)
    with pytest.raises(InvalidError):
        read_note(
            "key-of-a-note", json.dumps(note | {field: "A"}).encode(), received_at=NOW, shown_at=lambda at: at
        )
    with pytest.raises(WireError) as refused:
        decode_punch(json.dumps(punch | {field: "AAAA"}).encode())
    assert refused.value.refusal is Refusal.UNKNOWN_FIELD


@feature("P11", "N13")
def test_the_database_has_no_column_for_a_template_or_a_picture(conn: db.Conn) -> None:
    columns = conn.execute(
        """SELECT table_name, column_name, data_type FROM information_schema.columns
           WHERE table_schema = 'public'"""
    ).fetchall()
    assert len(columns) > 100
    binary = {f"{table}.{name}" for table, name, kind in columns if kind == "bytea"}
    assert {column for column in binary if not BINARY.search(column.split(".")[1])} == {SPOKEN, PLAYED}
    named = [f"{table}.{name}" for table, name, _ in columns if set(name.split("_")) & {*BODY, "template"}]
    assert named == []


@feature("N13")
def test_the_camera_is_opened_in_one_place_to_read_codes_and_no_picture_is_taken() -> None:
    scripts = sources("backoffice_web/static/js/**/*.js")
    opened = {name_of(path): re.findall(r"getUserMedia\((.*?)\)", path.read_text()) for path in scripts}
    assert {name: calls for name, calls in opened.items() if calls} == {
        "backoffice_web/static/js/phone/readers.js": ['{ video: { facingMode: "environment" } }']
    }
    assert [name_of(path) for path in scripts if STILL_OR_SOUND.search(path.read_text())] == []
    pages = sources("backoffice_web/**/*.html")
    assert [name_of(path) for path in pages if re.search(r"\bcapture\b|<canvas", path.read_text())] == []
    assert [name_of(path) for path in pages if "<audio" in path.read_text()] == [ITS_PAGE]


@feature("P11", "N13")
def test_nothing_that_recognises_people_is_installed() -> None:
    python = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    browser = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(python) > 50
    assert len(browser) > 20
    names = [*python, *(name.removeprefix("node_modules/") for name in browser)]
    assert [name for name in names if RECOGNISERS.search(name.lower())] == []


@feature("P11")
def test_no_program_computes_on_a_voice_that_was_heard() -> None:
    computing = [
        name_of(path)
        for path in sources(*(f"{package}/**/*.py" for package in PACKAGES))
        if re.search(r"^\s*(import|from) (numpy|array|audioop)\b", path.read_text(), re.MULTILINE)
    ]
    assert computing
    assert [name for name in computing if not name.startswith(MAY_COMPUTE)] == []


@feature("P11", "N13")
def test_the_refusal_is_written_down_for_agencies_and_for_developers() -> None:
    guide = (ROOT / "docs/guide/donnees-personnelles.md").read_text()
    decision = (ROOT / "docs/dev/decisions/0017-no-voice-print-no-selfie.md").read_text()
    for text in (guide, decision):
        assert "CNIL" in text
        assert re.search(r"2012-322", text)
        assert re.search("selfie", text)
    assert "empreinte vocale" in guide
