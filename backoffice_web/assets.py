"""Addresses of the files gathered under `var/static`: each carries the version of the whole."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app
from markupsafe import Markup

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

FOR_EVER_S = 365 * 24 * 3600


class UnknownAssetError(Exception):
    """A page names a file that was not gathered."""


class Assets:
    """The manifest that `scripts/gather_static` wrote, read again when it changes."""

    def __init__(self, static_dir: Path) -> None:
        """Read the manifest of this folder when first needed."""
        self._manifest = static_dir / "manifest.json"
        self._read_at = -1
        self._version = ""
        self._files: frozenset[str] = frozenset()

    def address(self, file: str) -> str:
        """Return the path to ask the file at. Raises `UnknownAssetError`."""
        changed_at = self._manifest.stat().st_mtime_ns
        if changed_at != self._read_at:
            manifest = json.loads(self._manifest.read_text())
            self._version, self._files = manifest["version"], frozenset(manifest["files"])
            self._read_at = changed_at
        if file not in self._files:
            raise UnknownAssetError(f"{file}: run scripts/gather_static")
        return f"/static/{self._version}/{file}"

    def icon(self, name: str, label: str = "") -> Markup:
        """Return an icon of the outline sprite; without a label it is decoration."""
        return self._drawing("icons/outline.svg", name, "icon", label)

    def sign(self, name: str, label: str = "") -> Markup:
        """Return a drawing of the status sprite (statuses, proofs, emblem)."""
        return self._drawing("icons/status.svg", name, "emblem" if name == "emblem" else "status-icon", label)

    def _drawing(self, sprite: str, name: str, kind: str, label: str) -> Markup:
        spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>').format(
            kind, spoken, self.address(sprite), name
        )


def file_of(name: str) -> str:
    """Return where a gathered file lies under the static folder, `<version>/<name>`."""
    assets = cast("Assets", current_app.extensions["assets"])
    return assets.address(name).removeprefix("/static/")


def install(app: "BackOffice") -> None:
    """Give `asset`, `icon` and `sign` to the templates."""
    assets = Assets(app.settings.static_dir)
    app.extensions["assets"] = assets
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = FOR_EVER_S
    app.jinja_env.globals.update(asset=assets.address, icon=assets.icon, sign=assets.sign)
