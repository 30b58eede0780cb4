"""Test processes side by side: what two of them must not do at the same moment."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(doing: str) -> Iterator[None]:
    """Hold the machine's lock of that name until the end of the block. A process that dies lets go of it."""
    with (Path(tempfile.gettempdir()) / f"ponctuel-tests-{doing}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
