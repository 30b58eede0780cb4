"""Our own programs, kept alive as a supervisor would: killed, they are started again at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PAUSE_SECONDS = 0.2
_POLL_SECONDS = 0.02


class NotBackError(Exception):
    """Something that was broken has not come back in time."""


class NoEffectError(Exception):
    """A fault that met nothing."""


def wait_for(what: str, condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until the condition holds. Raises `NotBackError`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise NotBackError(f"{what}: nothing after {seconds:g} s")
        time.sleep(_POLL_SECONDS)


class Program:
    """One program and its log."""

    def __init__(
        self,
        name: str,
        module: Sequence[str],
        settings: Mapping[str, str],
        *,
        log: Path,
    ) -> None:
        """Nothing runs before `start`. `module` are the words after `python -m`."""
        self.name = name
        self.log = log
        self._command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", *module]
        self._settings = settings
        self._wanted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._keeping = threading.Thread(target=self._keep, name=name, daemon=True)

    @property
    def pid(self) -> int | None:
        """The running process, None between two."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def start(self) -> None:
        """Start it and keep it alive."""
        self._wanted = True
        self._keeping.start()

    def stop(self) -> None:
        """Stop it politely."""
        self._wanted = False
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self._keeping.join(10)

    def kill(self) -> str:
        """Kill it with SIGKILL and return what shows that it died of it."""
        wait_for(self.name, lambda: self.pid is not None)
        process = self._process
        if process is None:
            raise NotBackError(self.name)
        process.kill()
        status = process.wait(10)
        if status != -signal.SIGKILL:
            raise NotBackError(f"{self.name} ended with {status}, not by the kill")
        return f"pid {process.pid}: SIGKILL"

    def _keep(self) -> None:
        while self._wanted:
            with self.log.open("ab") as out:
                process = subprocess.Popen(  # noqa: S603 - our own program
                    self._command,
                    env={**_clean_environment(), **self._settings},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            self._process = process
            process.wait()
            if self._wanted:
                time.sleep(_PAUSE_SECONDS)


def _clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("PONCTUEL_")}
