"""What a caller can hear: phrases of the wording, and words made for this call (a time, a first name)."""

from dataclasses import dataclass
from enum import StrEnum


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
    THREE_ERRORS = "three_errors"
    NO_ENTRY = "no_entry"
    REFUSED_LINE = "refused_line"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are in no wording file, rendered on demand and cached."""

    text: str


type Spoken = Phrase | Words
