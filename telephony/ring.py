"""Reads who calls whom, and when, from the dialplan's request. All of it may have been forged. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from telephony.model import Ring

COUNTRY = "33"
"""Country of the agency's lines: national numbers are understood as its numbers."""

_REFERENCE = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_EPOCH = re.compile("[0-9]{9,11}")
_ID = re.compile("[0-9]{1,18}")
_NUMBER = re.compile(r"\+?[0-9]{3,18}")
_WITHHELD = 32  # presentations from here on are prohibited or unavailable (Q.931, octet 3a)


class RingError(Exception):
    """The request is not one that our dialplan makes."""


def read_ring(header: Callable[[str], str]) -> Ring:
    """Return the call that `header` describes. Raises RingError when the dialplan cannot have written it."""
    reference, epoch, called = header("agi_uniqueid"), header("agi_arg_1"), header("agi_extension")
    missed = header("agi_arg_4")
    if not _REFERENCE.fullmatch(reference) or not _EPOCH.fullmatch(epoch) or not _NUMBER.fullmatch(called):
        raise RingError("unique id, time of answer or called number missing")
    if missed and not _ID.fullmatch(missed):
        raise RingError("rung back for no missed call")
    return Ring(
        reference=reference,
        called=e164(called),
        caller=_read_caller(header("agi_callerid"), header("agi_callingpres")),
        answered_at=datetime.fromtimestamp(int(epoch), UTC),
        missed=int(missed) if missed else None,
    )


def _read_caller(number: str, presentation: str) -> str | None:
    """A number that is withheld, or is more than a number, is as good as none: the home code is asked."""
    withheld = presentation.isascii() and presentation.isdigit() and int(presentation) >= _WITHHELD
    return e164(number) if _NUMBER.fullmatch(number) and not withheld else None


def e164(number: str) -> str:
    """Return a number as `+<country><number>`; short numbers stay as they are.

    >>> e164("0155512345"), e164("0033155512345"), e164("33155512345"), e164("+33155512345"), e164("3919")
    ('+33155512345', '+33155512345', '+33155512345', '+33155512345', '3919')
    """
    if number.startswith("+"):
        return number
    if number.startswith("00"):
        return f"+{number[2:]}"
    if re.fullmatch("0[1-9][0-9]{8}", number):
        return f"+{COUNTRY}{number[1:]}"
    if re.fullmatch(COUNTRY + "[1-9][0-9]{8}", number):
        return f"+{number}"
    return number


def spellings(number: str) -> tuple[str, ...]:
    """Return the digits by which an operator may name a number (E.164): what `e164` takes for it.

    >>> spellings("+33809000001")
    ('33809000001', '0033809000001', '0809000001')
    """
    digits = number.removeprefix("+")
    national = (f"0{digits.removeprefix(COUNTRY)}",) if digits.startswith(COUNTRY) else ()
    return (digits, f"00{digits}", *national)
