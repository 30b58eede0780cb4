"""Tags' keys as the database keeps them: sealed under the installation's master key, a setting. Pure.

AES-256-GCM, a nonce drawn for each sealing. The tag's token is sealed with them: keys that were moved to
another row open nothing.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from homecare.clients.sun import KEY_BYTES, TagKeys
from homecare.kernel.errors import InvalidError

_NONCE_BYTES = 12


class SealedKeysError(Exception):
    """The keys cannot be opened: the master key is missing, or it is not the one that sealed them."""


class KeyVault:
    """Seals and opens keys. Without a master key it opens nothing and refuses to seal."""

    def __init__(self, master_key: str = "") -> None:
        """`master_key` is the setting `PONCTUEL_TAG_KEY`."""
        self._cipher = AESGCM(hashlib.sha256(master_key.encode()).digest()) if master_key else None

    def seal(self, keys: TagKeys, *, token: str) -> bytes:
        """Return the keys of the tag with this token, sealed. Raises `InvalidError` without a master key."""
        if self._cipher is None:
            raise InvalidError(
                "Les étiquettes qui se prouvent demandent une clé maîtresse : faites régler PONCTUEL_TAG_KEY."
            )
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, keys.master + keys.meta + keys.file, token.encode())

    def open(self, sealed: bytes, *, token: str) -> TagKeys:
        """Return the keys that `seal` sealed. Raises `SealedKeysError`."""
        if self._cipher is None:
            raise SealedKeysError("no master key is set")
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], token.encode())
        except InvalidTag:
            raise SealedKeysError("sealed under another master key, or for another tag") from None
        return TagKeys(opened[:KEY_BYTES], opened[KEY_BYTES : 2 * KEY_BYTES], opened[2 * KEY_BYTES :])


NO_VAULT = KeyVault()


def draw_keys() -> TagKeys:
    """Draw the keys of a new tag."""
    return TagKeys(*(secrets.token_bytes(KEY_BYTES) for _ in range(3)))
