"""Sound files of the telephone: rendered once from the wording, cached, 8 kHz WAV as Asterisk plays them.

A phrase of the wording is `<language>/<phrase>.wav`, rendered again when its text or voice changes. Words
made for a call are `<language>/said/<digest>.wav`: the name depends on nothing but what is heard, so
no text of a stranger ever becomes a path. `python -m telephony.prompts --into DIR` renders a wording.
"""

import argparse
import hashlib
import json
import os
import sys
import threading
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
import yaml

from telephony.speech import Phrase, Spoken, Words
from telephony.voice import ENGINE, RATE, speak

WORDINGS = Path(__file__).parent / "wording"
_MANIFEST = "rendered.json"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wording:
    """The versioned text of one language and the voice that reads it. Every phrase has its text."""

    language: str
    voice: str
    speed: float
    phrases: Mapping[Phrase, str]


def read_wording(language: str) -> Wording:
    """Read a wording file. Raises KeyError or ValueError when a phrase is missing or unknown."""
    content = yaml.safe_load((WORDINGS / f"{language}.yaml").read_text(encoding="utf-8"))
    texts = {Phrase(key): str(text) for key, text in content["phrases"].items()}
    return Wording(
        language=str(content["language"]),
        voice=str(content["voice"]),
        speed=float(content["speed"]),
        phrases={phrase: texts[phrase] for phrase in Phrase},
    )


class Prompts:
    """The sound files of one wording under one folder. Every method may be called from any thread."""

    def __init__(self, wording: Wording, folder: Path) -> None:
        """`folder` is the prompts folder as this program sees it; Asterisk may see it elsewhere."""
        self._wording = wording
        self._home = folder / wording.language
        self._rendering = threading.Lock()

    def render_wording(self) -> int:
        """Render the phrases whose text or voice has changed. Return how many were."""
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
                _replace(self._home / _MANIFEST, json.dumps(wanted, indent=1).encode())
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
            except ValueError:
                log.warning("prompt.unsayable", name=self.name(sound))
                return False
            return True

    def lacks(self, sounds: Sequence[Spoken]) -> bool:
        """Tell whether one of `sounds` has no file yet."""
        return not all(self._path(sound).exists() for sound in sounds)

    def name(self, sound: Spoken) -> str:
        """Return the name that Asterisk plays, relative to the prompts folder, without suffix."""
        language = self._wording.language
        match sound:
            case Phrase():
                return f"{language}/{sound.value}"
            case Words(text):
                return f"{language}/said/{self._digest(text)}"

    def _path(self, sound: Spoken) -> Path:
        return self._home.parent / f"{self.name(sound)}.wav"

    def _text(self, sound: Spoken) -> str:
        return sound.text if isinstance(sound, Words) else self._wording.phrases[sound]

    def _digest(self, text: str) -> str:
        heard = json.dumps([ENGINE, self._wording.voice, self._wording.speed, text])
        return hashlib.sha256(heard.encode()).hexdigest()[:32]

    def _read_manifest(self) -> dict[str, str]:
        try:
            known = json.loads((self._home / _MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, path: Path, text: str) -> None:
        """Write the spoken text. Asterisk never sees half a file: a new one takes the name at the end."""
        pcm = speak(text, voice=self._wording.voice, speed=self._wording.speed)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".new{os.getpid()}")
        with wave.open(str(new), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(pcm)
        new.replace(path)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(f".new{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def main(arguments: Sequence[str]) -> None:
    """Render a wording from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="the prompts folder")
    parser.add_argument("--language", default="fr")
    options = parser.parse_args(arguments)
    count = Prompts(read_wording(options.language), options.into).render_wording()
    sys.stdout.write(f"{count} phrases rendered into {options.into}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
