"""Passwords: argon2id, checked in constant time whether or not the account exists."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import new_token

MINIMUM_LENGTH, MAXIMUM_LENGTH = 12, 1024

_hasher = PasswordHasher()
# Verified when there is no account, so that the answer takes as long as with one.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash that is stored."""
    return _hasher.hash(password)


def check_password(chosen: str) -> str:
    """Return the password as it is. Raises `InvalidError` when it is too short, or endless."""
    if len(chosen) < MINIMUM_LENGTH:
        raise InvalidError(f"Le mot de passe doit avoir au moins {MINIMUM_LENGTH} caractères.")
    if len(chosen) > MAXIMUM_LENGTH:
        raise InvalidError(f"Le mot de passe doit avoir au plus {MAXIMUM_LENGTH} caractères.")
    return chosen


def nobodys_hash() -> str:
    """Return the hash of a password that nobody knows: what an account has until its person chooses one."""
    return hash_password(new_token())


def mark_of(stored: str) -> str:
    """Return what stands for the stored password in a link: another password, another mark."""
    return hashlib.sha256(stored.encode()).hexdigest()[:32]


def is_right(stored: str | None, password: str) -> bool:
    """Tell whether the password is the stored one; always False without an account."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None
