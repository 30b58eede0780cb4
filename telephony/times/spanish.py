"""« a las ocho y cinco », « a la una », « a las veintiuna horas », « a mediodía », « a medianoche »."""

_UNITS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta")


def words(hour: int, minute: int) -> str:
    """Return the time on twenty-four hours, with its preposition."""
    if minute == 0:
        return _full_hour(hour)
    minutes = "un minuto" if minute == 1 else _number(minute)
    match hour:
        case 0:
            return f"a las cero horas y {minutes}"
        case 1:
            return f"a la una y {minutes}"
        case _:
            return f"a las {_feminine(hour)} y {minutes}"


def _full_hour(hour: int) -> str:
    match hour:
        case 0:
            return "a medianoche"
        case 12:
            return "a mediodía"
        case 1:
            return "a la una"
        case _:
            return f"a las {_feminine(hour)} horas"


def _feminine(hour: int) -> str:
    return "veintiuna" if hour == 21 else _number(hour)


def _number(number: int) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_TENS[tens]} y {_UNITS[unit]}" if unit else _TENS[tens]
