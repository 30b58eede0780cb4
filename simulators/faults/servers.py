"""The real servers: our own `docker.rootfs up`, or one that runs already."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import psycopg

from docker.rootfs.control import ask
from homecare.kernel.settings import Settings
from simulators.children import DYING_WITH_US
from simulators.faults.programs import NotBackError, wait_for

_FIRST_START_SECONDS = 900.0
_SERVERS = "postgresql,mosquitto,asterisk,nginx"


class Servers:
    """PostgreSQL, Mosquitto, Asterisk and nginx, made for two cores, and the worker program.

    `state` is the folder of a running `up --cores 2 --programs worker`, or a new one for our own.
    """

    def __init__(self, state: Path, *, running: bool) -> None:
        """Start them unless they are `running`."""
        self.state = state
        self._env_file = state / "env"
        self._process: subprocess.Popen[bytes] | None = None
        if not running:
            self._process = self._start()

    def __enter__(self) -> Self:
        wait_for("servers", self._has_settled, seconds=_FIRST_START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)

    def _start(self) -> "subprocess.Popen[bytes]":
        options = ["--state", str(self.state), "--env-file", str(self._env_file), "--cores", "2"]
        command = [sys.executable, "-m", "docker.rootfs", "up", *options]
        with (self.state / "up.log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [
                    *(*DYING_WITH_US, *command),
                    *("--only", _SERVERS, "--programs", "worker"),
                ],
                env={key: value for key, value in os.environ.items() if not key.startswith("PONCTUEL_")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _has_settled(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise NotBackError((self.state / "up.log").read_text())
        return self._env_file.exists()

    @property
    def settings(self) -> Settings:
        """Where everything listens."""
        return Settings(_env_file=self._env_file)  # type: ignore[call-arg]

    @property
    def variables(self) -> dict[str, str]:
        """The settings as a program's environment has them."""
        lines = self._env_file.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def cores(self) -> list[dict[str, str]]:
        """Return the settings in which each core differs."""
        return cast("list[dict[str, str]]", self.command("cores")["cores"])

    def command(self, words: str) -> dict[str, object]:
        """Say something to the supervisor. Raises `NotBackError` when it refuses."""
        answer = ask(self.state, words)
        if not answer["ok"]:
            raise NotBackError(f"{words}: {answer}")
        return answer

    def device_password(self, device: str) -> str:
        """Make a device known to the broker and return its password."""
        return str(self.command(f"device {device}")["password"])

    def part(self, name: str) -> dict[str, object]:
        """Return what the supervisor tells of a server."""
        return cast("dict[str, dict[str, object]]", self.command("status")["parts"])[name]

    def kill(self, name: str) -> str:
        """Kill a server and all its children; return what shows that it died."""
        wait_for(name, lambda: self.part(name)["state"] == "ready", seconds=90)
        before = self.part(name)["pid"]
        self.command(f"kill {name}")
        wait_for(name, lambda: not Path(f"/proc/{before}").exists() and self.part(name)["pid"] != before)
        return f"pid {before}: SIGKILL"

    def kill_backend(self) -> str:
        """Kill one connection's process of PostgreSQL: all the others are thrown out and it recovers."""
        wait_for("postgresql", self.answers, seconds=90)
        main = self.part("postgresql")["pid"]
        backends = _children(int(str(main)), b"ponctuel_app ponctuel")
        if not backends:
            raise NotBackError("no connection of a core to kill")
        os.kill(backends[0], signal.SIGKILL)
        wait_for("backends", lambda: not set(_children(int(str(main)), b"ponctuel_app")) & set(backends))
        return f"backend {backends[0]}: SIGKILL, {len(backends)} connections thrown out"

    def answers(self) -> bool:
        """Whether PostgreSQL takes a statement now."""
        try:
            with psycopg.connect(self.settings.database_url, connect_timeout=2) as conn:
                conn.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def wait_for_database(self) -> float:
        """Wait until PostgreSQL takes statements; return when it did (epoch seconds)."""
        wait_for("postgresql", self.answers, seconds=90)
        return time.time()


def _children(parent: int, words: bytes) -> list[int]:
    """Return the processes that `parent` started and whose command line has these words."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == parent and words in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (OSError, IndexError, ValueError):
            continue
    return found
