"""Times, durations, names and figures as French screens write them. Pure; values in, text out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zlib import crc32

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from homecare.kernel.calendar import PARIS, paris_day

NBSP = "\u00a0"
MINUTES = 60
WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")


def clock_time(instant: datetime) -> str:
    """Return `08:47`, in Paris."""
    return f"{instant.astimezone(PARIS):%H:%M}"


def clock_seconds(instant: datetime) -> str:
    """Return `08:46:58`, in Paris."""
    return f"{instant.astimezone(PARIS):%H:%M:%S}"


def duration(minutes: int) -> str:
    """Return `0 h 57` (non-breaking), with a sign when negative."""
    hours, rest = divmod(abs(minutes), MINUTES)
    return f"{'−' if minutes < 0 else ''}{hours}{NBSP}h{NBSP}{rest:02d}"


def wait(minutes: int) -> str:
    """Return how long until something: `3 min`, `2 h 43`."""
    return f"{minutes}{NBSP}min" if minutes < MINUTES else duration(minutes)


def behind(minutes: int) -> str:
    """Return by how much something is late: `+12`, whose unit stands beside it, `+2 h 43` from an hour on."""
    return f"+{minutes}" if minutes < MINUTES else f"+{duration(minutes)}"


def long_day(day: date) -> str:
    """Return `Mardi 24 novembre`."""
    text = _spell(day, "EEEE d MMMM")
    return text[0].upper() + text[1:]


def full_day(day: date) -> str:
    """Return `mardi 24 novembre 2026`."""
    return _spell(day, "EEEE d MMMM y")


def short_day(day: date) -> str:
    """Return `mar. 24/11`."""
    return format_date(day, "EEE dd/MM", locale="fr")


def fold_day(day: date) -> str:
    """Return `Lun 23`: the head of a folded day."""
    text = format_date(day, "EEE d", locale="fr").replace(".", "")
    return text[0].upper() + text[1:]


def day_name(day: date) -> str:
    """Return `Lundi 23`."""
    text = _spell(day, "EEEE d")
    return text[0].upper() + text[1:]


def weekday(day: date) -> str:
    """Return `lundi`."""
    return format_date(day, "EEEE", locale="fr")


def short_weekday(day: date) -> str:
    """Return `Lun`: the head of a calendar's column."""
    return WEEKDAYS[day.weekday()].capitalize()


def month_year(day: date) -> str:
    """Return `Novembre 2026`."""
    text = format_date(day, "MMMM y", locale="fr")
    return text[0].upper() + text[1:]


def period(first: date, last: date) -> str:
    """Return `23 – 29 novembre 2026`, or `30 novembre – 6 décembre 2026` over two months."""
    if (first.year, first.month) == (last.year, last.month):
        start = _spell(first, "d")
    else:
        start = _spell(first, "d MMMM" if first.year == last.year else "d MMMM y")
    return f"{start} – {_spell(last, 'd MMMM y')}"


def _spell(day: date, pattern: str) -> str:
    """Return the date in letters; the first of a month is `1er`."""
    return format_date(day, pattern.replace("d", "d'er'") if day.day == 1 else pattern, locale="fr")


def short_moment(instant: datetime, today: date) -> str:
    """Return the hour alone on `today`, else `23/11 08:30`."""
    local = instant.astimezone(PARIS)
    return f"{local:%H:%M}" if local.date() == today else f"{local:%d/%m}{NBSP}{local:%H:%M}"


def numeric_day(day: date) -> str:
    """Return `24/11/2026`."""
    return f"{day:%d/%m/%Y}"


def iso_day(instant: datetime) -> str:
    """Return `2026-11-24`, the day in Paris, for addresses."""
    return f"{instant.astimezone(PARIS):%Y-%m-%d}"


def add_hours(instant: datetime, hours: float) -> datetime:
    """Return the instant that many hours later."""
    return instant + timedelta(hours=hours)


def days_after(day: date, days: int) -> str:
    """Return the day that many days later as `2026-11-25`, for addresses."""
    return (day + timedelta(days=days)).isoformat()


def day_before(day: date) -> date:
    """Return the last day of a half-open period that ends on `day`."""
    return day - timedelta(days=1)


def clock_hour(instant: datetime) -> str:
    """Return `7` of 07:00, in Paris: the scale of a timeline."""
    return f"{instant.astimezone(PARIS).hour}"


def duration_short(minutes: int) -> str:
    """Return `35 h` when nothing is left over, else `34 h 45`: a contract's hours."""
    return duration(minutes) if minutes % MINUTES else f"{minutes // MINUTES}{NBSP}h"


def initials(name: str) -> str:
    """Return the initials of `MOREL Claire`: first name's letter, then the name's, `CM`."""
    family = [word for word in name.split() if word.isupper()]
    first = [word for word in name.split() if not word.isupper()]
    return "".join(words[0][0].upper() for words in (first, family) if words)


def first_name(name: str) -> str:
    """Return `Claire` of `MOREL Claire`; the whole name when nothing in it is a first name."""
    return " ".join(word for word in name.split() if not word.isupper()) or name


def person_name(last_name: str, first: str) -> str:
    """Return `MOREL Claire`. Accents stay on capitals."""
    return f"{last_name.upper()} {first}".strip()


def figure(value: float, digits: int = 0) -> str:
    """Return a number the French way: `4 126`, `2,1`; its groups and comma never break."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale="fr"))


def percent(share: float, digits: int = 0) -> str:
    """Return `82 %` of 0.82."""
    pattern = "0" + ("." + "0" * digits if digits else "") + f"{NBSP}%"
    return str(format_percent(share, format=pattern, locale="fr"))


def at_page(arguments: Mapping[str, str], number: int) -> str:
    """Return the query of an address with another page number."""
    return urlencode({**arguments, "page": str(number)})


def spaced_code(code: str) -> str:
    """Return `123 456` of a six-digit code; the blank never breaks."""
    return f"{code[:3]}{NBSP}{code[3:]}"


def weekday_names(weekdays: Iterable[int]) -> str:
    """Return `lun, mar, ven` of ISO weekdays; `tous les jours` of seven."""
    days = sorted(set(weekdays))
    return "tous les jours" if len(days) == len(WEEKDAYS) else ", ".join(WEEKDAYS[day - 1] for day in days)


def phone_number(number: str) -> str:
    """Return `01 23 45 67 89` of `+33123456789`; other countries' numbers stay as they are."""
    if number.startswith("+33") and len(number) == len("+33123456789"):
        national = "0" + number[3:]
        return NBSP.join(national[i : i + 2] for i in range(0, 10, 2))
    return number


def anchor(text: str) -> str:
    """Return a short name for an element of the page: the same for the same text."""
    return f"{crc32(text.encode()):08x}"


FILTERS = {
    "anchor": anchor,
    "clock_time": clock_time,
    "clock_seconds": clock_seconds,
    "duration": duration,
    "behind": behind,
    "wait": wait,
    "long_day": long_day,
    "full_day": full_day,
    "short_day": short_day,
    "fold_day": fold_day,
    "day_name": day_name,
    "weekday": weekday,
    "short_weekday": short_weekday,
    "month_year": month_year,
    "period": period,
    "short_moment": short_moment,
    "numeric_day": numeric_day,
    "paris_date": paris_day,
    "iso_day": iso_day,
    "add_hours": add_hours,
    "days_after": days_after,
    "day_before": day_before,
    "clock_hour": clock_hour,
    "duration_short": duration_short,
    "initials": initials,
    "first_name": first_name,
    "figure": figure,
    "percent": percent,
    "spaced_code": spaced_code,
    "weekday_names": weekday_names,
    "at_page": at_page,
    "phone_number": phone_number,
}
