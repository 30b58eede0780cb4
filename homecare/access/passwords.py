"""Passwords: argon2id, checked in constant time whether or not the account exists."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM_LENGTH = 12

_hasher = PasswordHasher()
# Verified when there is no account, so that the answer takes as long as with one.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash that is stored."""
    return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Tell whether the password is the stored one; always False without an account."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None
