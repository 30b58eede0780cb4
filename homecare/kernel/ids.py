"""Typed ids, random tokens, and short codes with a check digit.

An id is what the database counts. What is seen outside is a token (cannot be guessed) or a short code
(can be read out on the telephone, and a mistyped digit is noticed).
"""

import hashlib
import hmac
import secrets
from typing import NewType

OrganisationId = NewType("OrganisationId", int)
CompanyId = NewType("CompanyId", int)
AreaId = NewType("AreaId", int)
UserId = NewType("UserId", int)
ClientId = NewType("ClientId", int)
HomeId = NewType("HomeId", int)
SiteId = NewType("SiteId", int)
TabletId = NewType("TabletId", int)
PayerId = NewType("PayerId", int)
WorkerId = NewType("WorkerId", int)
SkillId = NewType("SkillId", int)
ServiceId = NewType("ServiceId", int)
RecurrenceId = NewType("RecurrenceId", int)
VisitId = NewType("VisitId", int)
PunchId = NewType("PunchId", int)
AlertId = NewType("AlertId", int)
RunId = NewType("RunId", int)

HOME_CODE_DIGITS = 6
WORKER_CODE_DIGITS = 6


def new_token() -> str:
    """Return 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> bytes:
    """Return what is stored of a secret token: its SHA-256. Tokens are long enough to need no salt."""
    return hashlib.sha256(token.encode()).digest()


def luhn_digit(digits: str) -> str:
    """Return the check digit of ISO/IEC 7812-1 (Luhn) that completes `digits`."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = int(character) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn's own nine
    return str(-total % 10)


def is_home_code(text: str) -> bool:
    """Tell whether `text` has the form of a home code: six ASCII digits, the last one the check digit."""
    return (
        len(text) == HOME_CODE_DIGITS
        and text.isascii()
        and text.isdigit()
        and luhn_digit(text[:-1]) == text[-1]
    )


def is_worker_code(text: str) -> bool:
    """Tell whether `text` has the form of a worker's code: six ASCII digits."""
    return len(text) == WORKER_CODE_DIGITS and text.isascii() and text.isdigit()


def new_home_code() -> str:
    """Draw a home code. Uniqueness is the database's business."""
    body = "".join(secrets.choice("0123456789") for _ in range(HOME_CODE_DIGITS - 1))
    return body + luhn_digit(body)


def new_worker_code() -> str:
    """Draw a worker's code, shown once to the worker and never stored in clear."""
    return "".join(secrets.choice("0123456789") for _ in range(WORKER_CODE_DIGITS))


def code_hash(key: str, organisation: OrganisationId, code: str) -> bytes:
    """Return what is stored of a worker's code: HMAC-SHA-256 under the installation's key.

    The organisation is part of the message, so that equal codes of two organisations do not look equal.
    """
    return hmac.digest(key.encode(), f"{organisation}|{code}".encode(), "sha256")
