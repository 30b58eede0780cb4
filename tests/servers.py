"""The real servers, started once for the whole run in a folder of their own."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from homecare.kernel.settings import Settings

START_SECONDS = 600.0  # the first start of a machine builds the root filesystem


@contextmanager
def running_servers(*names: str) -> Iterator[Settings]:
    """Run these servers of the root filesystem and yield the settings that lead to them.

    The state folder's path is short: sockets of the servers live in it.
    """
    with tempfile.TemporaryDirectory(prefix="ponctuel-") as folder:
        state, env_file = Path(folder) / "state", Path(folder) / "env"
        asked = ["up", "--only", ",".join(names), "--state", str(state), "--env-file", str(env_file)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PONCTUEL_")}
        log_path = Path(folder) / "up.log"
        with log_path.open("w") as log:
            up = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "docker.rootfs", *asked], stdout=log, stderr=log, env=environment
            )
            try:
                _wait_for(env_file, up, log_path)
                yield Settings(_env_file=env_file)  # type: ignore[call-arg]
            finally:
                up.send_signal(signal.SIGTERM)
                up.wait(timeout=60)


def _wait_for(env_file: Path, up: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not env_file.exists():
        if up.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the servers did not start:\n{log_path.read_text()}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def servers() -> Iterator[Settings]:
    """PostgreSQL with TimescaleDB, for the whole run."""
    with running_servers("postgresql") as settings:
        yield settings
