"""Badges laid on the reader of the real gateway program; what it keeps it says in its log, as it beeps."""

import itertools
import json
import random
import socket
import threading
import time
from pathlib import Path

from simulators.faults.agency import Agency
from simulators.faults.journal import Intent, Journal
from simulators.nfc_card.field import lay
from simulators.nfc_card.type2 import Type2Card

CHANNEL = "nfc"
HELD_SECONDS = 0.5
PATIENCE_SECONDS = 3.0


class Lays:
    """One field, in which the people's badges are laid one after the other."""

    def __init__(self, agency: Agency, journal: Journal, *, log: Path, seed: int, every: float) -> None:
        """`log` is that of the gateway, in JSON lines."""
        self._agency = agency
        self._journal = journal
        self._log = log
        self._every = every
        self._chance = random.Random(f"{seed}/{agency.gateway}")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._lay_on)
        self.port = _free_udp_port()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Lay no more."""
        self._over.set()
        self._thread.join()

    def learn_answers(self) -> None:
        """Write down as acknowledged whatever the gateway had kept when it beeped."""
        for line in self._log.read_text(errors="replace").splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and said.get("event") == "tap.kept":
                self._journal.acknowledge(CHANNEL, f"{self._agency.gateway}/{said['ref']}", "kept")

    def _lay_on(self) -> None:
        for person in itertools.cycle(self._agency.people):
            if self._over.wait(self._chance.uniform(0.5, 1.5) * self._every):
                return
            where: list[object] = ["device", self._agency.gateway]
            self._journal.intend(Intent(CHANNEL, None, time.time(), where, ["badge", person.badge]))
            lay(
                Type2Card(bytes.fromhex(person.badge)),
                self.port,
                patience=PATIENCE_SECONDS,
                hold=HELD_SECONDS,
            )


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
