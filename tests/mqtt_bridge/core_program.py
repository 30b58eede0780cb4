"""A core as a program: the real bridge on a real reactor, which records into a journal on disk.

    python -m tests.mqtt_bridge.core_program PORT PASSWORD JOURNAL [SECONDS]

Each line of the journal is a kind (`begun`, `claim`, `event`, `status`) and its record. Claims are read again
at start, so that a killed core knows what it had stored. SECONDS is how long the database takes for a claim.
"""

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.interfaces import IReactorCore, IReactorFromThreads, IReactorTime
from twisted.internet.task import deferLater

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Claim, Kept, Receipt, Status, claim_record, read_claim
from mqtt_bridge import wire
from mqtt_bridge.bridge import MqttBridge
from mqtt_bridge.client import Broker
from mqtt_bridge.reception import Core, DeviceEvent
from tests.mqtt_bridge.recording import RecordingCore


@dataclass(kw_only=True)
class JournalCore(RecordingCore):
    """Answers only once the line is on the disk."""

    journal: Path
    seconds: float

    def __post_init__(self) -> None:
        for kind, record in read_journal(self.journal):
            if kind == "claim":
                claim = read_claim(record)
                self.claims[claim.source_ref] = claim

    async def record_punch(self, claim: Claim) -> Receipt | Kept:
        self._write("begun", {"source_ref": claim.source_ref})
        await deferLater(IReactorTime(reactor), self.seconds, lambda: None)
        receipt = await super().record_punch(claim)
        if isinstance(receipt, Receipt) and receipt.status is Status.STORED:
            self._write("claim", claim_record(claim))
        return receipt

    async def note_event(self, event: DeviceEvent) -> None:
        self._write("event", {"device": event.device, "kind": event.kind, **event.details})

    async def note_status(
        self, _organisation: OrganisationId, device: str, status: wire.DeviceStatus, _at: datetime
    ) -> None:
        self._write("status", {"device": device, "online": status.online, "waiting": status.waiting})

    def core(self) -> Core:
        return Core(
            find_device=self.find_device,
            record_punch=self.record_punch,
            note_event=self.note_event,
            note_status=self.note_status,
            real_now=lambda: datetime.now(UTC),
            at=lambda real: real,
        )

    def _write(self, kind: str, record: dict[str, object]) -> None:
        with self.journal.open("a") as journal:
            journal.write(json.dumps([kind, record]) + "\n")
            journal.flush()
            os.fsync(journal.fileno())


def read_journal(path: Path) -> list[tuple[str, dict[str, object]]]:
    """Return what a core has written so far, whole lines only."""
    if not path.exists():
        return []
    lines = path.read_text().splitlines(keepends=True)
    return [(kind, record) for kind, record in (json.loads(line) for line in lines if line.endswith("\n"))]


def main() -> None:
    port, user, password, journal, *seconds = sys.argv[1:]
    recording = JournalCore(journal=Path(journal), seconds=float(seconds[0]) if seconds else 0.0)
    broker = Broker(host="127.0.0.1", port=int(port), user=user, password=password)
    loop = IReactorCore(reactor)
    bridge = MqttBridge(broker, core=recording.core(), reactor=IReactorFromThreads(reactor))
    loop.callWhenRunning(bridge.startService)
    loop.addSystemEventTrigger("before", "shutdown", bridge.stopService)
    loop.run()


if __name__ == "__main__":
    main()
