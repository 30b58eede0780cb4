"""What names an account: the person's name and the address they sign in with, each in its one form."""

import re

from homecare.kernel.errors import InvalidError
from homecare.kernel.text import clean_line, require_line

LONGEST_NAME = 80
LONGEST_EMAIL = 254
"""As the mail's own protocol allows (RFC 5321)."""
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_NO_EMAIL = "Saisissez une adresse e-mail sans accent, par exemple claire.morel@agence.fr."


def check_name(typed: str) -> str:
    """Return the name. Raises `InvalidError` when it has neither letter nor digit, or is endless."""
    name = require_line(typed, missing="Saisissez un nom.")
    if len(name) > LONGEST_NAME:
        raise InvalidError(f"Le nom a {LONGEST_NAME} caractères au plus.")
    return name


def check_email(typed: str) -> str:
    """Return the address in small letters. Raises `InvalidError` for what is no address."""
    email = clean_line(typed).lower()
    if len(email) > LONGEST_EMAIL or _EMAIL.fullmatch(email) is None:
        raise InvalidError(_NO_EMAIL)
    return email
