"""What a phone keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backoffice_web.worker.front import PHONE
from tests.backoffice_web.worker.iphone import IPhone
from tests.realtime.agency import Agency
from tests.webkit import webkit


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """What a phone keeps when it is switched off."""
    return tmp_path / "phone"


@pytest.fixture
def iphone(screen: str, tmp_path: Path, running_agency: Agency) -> Iterator[IPhone]:
    """An iPhone's engine with nothing of ours in it yet, on a telephone's width."""
    with webkit(screen, tmp_path / "iphone", **PHONE) as browser:
        yield IPhone(browser, running_agency)
