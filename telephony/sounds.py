"""What can be heard in every language. Every method may be called from any thread.

The agency's own words are read by the French voice, whoever listens: it knows how « Inès » and « rue des
Lilas » are said. A language whose voice cannot be run is answered in French. A phrase that the agency has
recorded itself is heard in its place.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from homecare.kernel.ids import OrganisationId
from homecare.workers.model import Language
from telephony.prompts import Prompts
from telephony.speech import Phrase, Spoken, Words
from telephony.voice import VoiceError
from telephony.wordings import read_wording

log = structlog.get_logger(__name__)


type FindOwn = Callable[[OrganisationId, Language, Phrase], str | None]
"""The name of a file that is there, relative to the prompts folder; None where the standard voice speaks."""


class Sounds:
    """The sound files of all languages under one folder.

    `organisation` is the one that is called; None: nobody's number, so nobody's own recordings.
    """

    def __init__(self, folder: Path, *, espeak: Sequence[str], find_own: FindOwn) -> None:
        """`espeak` is the words of the command that runs espeak-ng. `find_own` may not wait for anything."""
        self._prompts = {
            language: Prompts(read_wording(language), folder, espeak=espeak) for language in Language
        }
        self._find_own = find_own
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

    def find(
        self, sounds: Sequence[Spoken], language: Language, organisation: OrganisationId | None
    ) -> tuple[str, ...] | None:
        """Return the names that Asterisk plays, relative to the prompts folder, without suffix.

        None when one of `sounds` has no file yet.
        """
        names = []
        for sound in sounds:
            own, standard = self._own(sound, language, organisation), self._of(sound, language)
            if own is None and standard.lacks([sound]):
                return None
            names.append(own or standard.name(sound))
        return tuple(names)

    def render(
        self, sounds: Sequence[Spoken], language: Language, organisation: OrganisationId | None
    ) -> tuple[str, ...]:
        """Render those `sounds` that are not there yet; return the names of all that can be heard."""
        names: list[str] = []
        for sound in sounds:
            own = self._own(sound, language, organisation)
            names += [own] if own else self._of(sound, language).render([sound])
        return tuple(names)

    def _own(self, sound: Spoken, language: Language, organisation: OrganisationId | None) -> str | None:
        if organisation is None or not isinstance(sound, Phrase):
            return None
        return self._find_own(organisation, self._spoken(language), sound)

    def _of(self, sound: Spoken, language: Language) -> Prompts:
        return self._prompts[Language.FRENCH if isinstance(sound, Words) else self._spoken(language)]

    def _spoken(self, language: Language) -> Language:
        return language if language in self._ready else Language.FRENCH
