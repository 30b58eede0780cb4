"""Every language of the telephone: its wording is whole, its voice is heard, French stands in for it."""

import ast
import inspect
import shlex
import wave
from pathlib import Path

import numpy as np
import pytest

from docker.rootfs.build import build_rootfs
from docker.rootfs.voice import espeak_command
from homecare.kernel.ids import OrganisationId
from homecare.kernel.sound import RATE, resample
from homecare.punches.model import CodeTrouble
from homecare.workers.model import Language
from telephony import aside, departure, identity, ivr, proposal, punching
from telephony.actions import Ask, Say, Speak
from telephony.events import CodeLookedUp, Recorded
from telephony.model import WorkerFound
from telephony.sounds import Sounds
from telephony.speech import THE_DIALPLANS_OWN, Digits, Phrase, Spoken, TimeOfDay, Words
from telephony.wordings import read_wording
from tests.telephony.agency import ORGANISATION, say_nothing_own
from tests.telephony.dialogues import CODE, INES, at_home, receipt

ESPOKEN = (Language.ARABIC, Language.PORTUGUESE)


@pytest.fixture(scope="session")
def espeak() -> list[str]:
    return shlex.split(espeak_command(build_rootfs() / "root"))


@pytest.fixture(scope="session")
def heard(tmp_path_factory: pytest.TempPathFactory, espeak: list[str]) -> tuple[Path, Sounds]:
    """Every wording rendered, as on an installation."""
    folder = tmp_path_factory.mktemp("sounds")
    sounds = Sounds(folder, espeak=espeak, find_own=say_nothing_own)
    sounds.prepare(*Language)
    return folder, sounds


def samples(path: Path) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


@pytest.mark.parametrize("language", Language)
def test_every_phrase_has_a_text_and_no_text_is_left_over(language: Language) -> None:
    wording = read_wording(language)
    assert set(wording.phrases) == set(Phrase)
    assert wording.language is language
    assert all(text.strip() for text in wording.phrases.values())


def test_no_language_has_a_phrase_of_another_by_mistake() -> None:
    others = [language for language in Language if language is not Language.EASY_FRENCH]
    for phrase in Phrase:
        assert len({read_wording(language).phrases[phrase] for language in others}) == len(others), phrase


def test_every_phrase_is_said_somewhere_in_the_dialogue() -> None:
    said = {
        node.attr
        for part in (ivr, proposal, identity, punching, departure, aside)
        for node in ast.walk(ast.parse(inspect.getsource(part)))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Phrase"
    }
    the_dialplans_own = {phrase.name for phrase in THE_DIALPLANS_OWN}
    of_code_devices = {Phrase(trouble.value).name for trouble in CodeTrouble}
    assert said | the_dialplans_own | of_code_devices == {phrase.name for phrase in Phrase}


@pytest.mark.parametrize("language", Language)
def test_every_phrase_is_a_telephone_sound_that_is_heard(
    heard: tuple[Path, Sounds], language: Language
) -> None:
    folder, sounds = heard
    for phrase in Phrase:
        name = f"{language.value}/{phrase.value}"
        assert sounds.find([phrase], language, ORGANISATION) == (name,)
        said = samples(folder / f"{name}.wav")
        assert 0.25 < len(said) / RATE < 9, phrase
        assert 0.6 < np.abs(said.astype(float)).max() / 32767 < 0.8


@pytest.mark.parametrize("language", Language)
def test_a_time_is_rendered_in_the_callers_language_and_a_first_name_always_in_french(
    heard: tuple[Path, Sounds], language: Language
) -> None:
    folder, sounds = heard
    made: list[Spoken] = [TimeOfDay(8, 5), Digits("12"), Words("Inès")]
    time, digits, name = sounds.render(made, language, ORGANISATION)
    assert time.startswith(f"{language.value}/said/")
    assert digits.startswith(f"{language.value}/said/")
    assert name.startswith("fr/said/")
    assert all(len(samples(folder / f"{one}.wav")) > 2000 for one in (time, digits, name))


def test_a_language_whose_voice_is_missing_is_answered_in_french(tmp_path: Path) -> None:
    sounds = Sounds(tmp_path, espeak=["/nowhere/espeak-ng"], find_own=say_nothing_own)
    sounds.prepare(Language.FRENCH, Language.ARABIC, Language.SPANISH)
    assert sounds.find([Phrase.THANKS], Language.ARABIC, ORGANISATION) == ("fr/thanks",)
    assert sounds.find([Phrase.THANKS], Language.SPANISH, ORGANISATION) == ("es/thanks",)


def test_an_agencys_own_phrase_is_heard_by_its_callers_alone_and_nothing_else_changes(tmp_path: Path) -> None:
    own = {
        (ORGANISATION, Language.FRENCH, Phrase.THANKS): "own/7/fr/thanks-1",
        (ORGANISATION, Language.ARABIC, Phrase.THANKS): "own/7/ar/thanks-2",
    }
    sounds = Sounds(tmp_path, espeak=["/nowhere/espeak-ng"], find_own=lambda *of: own.get(of))
    assert sounds.find([Phrase.GOODBYE], Language.FRENCH, ORGANISATION) is None
    assert sounds.render([Phrase.THANKS], Language.FRENCH, ORGANISATION) == ("own/7/fr/thanks-1",)
    sounds.prepare(Language.FRENCH, Language.SPANISH)
    said = [Phrase.THANKS, Phrase.GOODBYE]
    assert sounds.find(said, Language.FRENCH, ORGANISATION) == ("own/7/fr/thanks-1", "fr/goodbye")
    assert sounds.find(said, Language.SPANISH, ORGANISATION) == ("es/thanks", "es/goodbye")
    assert sounds.find(said, Language.FRENCH, OrganisationId(8)) == ("fr/thanks", "fr/goodbye")
    assert sounds.find(said, Language.FRENCH, None) == ("fr/thanks", "fr/goodbye")
    # Without a voice for its times and its other phrases a language is French altogether.
    assert sounds.find(said, Language.ARABIC, ORGANISATION) == ("own/7/fr/thanks-1", "fr/goodbye")


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000])
def test_a_tone_keeps_its_pitch_and_strength_at_the_telephones_rate(rate: int) -> None:
    tone = 10000 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    narrow = resample(tone, rate)
    assert abs(len(narrow) - RATE) <= 1
    spectrum = np.abs(np.fft.rfft(narrow[:RATE]))
    assert int(np.argmax(spectrum)) == 1000
    assert np.abs(narrow[200:-200]).max() == pytest.approx(10000, rel=0.02)


# ---- the dialogue


@pytest.mark.parametrize("language", Language)
def test_the_worker_is_answered_in_their_language_from_the_code_on(language: Language) -> None:
    worker = WorkerFound(INES.worker, "Inès", asks_edge=False, language=language)
    talk = at_home().keys(CODE).hears(CodeLookedUp(worker)).hears(Recorded(receipt()))
    order = [action for action in talk.done if isinstance(action, Speak | Say | Ask)]
    assert order[0] == Ask((Phrase.CODE,), digits=6, seconds=5.0)
    assert order[1] == Speak(language)
    assert isinstance(order[2], Ask)
