"""What can be heard in every language. Every method may be called from any thread.

The agency's own words are read by the French voice, whoever listens: it knows how « Inès » and « rue des
Lilas » are said. A language whose voice cannot be run is answered in French.
"""

from collections.abc import Sequence
from pathlib import Path

import structlog

from homecare.workers.model import Language
from telephony.prompts import Prompts
from telephony.speech import Spoken, Words
from telephony.voice import VoiceError
from telephony.wordings import read_wording

log = structlog.get_logger(__name__)


class Sounds:
    """The sound files of all languages under one folder."""

    def __init__(self, folder: Path, *, espeak: Sequence[str]) -> None:
        """`espeak` is the words of the command that runs espeak-ng."""
        self._prompts = {
            language: Prompts(read_wording(language), folder, espeak=espeak) for language in Language
        }
        self._ready: set[Language] = set()

    def prepare(self, *languages: Language) -> None:
        """Render what is missing of these wordings: a second each, the first time."""
        for language in languages:
            try:
                self._prompts[language].render_wording()
            except VoiceError as error:
                log.warning("prompts.no_voice", language=language.value, why=str(error))
            else:
                self._ready.add(language)

    def lacks(self, sounds: Sequence[Spoken], language: Language) -> bool:
        """Tell whether one of `sounds` has no file yet."""
        return any(self._of(sound, language).lacks([sound]) for sound in sounds)

    def names(self, sounds: Sequence[Spoken], language: Language) -> tuple[str, ...]:
        """Return the names that Asterisk plays, relative to the prompts folder, without suffix."""
        return tuple(self._of(sound, language).name(sound) for sound in sounds)

    def render(self, sounds: Sequence[Spoken], language: Language) -> tuple[str, ...]:
        """Render those `sounds` that are not there yet; return the names of all that can be heard."""
        return tuple(name for sound in sounds for name in self._of(sound, language).render([sound]))

    def _of(self, sound: Spoken, language: Language) -> Prompts:
        is_french = isinstance(sound, Words) or language not in self._ready
        return self._prompts[Language.FRENCH if is_french else language]
