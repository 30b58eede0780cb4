"""Which tests run in which process when there are several, each of which has servers of its own."""

from typing import override

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

ONE_AFTER_THE_OTHER = frozenset(
    f"tests/acceptance/{name}.py" for name in ("test_board", "test_day", "test_demo")
)
"""What loads the machine and is judged by the hour: these never meet one another."""


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A process takes a whole file at a time, for the sake of what its tests share."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "one after the other" if file in ONE_AFTER_THE_OTHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FileByFile:
    """Have the files taken in their order, which begins with what takes longest."""
    config.option.loadscopereorder = False
    return FileByFile(config, log)
