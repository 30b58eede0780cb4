"""Know whether something built from files is still up to date.

A built folder or file has a small JSON stamp beside it that says from what it was made.
It never compares modification times: a copied or regenerated identical extract is not built again.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def digest_file(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_current(stamp: Path, *, inputs: Mapping[str, str]) -> bool:
    """Say whether the stamp exists, can be read and tells exactly these inputs."""
    try:
        return bool(json.loads(stamp.read_text("utf-8")) == dict(inputs))
    except (OSError, ValueError):
        return False


def write_stamp(stamp: Path, *, inputs: Mapping[str, str]) -> None:
    stamp.write_text(json.dumps(dict(inputs), indent=1, sort_keys=True) + "\n", "utf-8")
