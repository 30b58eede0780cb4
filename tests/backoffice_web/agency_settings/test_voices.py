"""The voices of the telephone in the back office: heard, replaced, given back, refused in words."""

import html
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from backoffice_web.agency_settings.phrases import PARTS
from homecare.access.model import Role
from homecare.punches.own_prompts import find_prompt, list_prompts
from homecare.punches.prompt_sound import LARGEST_BYTES, make_prompt
from homecare.workers.model import Language
from telephony.speech import THE_DIALPLANS_OWN, Phrase, can_be_recorded
from telephony.wordings import read_wording
from tests.backoffice_web.agency import Agency, signed
from tests.recordings import recording

PAGE = "/reglages/voix"
CODE = f"{PAGE}/fr/code"


def flat(text: str) -> str:
    return html.unescape(text).replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


def send(browser: FlaskClient, address: str, content: bytes, name: str = "code.wav") -> TestResponse:
    sound = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart({**signed(browser, PAGE), "sound": sound})
    return browser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def own(agency: Agency, language: Language = Language.FRENCH) -> list[str]:
    with agency.database.connect(agency.organisation) as conn:
        return sorted(list_prompts(conn, language))


@pytest.fixture
def standard(agency: Agency, tmp_path: Path) -> bytes:
    """The standard voice's sound of the first question, in a prompts folder of the test's own."""
    object.__setattr__(
        agency.app, "settings", agency.app.settings.model_copy(update={"prompts_dir": tmp_path})
    )
    sound, _ = make_prompt(recording(seconds=0.8))
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr/code.wav").write_bytes(sound)
    return sound


def test_every_phrase_that_a_call_can_say_stands_in_one_part_of_it() -> None:
    listed = [phrase for _title, phrases in PARTS for phrase in phrases]
    assert sorted(listed) == sorted(set(Phrase) - THE_DIALPLANS_OWN)


@pytest.mark.parametrize("language", Language)
def test_each_language_shows_the_phrases_that_are_said_in_it_and_no_other(
    agency: Agency, language: Language
) -> None:
    page = agency.browser(Role.ADMINISTRATOR).get(f"{PAGE}?langue={language}").text
    shown = re.findall(r'<li id="(\w+)">', page)
    assert sorted(shown) == sorted(phrase for phrase in Phrase if can_be_recorded(phrase, language))
    said = flat(page)
    for phrase in shown:
        assert flat(read_wording(language).phrases[Phrase(phrase)]) in said, phrase


def test_a_phrase_is_replaced_heard_and_given_back_to_the_standard_voice(
    agency: Agency, standard: bytes
) -> None:
    browser, content = agency.browser(Role.ADMINISTRATOR), recording()
    assert browser.get(f"{CODE}/son").data == standard
    answer = send(browser, CODE, content)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?langue=fr#code")
    page = flat(browser.get(PAGE).text)
    assert "Votre enregistrement, 1,3 s, est entendu dès les prochains appels." in page
    assert "votre voix, 1,3 s, depuis le 24/11/2026" in page
    heard = browser.get(f"{CODE}/son")
    assert (heard.data, heard.mimetype) == (make_prompt(content)[0], "audio/wav")
    assert own(agency) == ["code"]
    browser.post(f"{CODE}/standard", data=signed(browser, PAGE))
    assert "La voix standard dit de nouveau cette phrase." in flat(browser.get(PAGE).text)
    assert browser.get(f"{CODE}/son").data == standard
    assert own(agency) == []
    assert browser.post(f"{CODE}/standard", data=signed(browser, PAGE)).status_code == 404


def test_two_agencies_hear_each_their_own(agency: Agency, standard: bytes) -> None:
    send(agency.browser(Role.ADMINISTRATOR), CODE, recording())
    stranger = agency.database.create_organisation("Autre réseau")
    with agency.database.connect(stranger) as conn:
        assert find_prompt(conn, Language.FRENCH, "code") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Ce fichier est vide."),
        (b"PK\x03\x04" + bytes(500), "Ce fichier n'est pas un son WAV."),
        (recording()[:9000], "Ce fichier est incomplet"),
        (recording(loud=0.0005), "On n'entend rien"),
        (recording(seconds=25, rate=8000), "dure plus de 20 secondes"),
        (recording() + bytes(LARGEST_BYTES), "dépasse 10 Mo"),
    ],
    ids=["empty", "zip", "cut short", "silence", "long", "large"],
)
def test_what_is_no_recording_is_refused_in_words_beside_its_field(
    agency: Agency, content: bytes, words: str
) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    answer = send(browser, CODE, content)
    page = flat(answer.text)
    row = page.partition('<li id="code">')[2].partition("</li>")[0]
    assert answer.status_code == 422
    assert words in row
    assert 'aria-invalid="true"' in row
    assert '<details class="more-form" open>' in row
    assert page.count('aria-invalid="true"') == 1
    assert own(agency) == []


def test_a_form_without_its_file_is_refused_in_words(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    answer = browser.post(CODE, data=signed(browser, PAGE))
    assert answer.status_code == 422
    assert "Ce fichier est vide." in answer.text


@pytest.mark.parametrize(
    "name", ["../../fr/code.wav", "/etc/passwd", "code.wav\0.exe", "C:\\son.wav", "é" * 300]
)
def test_the_name_of_the_file_means_nothing(agency: Agency, name: str) -> None:
    assert send(agency.browser(Role.ADMINISTRATOR), CODE, recording(), name).status_code == 303
    assert own(agency) == ["code"]


@pytest.mark.parametrize(
    "address",
    [
        "fr/../../etc/passwd",
        "fr/..%2F..%2Fetc%2Fpasswd",
        "..%2F..%2Fetc/passwd",
        "fr/sorry",
        "en/home_code",
        "fr/rendered.json",
        "xx/code",
    ],
)
def test_an_address_that_names_no_phrase_leads_nowhere(agency: Agency, address: str) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    assert browser.get(f"{PAGE}/{address}/son").status_code == 404
    assert send(browser, f"{PAGE}/{address}", recording()).status_code == 404
    assert browser.get(f"{PAGE}?langue=../fr").status_code == 404


def test_other_forms_stay_small(agency: Agency) -> None:
    browser = agency.browser(Role.ADMINISTRATOR)
    assert send(browser, f"{CODE}/standard", bytes(300_000)).status_code == 413


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.WORKER])
def test_nobody_else_hears_or_replaces_anything(agency: Agency, role: Role) -> None:
    browser = agency.browser(role)
    token = signed(browser, "/moi" if role is Role.WORKER else "/planning")
    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{CODE}/son").status_code == 403
    fields = {**token, "sound": (io.BytesIO(recording()), "code.wav")}
    assert browser.post(CODE, data=fields, content_type="multipart/form-data").status_code == 403
    assert own(agency) == []


def test_the_standard_voice_that_is_not_ready_is_said_to_be_so(agency: Agency, standard: bytes) -> None:
    answer = agency.browser(Role.ADMINISTRATOR).get(f"{PAGE}/fr/thanks/son")
    assert answer.status_code == 404
    assert "pas encore préparé" in answer.text
