"""A real Mosquitto of one's own, which tests may stop, kill and start again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docker.rootfs.control import ask
from tests.servers import running_servers


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """Where it listens, the password of the core's user, and the state folder of what runs it."""

    port: int
    password: str
    state: Path

    def device_password(self, device: str) -> str:
        """Make a device known to the broker and return its password."""
        return str(self.command(f"device {device}")["password"])

    def command(self, words: str) -> dict[str, object]:
        """Say something to the supervisor: `stop mosquitto`, `start mosquitto`, `kill mosquitto`."""
        answer = ask(self.state, words)
        assert answer["ok"], answer
        return answer


@contextmanager
def running_broker() -> Iterator[RunningBroker]:
    """Run a Mosquitto in a folder of its own."""
    with running_servers("mosquitto") as settings:
        yield RunningBroker(settings.mqtt_port, settings.mqtt_password, settings.state_dir)


def wait_until(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Wait until the condition holds. Fails after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(0.02)
