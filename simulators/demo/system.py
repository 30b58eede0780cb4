"""Servers and programs of the demonstration, as one child that is stopped with us, whatever happens."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from homecare.kernel.settings import Settings
from simulators.children import DYING_WITH_US

_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.1
_PROGRAMS = "realtime,worker,web"


class NotStartedError(Exception):
    """Servers or programs did not start; what they said stands above."""


class System:
    """`docker.rootfs up` in a session of its own: a Ctrl-C at the terminal is ours to pass on."""

    def __init__(self, state: Path, *, front_port: int | None, lan: str | None) -> None:
        """Start it; what it says goes to our own output."""
        self.env_file = state / "env"
        state.mkdir(parents=True, exist_ok=True)
        # Settings older than this are those of another run, which may still be going.
        self._since = time.time()
        options: list[str] = []
        if front_port is not None:
            options += ["--front-port", str(front_port)]
        if lan is not None:
            options += ["--lan", lan] if lan else ["--lan"]
        up = ["-m", "docker.rootfs", "up", "--demo", "--programs", _PROGRAMS, "--state", str(state)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*DYING_WITH_US, sys.executable, *up, "--env-file", str(self.env_file), *options],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def wait_until_ready(self, over: threading.Event) -> Settings | None:
        """Return its settings once all answers, None when `over` came first. Raises `NotStartedError`."""
        while not self._has_settings():
            if not self.runs:
                raise NotStartedError
            if over.wait(_POLL_SECONDS):
                return None
        return Settings(_env_file=self.env_file)  # type: ignore[call-arg]

    def _has_settings(self) -> bool:
        return self.env_file.exists() and self.env_file.stat().st_mtime >= self._since

    def watch(self, over: threading.Event) -> None:
        """Set `over` when it ends by itself: nothing is played against servers that are gone."""

        def look() -> None:
            self.wait(over)
            over.set()

        threading.Thread(target=look, name="system", daemon=True).start()

    def wait(self, over: threading.Event) -> None:
        """Stay until `over`, or until it ends by itself."""
        while self.runs and not over.wait(_POLL_SECONDS * 5):
            time.sleep(0)
