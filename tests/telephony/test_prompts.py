import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from homecare.workers.model import Language
from telephony.prompts import Prompts
from telephony.speech import Phrase, Words
from telephony.wordings import read_wording


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    Prompts(read_wording(Language.FRENCH), folder).render_wording()
    return folder


@pytest.fixture
def prompts(folder: Path) -> Prompts:
    return Prompts(read_wording(Language.FRENCH), folder)


def samples(path: Path) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def test_every_phrase_has_a_text_and_no_text_is_left_over() -> None:
    assert set(read_wording(Language.FRENCH).phrases) == set(Phrase)


@pytest.mark.parametrize("phrase", Phrase)
def test_every_phrase_is_a_telephone_sound_that_is_heard(folder: Path, phrase: Phrase) -> None:
    heard = samples(folder / f"fr/{phrase.value}.wav")
    assert 0.3 < len(heard) / 8000 < 8
    assert 0.6 < np.abs(heard.astype(float)).max() / 32767 < 0.8


def test_the_first_question_is_short(folder: Path) -> None:
    assert len(samples(folder / "fr/code.wav")) / 8000 < 2.5


def test_a_wording_is_rendered_once(prompts: Prompts) -> None:
    assert prompts.render_wording() == 0


def test_only_a_changed_text_is_rendered_again(folder: Path) -> None:
    wording = read_wording(Language.FRENCH)
    changed = replace(wording, phrases={**wording.phrases, Phrase.THANKS: "Merci bien"})
    assert Prompts(changed, folder).render_wording() == 1
    assert Prompts(wording, folder).render_wording() == 1


def test_a_lost_sound_is_rendered_again(folder: Path, prompts: Prompts) -> None:
    (folder / "fr/thanks.wav").unlink()
    assert prompts.render_wording() == 1


def test_words_are_rendered_on_demand_and_found_again(folder: Path, prompts: Prompts) -> None:
    name = [Words("Inès")]
    assert prompts.lacks(name)
    (said,) = prompts.render(name)
    assert not prompts.lacks(name)
    assert len(samples(folder / f"{said}.wav")) > 1000


def test_no_text_becomes_a_path(folder: Path, prompts: Prompts) -> None:
    (said,) = prompts.render([Words("../../../etc/passwd\n$(id)")])
    assert (folder / f"{said}.wav").resolve().parent == (folder / "fr/said").resolve()


def test_marks_that_the_voice_would_obey_are_not_obeyed(folder: Path, prompts: Prompts) -> None:
    (plain,) = prompts.render([Words("volume level 0 Omar")])
    (marked,) = prompts.render([Words('<volume level="0">Omar</volume>')])
    assert np.abs(samples(folder / f"{marked}.wav")).max() == np.abs(samples(folder / f"{plain}.wav")).max()


def test_what_cannot_be_said_is_left_out(prompts: Prompts) -> None:
    assert prompts.render([Words("<>"), Phrase.THANKS]) == ("fr/thanks",)
