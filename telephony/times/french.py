"""« quatorze heures trente-deux », « une heure », « vingt et une heures », « midi », « minuit »."""

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante")


def words(hour: int, minute: int) -> str:
    """Return the time as the French say it."""
    said = _hour(hour)
    return said if minute == 0 else f"{said} {_feminine(minute)}"


def _hour(hour: int) -> str:
    match hour:
        case 0:
            return "minuit"
        case 12:
            return "midi"
        case 1:
            return "une heure"
        case _:
            return f"{_feminine(hour)} heures"


def _feminine(number: int) -> str:
    """Return a number below sixty as it counts hours or minutes: « vingt et une »."""
    tens, unit = divmod(number, 10)
    if number < len(_UNITS):
        return "une" if number == 1 else _UNITS[number]
    if unit == 0:
        return _TENS[tens]
    return f"{_TENS[tens]} et une" if unit == 1 else f"{_TENS[tens]}-{_UNITS[unit]}"
