"""The languages that a worker's screens speak, each with its catalogue: `translations/<language>.po`.

French is the language of the message ids and needs none. A catalogue is read and compiled at its first use,
so that what is committed is what translators edit.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import override

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from homecare.workers.model import Language

CATALOGUES = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a page is written: `tag` for browsers and readers, `locale` and `day` for dates, its own `name`."""

    language: Language
    tag: str
    locale: str
    name: str
    day: str
    is_rtl: bool = False

    @property
    def is_french(self) -> bool:
        """Whether French typography holds: its spaces before `:` and `?` are wrong in other languages."""
        return self.tag == "fr"


FRENCH = Tongue(Language.FRENCH, "fr", "fr", "Français", "EEEE d MMMM")
TONGUES: dict[Language, Tongue] = {
    tongue.language: tongue
    for tongue in (
        FRENCH,
        Tongue(Language.EASY_FRENCH, "fr", "fr", "Français facile", FRENCH.day),
        Tongue(Language.ENGLISH, "en", "en_GB", "English", "EEEE d MMMM"),
        Tongue(Language.ARABIC, "ar", "ar", "العربية", "EEEE، d MMMM", is_rtl=True),
        Tongue(Language.PORTUGUESE, "pt", "pt_PT", "Português", "EEEE, d 'de' MMMM"),
        Tongue(Language.SPANISH, "es", "es", "Español", "EEEE, d 'de' MMMM"),
    )
}


def path_of(tongue: Tongue) -> Path:
    """Return where the catalogue of a language is."""
    return CATALOGUES / f"{tongue.language}.po"


class _FrenchIds(NullTranslations):
    """The message ids as they are, with the French plural: nought takes the singular."""

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2  # noqa: PLR2004


@cache
def catalogue_of(tongue: Tongue) -> NullTranslations:
    """Return the language's messages. What a catalogue does not have stays in French."""
    if tongue is FRENCH:
        return _FrenchIds()
    with path_of(tongue).open("rb") as file:
        messages = read_po(file, locale=tongue.locale)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)
