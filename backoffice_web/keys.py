"""The vault of tags' keys, opened with this program's setting."""

from typing import TYPE_CHECKING, cast

from flask import current_app

from homecare.clients.tag_keys import KeyVault

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


def vault() -> KeyVault:
    """Return the vault."""
    return KeyVault(cast("BackOffice", current_app).settings.tag_key)
