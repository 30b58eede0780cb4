"""What a phone keeps."""

from pathlib import Path

import pytest


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """What a phone keeps when it is switched off."""
    return tmp_path / "phone"
