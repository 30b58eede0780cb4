"""A core program that tests start, stop and kill."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from docker.rootfs.choices import CORE_USERS
from tests.mqtt_bridge.core_program import read_journal
from tests.supervised import Supervised, wait_until


@dataclass
class RunningCore:
    """Core programs on one journal, which outlives them."""

    broker: Supervised
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    started: int = 0

    @property
    def journal(self) -> Path:
        return self.folder / "core.journal"

    def start(self, *, seconds: float = 0.0) -> None:
        """Start a core whose database takes that long for each claim; return once it has subscribed."""
        self.started += 1
        log = self.folder / f"core-{self.started}.log"
        mqtt = self.broker.settings
        user = CORE_USERS[len(self.processes)]
        asked = [str(mqtt.mqtt_port), user, mqtt.mqtt_password, str(self.journal), str(seconds)]
        with log.open("w") as out:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "tests.mqtt_bridge.core_program", *asked], stdout=out, stderr=out
            )
        self.processes.append(process)
        wait_until(lambda: "mqtt.connected" in log.read_text())

    def stop(self) -> None:
        """Stop the last core politely."""
        process = self.processes.pop()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0

    def kill(self) -> None:
        """Kill the last core."""
        process = self.processes.pop()
        process.kill()
        process.wait(timeout=20)

    def records(self, kind: str) -> list[dict[str, object]]:
        """Return what was recorded: `claim`, `event` or `status`."""
        return [record for written, record in read_journal(self.journal) if written == kind]

    def refs(self) -> list[str]:
        """Return the references of the recorded claims."""
        return [str(record["source_ref"]) for record in self.records("claim")]
