"""Sound files of the telephone: rendered once from the wording, cached, 8 kHz WAV as Asterisk plays them.

A phrase of the wording is `<language>/<phrase>.wav`, rendered again when its text or voice changes. What is
made for a call is `<language>/said/<digest>.wav`: the name depends on nothing but what is heard, so no text
of a stranger ever becomes a path. `python -m telephony.prompts --into DIR` renders the wordings.
"""

import argparse
import hashlib
import json
import os
import shlex
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import structlog

from homecare.kernel.sound import wav
from homecare.workers.model import Language
from telephony.speech import Phrase, Spoken
from telephony.voice import Engine, Voice, VoiceError, speak
from telephony.wordings import Wording, read_wording

ESPEAK = ("espeak-ng",)
_ENGINES = {"pico": Engine.PICO, "espeak": Engine.ESPEAK}
_MANIFEST = "rendered.json"
_REMEMBERED = 5000
"""Names kept in memory: the phrases, the minutes of a day, the first names and streets of an agency."""

log = structlog.get_logger(__name__)


class Prompts:
    """The sound files of one wording under one folder. Every method may be called from any thread."""

    def __init__(self, wording: Wording, folder: Path, *, espeak: Sequence[str] = ESPEAK) -> None:
        """`folder` is the prompts folder as this program sees it; Asterisk may see it elsewhere."""
        self._wording = wording
        self._voice = Voice(_ENGINES[wording.engine], wording.voice, wording.speed)
        self._espeak = espeak
        self._home = folder / wording.language.value
        self._rendering = threading.Lock()
        # Six names a call, most of them the same as in the call before.
        self._name = lru_cache(_REMEMBERED)(self._make_name)
        self._file = lru_cache(_REMEMBERED)(lambda sound: str(self._path(sound)))

    def render_wording(self) -> int:
        """Render the phrases whose text or voice has changed. Return how many were. Raises VoiceError."""
        with self._rendering:
            known = self._read_manifest()
            wanted = {phrase.value: self._digest(text) for phrase, text in self._wording.phrases.items()}
            stale = [
                phrase
                for phrase in self._wording.phrases
                if known.get(phrase) != wanted[phrase] or not self._path(phrase).exists()
            ]
            for phrase in stale:
                self._write(self._path(phrase), self._wording.phrases[phrase])
            if stale or known != wanted:
                replace_file(self._home / _MANIFEST, json.dumps(wanted, indent=1).encode())
            return len(stale)

    def render(self, sounds: Sequence[Spoken]) -> tuple[str, ...]:
        """Render those `sounds` that are not there yet; return the names of all that can be heard."""
        return tuple(self.name(sound) for sound in sounds if self._exists_or_renders(sound))

    def _exists_or_renders(self, sound: Spoken) -> bool:
        path = self._path(sound)
        with self._rendering:
            if path.exists():
                return True
            try:
                self._write(path, self._text(sound))
            except (ValueError, VoiceError) as error:
                log.warning("prompt.unsayable", name=self.name(sound), why=str(error))
                return False
            return True

    def lacks(self, sounds: Sequence[Spoken]) -> bool:
        """Tell whether one of `sounds` has no file yet."""
        return not all(os.path.exists(self._file(sound)) for sound in sounds)  # noqa: PTH110 - each call waits

    def name(self, sound: Spoken) -> str:
        """Return the name that Asterisk plays, relative to the prompts folder, without suffix."""
        return self._name(sound)

    def _make_name(self, sound: Spoken) -> str:
        language = self._wording.language.value
        if isinstance(sound, Phrase):
            return f"{language}/{sound.value}"
        return f"{language}/said/{self._digest(self._text(sound))}"

    def _path(self, sound: Spoken) -> Path:
        return self._home.parent / f"{self.name(sound)}.wav"

    def _text(self, sound: Spoken) -> str:
        return self._wording.text_of(sound)

    def _digest(self, text: str) -> str:
        heard = json.dumps([self._voice.engine, self._voice.name, self._voice.speed, text])
        return hashlib.sha256(heard.encode()).hexdigest()[:32]

    def _read_manifest(self) -> dict[str, str]:
        try:
            known = json.loads((self._home / _MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, path: Path, text: str) -> None:
        replace_file(path, wav(speak(text, self._voice, espeak=self._espeak)))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file. Nobody ever sees half of it: a new one takes the name at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(f".new{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def main(arguments: Sequence[str]) -> None:
    """Render every wording from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="the prompts folder")
    parser.add_argument("--espeak", default=shlex.join(ESPEAK), metavar="COMMAND", help="runs espeak-ng")
    options = parser.parse_args(arguments)
    espeak = shlex.split(options.espeak)
    for language in Language:
        count = Prompts(read_wording(language), options.into, espeak=espeak).render_wording()
        sys.stdout.write(f"{language.value}: {count} phrases rendered into {options.into}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
