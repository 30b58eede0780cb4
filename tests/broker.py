"""A real Mosquitto of one's own, which tests may stop, kill and start again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docker.rootfs.control import ask

START_SECONDS = 600.0  # the first start of a machine builds the root filesystem


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """Where it listens, and the password of the core's user."""

    port: int
    password: str
    state: Path

    def device_password(self, device: str) -> str:
        """Register a device at the broker and return its password."""
        return str(self.command(f"device {device}")["password"])

    def command(self, words: str) -> dict[str, object]:
        """Say something to the supervisor: `stop mosquitto`, `start mosquitto`, `kill mosquitto`."""
        answer = ask(self.state, words)
        assert answer["ok"], answer
        return answer


@contextmanager
def running_broker(state: Path) -> Iterator[RunningBroker]:
    """Run a Mosquitto in this folder."""
    env_file = state / "env"
    asked = ["up", "--only", "mosquitto", "--state", str(state), "--env-file", str(env_file)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PONCTUEL_MQTT")}
    with (state / "up.log").open("w") as log:
        up = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "docker.rootfs", *asked], stdout=log, stderr=log, env=environment
        )
        try:
            wait_until(lambda: env_file.exists() or up.poll() is not None, seconds=START_SECONDS)
            assert env_file.exists(), (state / "up.log").read_text()
            settings = dict(
                line.split("=", 1) for line in env_file.read_text().splitlines() if not line.startswith("#")
            )
            yield RunningBroker(
                int(settings["PONCTUEL_MQTT_PORT"]), settings["PONCTUEL_MQTT_PASSWORD"], state
            )
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(timeout=30)


def wait_until(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Wait until the condition holds. Fails after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(0.02)
