"""The files of agencies' own recordings as a core finds them: what is played, left alone, removed."""

import os
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock

from homecare.kernel.ids import OrganisationId
from homecare.kernel.sound import wav
from homecare.punches.own_prompts import PromptKey
from homecare.workers.model import Language
from realtime.db import Database
from realtime.own_prompts import LINGERING_SECONDS, OwnPrompts
from telephony.speech import Phrase

AGENCY = OrganisationId(7)
FRENCH = Language.FRENCH
OLD, NEW = "0" * 32, "f" * 32


def core(folder: Path) -> OwnPrompts:
    """A core that starts while the database is away: nothing but the folder tells it anything."""
    clock: Any = Clock()
    return OwnPrompts(folder, database=Database("host=127.0.0.1 port=1", clock), reactor=clock)


def put(folder: Path, name: str, content: bytes = wav(bytes(800))) -> Path:
    path = folder / "own" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_core_that_starts_without_its_database_plays_what_lies_there_the_latest_first(
    tmp_path: Path,
) -> None:
    old = put(tmp_path, f"7/fr/thanks-{OLD}.wav")
    put(tmp_path, f"7/fr/thanks-{NEW}.wav")
    os.utime(old, (0, 0))
    put(tmp_path, f"7/fr-facile/code_next-{OLD}.wav")
    own = core(tmp_path)
    assert own.find(AGENCY, FRENCH, Phrase.THANKS) == f"own/7/fr/thanks-{NEW}"
    assert own.find(AGENCY, Language.EASY_FRENCH, Phrase.CODE_NEXT) == f"own/7/fr-facile/code_next-{OLD}"
    assert own.find(AGENCY, Language.ARABIC, Phrase.THANKS) is None
    assert own.find(AGENCY, FRENCH, Phrase.CODE) is None
    assert own.find(OrganisationId(8), FRENCH, Phrase.THANKS) is None


@pytest.mark.parametrize("content", [None, b"", wav(b"")], ids=["lost", "empty", "no sound"])
def test_a_file_that_holds_no_sound_is_the_standard_voice(tmp_path: Path, content: bytes | None) -> None:
    path = put(tmp_path, f"7/fr/thanks-{OLD}.wav")
    own = core(tmp_path)
    path.unlink()
    if content is not None:
        put(tmp_path, f"7/fr/thanks-{OLD}.wav", content)
    assert own.find(AGENCY, FRENCH, Phrase.THANKS) is None


def test_what_is_no_file_of_ours_is_neither_played_nor_removed(tmp_path: Path) -> None:
    strangers = [
        put(tmp_path, name)
        for name in (
            *("7/fr/thanks.wav", "7/fr/thanks-1.wav"),
            *(f"all/fr/thanks-{OLD}.wav", f"7/fr/Thanks-{OLD}.wav"),
        )
    ]
    own = core(tmp_path)
    assert own.find(AGENCY, FRENCH, Phrase.THANKS) is None
    for now in (0.0, 10 * LINGERING_SECONDS):
        own.sweep([], now=now)
    assert all(path.exists() for path in strangers)


def test_a_file_goes_once_nobody_has_wanted_it_for_long(tmp_path: Path) -> None:
    old, new = put(tmp_path, f"7/fr/thanks-{OLD}.wav"), put(tmp_path, f"7/fr/thanks-{NEW}.wav")
    wanted = [PromptKey(AGENCY, "fr", "thanks", NEW)]
    both = [PromptKey(AGENCY, "fr", "thanks", OLD), *wanted]
    own = core(tmp_path)
    own.sweep(wanted, now=0.0)
    own.sweep(both, now=LINGERING_SECONDS - 1)  # wanted again: another core knew more
    own.sweep(wanted, now=LINGERING_SECONDS)
    own.sweep(wanted, now=2 * LINGERING_SECONDS - 1)
    assert old.exists()
    own.sweep(wanted, now=2 * LINGERING_SECONDS)
    assert not old.exists()
    assert new.exists()
