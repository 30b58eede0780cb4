"""A core that records in memory: claims keyed by their reference, events and statuses as they come."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from homecare.kernel.ids import OrganisationId, PunchId
from homecare.punches.model import Claim, Kept, Receipt, Status
from mqtt_bridge import wire
from mqtt_bridge.reception import Core, DeviceEvent

ORGANISATION = OrganisationId(1)
NOW = datetime(2026, 3, 2, 7, 58, 15, tzinfo=UTC)


class DatabaseAwayError(Exception):
    """What the core raises when it can neither commit nor spool."""


@dataclass
class RecordingCore:
    """Knows the devices gw-0001 and box-0001 of organisation 1; answers as the domain does."""

    now: datetime = NOW
    away: bool = False
    keeps: bool = False
    claims: dict[str, Claim] = field(default_factory=dict)
    events: list[DeviceEvent] = field(default_factory=list)
    statuses: list[tuple[str, wire.DeviceStatus]] = field(default_factory=list)

    async def find_device(self, device: str) -> OrganisationId | None:
        return ORGANISATION if device in {"gw-0001", "box-0001"} else None

    async def record_punch(self, claim: Claim) -> Receipt | Kept:
        if self.away:
            raise DatabaseAwayError
        if self.keeps:
            return Kept(claim.source_ref, claim.punched_at)
        first = self.claims.setdefault(claim.source_ref, claim)
        status = (
            Status.STORED
            if first is claim
            else Status.DUPLICATE
            if first.digest() == claim.digest()
            else Status.CONFLICT
        )
        return Receipt(claim.source_ref, status, PunchId(len(self.claims)), first.punched_at)

    async def note_event(self, event: DeviceEvent) -> None:
        if self.away:
            raise DatabaseAwayError
        self.events.append(event)

    async def note_status(
        self, _organisation: OrganisationId, device: str, status: wire.DeviceStatus, _at: datetime
    ) -> None:
        self.statuses.append((device, status))

    def core(self) -> Core:
        return Core(
            find_device=self.find_device,
            record_punch=self.record_punch,
            note_event=self.note_event,
            note_status=self.note_status,
            real_now=lambda: self.now,
            at=lambda real: real,
        )
