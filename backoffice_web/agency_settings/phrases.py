"""What the telephone says in a language, in the order of a call, and in whose voice. The page's own view."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from backoffice_web.i18n import lazy, typeset
from backoffice_web.languages import TONGUES
from homecare.punches.own_prompts import OwnPrompt
from homecare.workers.model import Language
from telephony.speech import Phrase, can_be_recorded
from telephony.wordings import Wording, read_wording

PARTS: tuple[tuple[Any, tuple[Phrase, ...]], ...] = (
    (
        lazy("Au début de l'appel"),
        (
            *(Phrase.CODE, Phrase.CODE_NEXT, Phrase.CODE_WRONG, Phrase.CODE_FOR_SCHEDULE),
            *(Phrase.HOME_CODE, Phrase.HOME_CODE_WRONG, Phrase.EDGE),
        ),
    ),
    (
        lazy("Le pointage est enregistré"),
        (
            *(Phrase.ARRIVAL_AT, Phrase.DEPARTURE_AT, Phrase.PUNCH_AT, Phrase.THANKS, Phrase.HOME_RINGS),
            *(Phrase.KEPT_AT, Phrase.KEPT, Phrase.TO_BE_CHECKED, Phrase.CONFLICT),
        ),
    ),
    (
        lazy("Au départ : tâches et inquiétude"),
        (
            *(Phrase.TASK_KEYS, Phrase.TASK_CODES, Phrase.TASK_UNKNOWN, Phrase.TASK_REFUSED),
            *(Phrase.TASKS_NOTED, Phrase.CONCERN, Phrase.CONCERN_SPEAK, Phrase.CONCERN_NOTED),
        ),
    ),
    (
        lazy("Le planning"),
        (
            *(Phrase.TODAY, Phrase.TODAY_EMPTY),
            *(Phrase.TOMORROW_KEY, Phrase.TOMORROW, Phrase.TOMORROW_EMPTY),
        ),
    ),
    (lazy("Parler à l'agence"), (Phrase.TRANSFER, Phrase.CALL_BACK, Phrase.CALL_BACK_FAILED)),
    (
        lazy("L'appel manqué"),
        (
            *(Phrase.MISSED_CALL, Phrase.MISSED_ARRIVAL, Phrase.MISSED_DEPARTURE),
            *(Phrase.MISSED_CONFIRM, Phrase.MISSED_UNCLEAR),
        ),
    ),
    (
        lazy("Le boîtier à code"),
        (
            *(Phrase.ROLLING_WRONG, Phrase.ROLLING_EXPIRED),
            *(Phrase.ROLLING_USED, Phrase.ROLLING_INACTIVE),
        ),
    ),
    (
        lazy("À la fin de l'appel"),
        (
            *(Phrase.GOODBYE, Phrase.THREE_ERRORS, Phrase.NO_ENTRY),
            *(Phrase.REFUSED_LINE, Phrase.UNAVAILABLE),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A phrase as it is said: its text, the same in French where that is another, the agency's recording."""

    key: str
    text: str
    french: str
    own: OwnPrompt | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the call, with what may be recorded of it."""

    title: Any
    phrases: tuple[Spoken, ...]


def list_parts(language: Language, own: Mapping[str, OwnPrompt]) -> list[Part]:
    """Return the parts of a call in which something may be recorded; `own` is what is, by its key."""
    texts, french = _wording(language).phrases, _wording(Language.FRENCH).phrases
    write = typeset if TONGUES[language].is_french else str

    def spoken(phrase: Phrase) -> Spoken:
        said, in_french = write(texts[phrase]), typeset(french[phrase])
        return Spoken(phrase.value, said, "" if said == in_french else in_french, own.get(phrase.value))

    parts = [
        Part(title, tuple(spoken(phrase) for phrase in phrases if can_be_recorded(phrase, language)))
        for title, phrases in PARTS
    ]
    return [part for part in parts if part.phrases]


@cache
def _wording(language: Language) -> Wording:
    return read_wording(language)
