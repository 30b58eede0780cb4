"""What a caller can hear: phrases of the wording, and what is made for this call (a time, a first name)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel.calendar import PARIS
from homecare.workers.model import Language


class Phrase(StrEnum):
    """A fixed phrase. Its text is in `telephony/wording/<language>.yaml`, under this value."""

    CODE = "code"
    CODE_NEXT = "code_next"
    CODE_WRONG = "code_wrong"
    CODE_FOR_SCHEDULE = "code_for_schedule"
    HOME_CODE = "home_code"
    HOME_CODE_WRONG = "home_code_wrong"
    ROLLING_WRONG = "rolling_wrong"
    ROLLING_EXPIRED = "rolling_expired"
    ROLLING_USED = "rolling_used"
    ROLLING_INACTIVE = "rolling_inactive"
    EDGE = "edge"
    ARRIVAL_AT = "arrival_at"
    DEPARTURE_AT = "departure_at"
    PUNCH_AT = "punch_at"
    THANKS = "thanks"
    HOME_RINGS = "home_rings"
    KEPT_AT = "kept_at"
    KEPT = "kept"
    KEPT_ALONE = "kept_alone"
    TO_BE_CHECKED = "to_be_checked"
    CONFLICT = "conflict"
    SORRY = "sorry"
    UNAVAILABLE = "unavailable"
    TASK_KEYS = "task_keys"
    TASK_CODES = "task_codes"
    TASK_UNKNOWN = "task_unknown"
    TASK_REFUSED = "task_refused"
    TASKS_NOTED = "tasks_noted"
    CONCERN = "concern"
    CONCERN_SPEAK = "concern_speak"
    CONCERN_NOTED = "concern_noted"
    TODAY = "today"
    TODAY_EMPTY = "today_empty"
    TOMORROW_KEY = "tomorrow_key"
    TOMORROW = "tomorrow"
    TOMORROW_EMPTY = "tomorrow_empty"
    TRANSFER = "transfer"
    CALL_BACK = "call_back"
    CALL_BACK_FAILED = "call_back_failed"
    MISSED_CALL = "missed_call"
    MISSED_ARRIVAL = "missed_arrival"
    MISSED_DEPARTURE = "missed_departure"
    MISSED_CONFIRM = "missed_confirm"
    MISSED_UNCLEAR = "missed_unclear"
    THREE_ERRORS = "three_errors"
    NO_ENTRY = "no_entry"
    REFUSED_LINE = "refused_line"
    GOODBYE = "goodbye"


THE_DIALPLANS_OWN = frozenset({Phrase.SORRY, Phrase.KEPT_ALONE})
"""Said by Asterisk alone, in French, when there is no core to ask who was called."""
BEFORE_THE_CODE = frozenset(
    {
        Phrase.CODE,
        Phrase.HOME_CODE,
        Phrase.HOME_CODE_WRONG,
        Phrase.ROLLING_WRONG,
        Phrase.ROLLING_EXPIRED,
        Phrase.ROLLING_USED,
        Phrase.ROLLING_INACTIVE,
        Phrase.MISSED_UNCLEAR,
        Phrase.REFUSED_LINE,
    }
)
"""Said in French to everybody: who calls, and in which language, is not known yet."""


def can_be_recorded(phrase: Phrase, language: Language) -> bool:
    """Tell whether an agency's own recording of it would ever be heard."""
    is_heard = language is Language.FRENCH or phrase not in BEFORE_THE_CODE
    return is_heard and phrase not in THE_DIALPLANS_OWN


@dataclass(frozen=True, slots=True)
class Words:
    """The agency's own words (a first name, a street, a task): French, whoever listens."""

    text: str


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """An hour and a minute of the day in Paris, said in the caller's language."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits read one by one in the caller's language."""

    digits: str


type Spoken = Phrase | Words | TimeOfDay | Digits


def time_of(instant: datetime) -> TimeOfDay:
    """Return what an aware instant is called in Paris, to the minute, seconds dropped as on a screen."""
    local = instant.astimezone(PARIS)
    return TimeOfDay(local.hour, local.minute)
