"""The sealer of tags' keys and devices' secrets, made with this program's setting."""

from typing import TYPE_CHECKING, cast

from flask import current_app

from homecare.kernel.sealing import Sealer

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


def sealer() -> Sealer:
    """Return the sealer."""
    return Sealer(cast("BackOffice", current_app).settings.tag_key)
