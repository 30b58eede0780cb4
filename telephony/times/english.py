"""“eight oh five in the morning”, “nine o'clock in the evening”, “noon”, “midnight”."""

_UNITS = (
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty")


def words(hour: int, minute: int) -> str:
    """Return the time on twelve hours, with the part of the day that tells both halves apart."""
    if minute == 0 and hour in {0, 12}:
        return "noon" if hour else "midnight"
    return f"{_UNITS[hour % 12]} {_minute(minute)} {_part(hour)}"


def _minute(minute: int) -> str:
    if minute == 0:
        return "o'clock"
    if minute < 10:
        return f"oh {_UNITS[minute]}"
    if minute < len(_UNITS):
        return _UNITS[minute]
    tens, unit = divmod(minute, 10)
    return f"{_TENS[tens]}-{_UNITS[unit]}" if unit else _TENS[tens]


def _part(hour: int) -> str:
    if 5 <= hour < 12:
        return "in the morning"
    if 12 <= hour < 18:
        return "in the afternoon"
    return "in the evening" if 18 <= hour < 22 else "at night"
