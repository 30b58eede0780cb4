"""A running `python -m docker.rootfs up`, in a folder of its own, which dies with the test run."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docker.rootfs.control import ask
from homecare.kernel.settings import Settings
from tests.alone import alone

FIRST_START_SECONDS = 900.0  # the first start of a machine builds the root filesystem


@dataclass(frozen=True, slots=True)
class Supervised:
    """The supervisor's process, its state folder, and the settings that lead to what it runs."""

    process: "subprocess.Popen[bytes]"
    state: Path
    settings: Settings

    def command(self, words: str) -> dict[str, object]:
        """Say something to the supervisor, such as `stop postgresql`. Fails if it refuses."""
        answer = ask(self.state, words)
        assert answer["ok"], answer
        return answer

    def device_password(self, device: str) -> str:
        """Make a device known to Mosquitto, and return its password."""
        return str(self.command(f"device {device}")["password"])

    def pid(self, part: str) -> int | None:
        """PID of a part, None when it does not run."""
        parts = self.command("status")["parts"]
        assert isinstance(parts, dict)
        pid: int | None = parts[part]["pid"]
        return pid


@contextmanager
def running_supervisor(
    *options: str, state: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Supervised]:
    """Run `up` with these options until the end of the block; `environment` adds `PONCTUEL_…` variables.

    The state folder's path is short unless one is given: sockets of the servers live in it.
    """
    with tempfile.TemporaryDirectory(prefix="ponctuel-") as own:
        folder = state or Path(own)
        env_file = folder / "env"
        # A port that one has found free, another that starts at the same moment may find free as well.
        with alone("starting"):
            process = _start(
                ["--state", str(folder), "--env-file", str(env_file), *options],
                log=folder / "up.log",
                environment=environment or {},
            )
            started = _has_started(process, env_file)
        try:
            assert started, (folder / "up.log").read_text()
            yield Supervised(process, folder, Settings(_env_file=env_file))  # type: ignore[call-arg]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _start(options: list[str], *, log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start it so that a test run that is killed takes it along, and a Ctrl-C goes to the test run alone."""
    command = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", "docker.rootfs", "up", *options]
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**_clean_environment(), **environment},
            start_new_session=True,
        )


def _has_started(process: "subprocess.Popen[bytes]", env_file: Path) -> bool:
    """Wait until everything is ready, which the file tells; False when it ends instead, or takes too long."""
    until = time.monotonic() + FIRST_START_SECONDS
    while not env_file.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    return env_file.exists() and process.poll() is None


def _clean_environment() -> dict[str, str]:
    """The environment without settings of ours: tests never touch a system that already runs."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PONCTUEL_")}


def wait_until(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Wait until the condition holds. Fails after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(0.02)
