"""A reader at a home: the real gateway program beside a simulated NFC field, in which badges are laid."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from homecare.kernel.settings import Settings
from simulators.children import DYING_WITH_US
from simulators.day.ledger import Ledger, Sent
from simulators.day.model import Gesture
from simulators.nfc_card.field import lay
from simulators.nfc_card.type2 import Type2Card

_HOLD_SECONDS = 0.6
_PATIENCE_SECONDS = 10.0


class ReaderAtHome:
    """One gateway. Punches are made one after the other: there is one field."""

    def __init__(
        self, device: str, password: str, badges: Mapping[int, str], *, organisation: int, ledger: Ledger
    ) -> None:
        """Know the gateway's credentials and the workers' badges."""
        self._device = device
        self._password = password
        self._badges = badges
        self._organisation = organisation
        self._ledger = ledger
        self._made: list[tuple[Gesture, float]] = []
        self._field = threading.Lock()
        self._port = _free_udp_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._health = Path()

    def start(self, settings: Settings) -> None:
        """Start the gateway program; it is ready some seconds later."""
        self._health = settings.state_dir / "gateway" / f"{self._device}.json"
        self._health.unlink(missing_ok=True)
        self._health.parent.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "PONCTUEL_ENV_FILE": os.devnull,
            "PONCTUEL_MQTT_HOST": settings.mqtt_host,
            "PONCTUEL_MQTT_PORT": str(settings.mqtt_port),
            "PONCTUEL_GATEWAY_ORGANISATION": str(self._organisation),
            "PONCTUEL_GATEWAY_DEVICE": self._device,
            "PONCTUEL_GATEWAY_PASSWORD": self._password,
            "PONCTUEL_GATEWAY_READER": f"udp:127.0.0.1:{self._port}",
            "PONCTUEL_STATE_DIR": str(settings.state_dir),
        }
        with (self._health.parent / "gateway.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*DYING_WITH_US, sys.executable, "-m", "nfc_gateway"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C at the terminal is the player's to pass on
            )

    def punch(self, gesture: Gesture) -> None:
        """Lay the worker's badge on the reader."""
        card = Type2Card(bytes.fromhex(self._badges[gesture.stop.worker]))
        with self._field:
            read = lay(card, self._port, patience=_PATIENCE_SECONDS, hold=_HOLD_SECONDS)
            instant = time.time() - _HOLD_SECONDS
        if read:
            self._made.append((gesture, instant))
        else:
            self._ledger.note_failure(gesture, "the reader did not read the badge")

    @property
    def waiting(self) -> int:
        """How many punches the gateway keeps for want of an answer."""
        try:
            return int(json.loads(self._health.read_text())["waiting"])
        except (OSError, ValueError, KeyError):
            return 0

    @property
    def counts(self) -> tuple[int, int]:
        """How many badges were read, and how many of them have an answer."""
        return len(self._made), len(self._made) - self.waiting

    def finish(self, *, within: float) -> None:
        """Wait until the core has answered everything, write it down, stop the gateway."""
        until = time.monotonic() + within
        while self.waiting and time.monotonic() < until:
            time.sleep(0.5)
        answer = None if self.waiting else "stored"
        for gesture, instant in self._made:
            self._ledger.note(Sent(gesture, instant, instant, answer))
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
