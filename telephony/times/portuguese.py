"""« às oito e cinco », « à uma hora », « às vinte e uma horas », « ao meio-dia », « à meia-noite »."""

_UNITS = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze",
    "treze", "catorze", "quinze", "dezasseis", "dezassete", "dezoito", "dezanove",
)  # fmt: skip
_TENS = ("", "", "vinte", "trinta", "quarenta", "cinquenta")
_FEMININE = {"um": "uma", "dois": "duas"}


def words(hour: int, minute: int) -> str:
    """Return the time on twenty-four hours, with its preposition. Hours are feminine, minutes masculine."""
    match hour:
        case 0:
            said = "à meia-noite"
        case 12:
            said = "ao meio-dia"
        case 1:
            said = "à uma hora" if minute == 0 else "à uma"
        case _:
            said = f"às {_hours(hour)} horas" if minute == 0 else f"às {_hours(hour)}"
    if minute == 0:
        return said
    return f"{said} e um minuto" if minute == 1 else f"{said} e {_number(minute)}"


def _hours(hour: int) -> str:
    *tens, unit = _number(hour).split(" ")
    return " ".join((*tens, _FEMININE.get(unit, unit)))


def _number(number: int) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_TENS[tens]} e {_UNITS[unit]}" if unit else _TENS[tens]
