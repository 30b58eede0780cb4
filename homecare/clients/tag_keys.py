"""Tags' keys as the database keeps them: sealed for the tag's token, so that another row opens nothing."""

import secrets

from homecare.clients.sun import KEY_BYTES, TagKeys
from homecare.kernel.sealing import Sealer


def draw_keys() -> TagKeys:
    """Draw the keys of a new tag."""
    return TagKeys(*(secrets.token_bytes(KEY_BYTES) for _ in range(3)))


def seal_keys(sealer: Sealer, keys: TagKeys, *, token: str) -> bytes:
    """Return the keys of the tag with this token, sealed. Raises `InvalidError` without a master key."""
    return sealer.seal(keys.master + keys.meta + keys.file, owner=token)


def open_keys(sealer: Sealer, sealed: bytes, *, token: str) -> TagKeys:
    """Return the keys that `seal_keys` sealed. Raises `SealedError`."""
    opened = sealer.open(sealed, owner=token)
    return TagKeys(opened[:KEY_BYTES], opened[KEY_BYTES : 2 * KEY_BYTES], opened[2 * KEY_BYTES :])
