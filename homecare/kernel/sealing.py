"""Secrets as the database keeps them: sealed under the installation's master key, which is a setting. Pure.

AES-256-GCM, a nonce drawn for each sealing. What a secret belongs to is sealed with it: moved to another row
it opens nothing.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from homecare.kernel.errors import InvalidError

_NONCE_BYTES = 12


class SealedError(Exception):
    """The secret cannot be opened: no master key is set, or another one has sealed it."""


class Sealer:
    """Seals and opens secrets. Without a master key it opens nothing and refuses to seal."""

    def __init__(self, master_key: str = "") -> None:
        """`master_key` is the setting `PONCTUEL_TAG_KEY`."""
        self._cipher = (
            AESGCM(hashlib.sha256(b"sealer" + master_key.encode()).digest()) if master_key else None
        )

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        """Return the secret of `owner`, sealed. Raises `InvalidError` without a master key."""
        if self._cipher is None:
            raise InvalidError("Il faut une clé maîtresse : faites régler PONCTUEL_TAG_KEY.")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, *, owner: str) -> bytes:
        """Return what `seal` sealed. Raises `SealedError`."""
        if self._cipher is None:
            raise SealedError("no master key is set")
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
        except InvalidTag:
            raise SealedError("sealed under another master key, or for another owner") from None


NO_KEY = Sealer()
