"""A time-stamping authority of the tests, whose papers are made once."""

from pathlib import Path

import pytest

from simulators.timestamp_authority.authority import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return an authority that answers by `openssl ts`."""
    folder: Path = tmp_path_factory.mktemp("authority")
    return Authority(folder)
