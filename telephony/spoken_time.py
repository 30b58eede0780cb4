"""The time of day as a voice says it, in each language. Pure."""

from collections.abc import Callable, Mapping

from homecare.workers.model import Language
from telephony.speech import TimeOfDay
from telephony.times import arabic, english, french, portuguese, spanish

_WORDS: Mapping[Language, Callable[[int, int], str]] = {
    Language.FRENCH: french.words,
    Language.EASY_FRENCH: french.words,
    Language.ENGLISH: english.words,
    Language.ARABIC: arabic.words,
    Language.PORTUGUESE: portuguese.words,
    Language.SPANISH: spanish.words,
}


def spoken_time(time: TimeOfDay, language: Language) -> str:
    """Return the time in words."""
    return _WORDS[language](time.hour, time.minute)
