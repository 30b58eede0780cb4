"""What writing the agency needs beside what was drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from homecare.kernel.audit import BySystem

ACTOR = BySystem("seed")


@dataclass(frozen=True, slots=True)
class Terms:
    """The same for all that is written. `code_key` is the installation's, recurrences begin `since`."""

    code_key: str
    since: date
    now: datetime
    device_password: Callable[[str], str | None]
