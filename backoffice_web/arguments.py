"""What addresses say: a day, an area, a page, a search. What makes no sense is left out, never an error."""

from collections.abc import Mapping
from datetime import date, datetime

from homecare.kernel.ids import AreaId

LONGEST_SEARCH = 80
FIRST_YEAR, LAST_YEAR = 2000, 2100


def day_in(arguments: Mapping[str, str], *, otherwise: date) -> date:
    """Return the day of `jour=2026-11-24`."""
    try:
        day = date.fromisoformat(arguments.get("jour", ""))
    except ValueError:
        return otherwise
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else otherwise


def moment_in(arguments: Mapping[str, str], name: str) -> datetime | None:
    """Return an instant with its offset, or None."""
    try:
        moment = datetime.fromisoformat(arguments.get(name, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def area_in(arguments: Mapping[str, str]) -> AreaId | None:
    """Return the area of `secteur=3`; None: all those within reach."""
    number = number_in(arguments, "secteur")
    return None if number is None else AreaId(number)


def search_in(arguments: Mapping[str, str]) -> str:
    """Return what is looked for in `q=…`, without the blanks around."""
    return arguments.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def number_in(arguments: Mapping[str, str], name: str) -> int | None:
    """Return a whole number that fits an id, or None."""
    text = arguments.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None  # noqa: PLR2004
