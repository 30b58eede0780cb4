"""Writes files that hold secrets: for the owner's eyes only, whole or not at all."""

import os
from pathlib import Path


def write_private(path: Path, content: str | bytes) -> None:
    """Write `content` to `path`, mode 600. Whoever waits for the file never reads half of it."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)  # an older one might be readable by others
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content.encode() if isinstance(content, str) else content)
    new.replace(path)
