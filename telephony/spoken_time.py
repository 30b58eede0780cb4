"""The time of day as a French voice says it: « quatorze heures trente-deux ».

Spelled in words, because a synthetic voice reads "14:32" badly and "1 h" in the wrong gender.
"""

from datetime import datetime

from homecare.kernel.calendar import PARIS

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante")


def feminine_number(number: int) -> str:
    """Return 0 ≤ `number` < 60 in words, as it counts hours or minutes: « vingt et une »."""
    tens, unit = divmod(number, 10)
    if number < len(_UNITS):
        return "une" if number == 1 else _UNITS[number]
    if unit == 0:
        return _TENS[tens]
    return f"{_TENS[tens]} et une" if unit == 1 else f"{_TENS[tens]}-{_UNITS[unit]}"


def spoken_hour(hour: int) -> str:
    """Return the hour with its noun: « une heure », « vingt et une heures », « midi », « minuit »."""
    match hour:
        case 0:
            return "minuit"
        case 12:
            return "midi"
        case 1:
            return "une heure"
        case _:
            return f"{feminine_number(hour)} heures"


def spoken_time(instant: datetime) -> str:
    """Return what an aware instant is called in Paris, to the minute, seconds dropped as on a screen."""
    local = instant.astimezone(PARIS)
    hour = spoken_hour(local.hour)
    return hour if local.minute == 0 else f"{hour} {feminine_number(local.minute)}"
