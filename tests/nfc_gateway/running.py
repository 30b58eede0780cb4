"""A gateway program that tests start, stop and kill, and cards laid on its reader."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from simulators.nfc_card.field import lay
from simulators.nfc_card.type2 import Type2Card
from tests.supervised import Supervised, wait_until

DEVICE = "gw-0001"


def free_udp_port() -> int:
    """Return a port on which nothing listens at present."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class RunningGateway:
    """`python -m nfc_gateway` on one state folder, which outlives it."""

    broker: Supervised
    folder: Path
    reader_port: int = field(default_factory=free_udp_port)
    organisation: str = "1"
    device: str = DEVICE
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PONCTUEL_ENV_FILE": os.devnull,
            "PONCTUEL_MQTT_HOST": "127.0.0.1",
            "PONCTUEL_MQTT_PORT": str(self.broker.settings.mqtt_port),
            "PONCTUEL_GATEWAY_ORGANISATION": self.organisation,
            "PONCTUEL_GATEWAY_DEVICE": self.device,
            "PONCTUEL_GATEWAY_PASSWORD": self.broker.device_password(self.device),
            "PONCTUEL_GATEWAY_READER": f"udp:127.0.0.1:{self.reader_port}",
            "PONCTUEL_STATE_DIR": str(self.folder),
            "PONCTUEL_LOG_FORMAT": "json",
        }

    def start(self) -> None:
        """Start it; return once its reader is ready."""
        self.health_file.unlink(missing_ok=True)
        with (self.folder / "gateway.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nfc_gateway"], env=self.environment, stdout=log, stderr=log
            )
        wait_until(lambda: self.health().get("reader"))

    def kill(self) -> None:
        """Kill it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=20)
        self.process = None

    def stop(self) -> None:
        """Stop it politely."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0
        self.process = None

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run it to its end, as somebody on the machine would."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "nfc_gateway", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    @property
    def health_file(self) -> Path:
        return self.folder / "gateway" / f"{self.device}.json"

    def health(self) -> dict[str, object]:
        """Return the state that it last wrote."""
        if not self.health_file.exists():
            return {}
        state: dict[str, object] = json.loads(self.health_file.read_text())
        return state

    def kept(self) -> int:
        """Return how many taps it has said were kept, over all its lives."""
        return (self.folder / "gateway.log").read_text().count('"tap.kept"')

    def tap(self, uid: str, *, uri: str | None = None) -> None:
        """Lay a card on the reader; return once the tap is kept."""
        before = self.kept()
        assert lay(Type2Card(bytes.fromhex(uid), uri), self.reader_port, patience=20)
        wait_until(lambda: self.kept() > before)
