"""What happens to one message of a device: read, record, answer. Knows neither broker nor reactor.

A refused punch is noted before its refusal is sent, so that nothing disappears without a trace. When the core
cannot record or note for now, nobody is answered: the device sends again. Neither a payload nor a field's
value is logged.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog

from homecare.kernel.errors import HomecareError
from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Claim, Kept, Receipt
from mqtt_bridge import wire
from mqtt_bridge.claims import check_time, claim_of

log = structlog.get_logger()


class EventKind(StrEnum):
    """What is noted of a device beside its punches."""

    PUNCH_REFUSED = "punch_refused"
    STATUS_UNREADABLE = "status_unreadable"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something to remember about a device. `organisation` is None when nobody knows the device.

    `at` is on the agency's clock. `details` holds JSON values; of a refused punch, what could be read of it,
    so that a person can enter it by hand.
    """

    organisation: OrganisationId | None
    device: str
    at: datetime
    kind: EventKind
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """All that the bridge asks of the program that carries it.

    `find_device` returns the organisation of a registered device. `record_punch` returns once the claim is
    committed (Receipt) or, the database being away, in the spool (Kept). `real_now` is the machine's time,
    `at` turns real time into the agency's (`Clock.at`).
    """

    find_device: Callable[[str], Awaitable[OrganisationId | None]]
    record_punch: Callable[[Claim], Awaitable[Receipt | Kept]]
    note_event: Callable[[DeviceEvent], Awaitable[None]]
    note_status: Callable[[OrganisationId, str, wire.DeviceStatus, datetime], Awaitable[None]]
    real_now: Callable[[], datetime]
    at: Callable[[datetime], datetime]


async def receive_punch(core: Core, address: wire.Address, payload: bytes) -> wire.Ack | None:
    """Take one punch and return the answer to send, None when the device has to send again.

    Only what is committed is answered: a claim that is `Kept` in the core's spool gets its answer when the
    device sends again. Anything that `core` raises, but a refusal of the domain, is raised.
    """
    received_at = core.real_now()
    organisation = await core.find_device(address.device)
    punch: wire.Punch | None = None
    try:
        punch = wire.decode_punch(payload)
        check_time(punch, received_at=received_at)
        receipt = await _record(core, address, organisation, punch)
    except wire.WireError as error:
        log.warning("device.punch_refused", device=address.device, reason=error.refusal, detail=error.detail)
        details = {"ref": error.ref, "reason": error.refusal, **_trace(payload, punch)}
        await core.note_event(
            DeviceEvent(organisation, address.device, core.at(received_at), EventKind.PUNCH_REFUSED, details)
        )
        return wire.Ack(error.ref, wire.AckStatus.REFUSED, error.refusal)
    if isinstance(receipt, Kept):
        return None
    return wire.Ack(punch.ref, wire.AckStatus(receipt.status), receipt.refusal or receipt.doubt)


async def receive_status(core: Core, address: wire.Address, payload: bytes) -> None:
    """Take one status. One that cannot be read is noted; one of a device that nobody knows is logged."""
    at = core.at(core.real_now())
    organisation = await core.find_device(address.device)
    if organisation is None or str(organisation) != address.organisation:
        log.warning("device.unknown", device=address.device)
        return
    try:
        status = wire.decode_status(payload)
    except wire.WireError as error:
        details = {"reason": error.refusal, **_trace(payload, None)}
        await core.note_event(
            DeviceEvent(organisation, address.device, at, EventKind.STATUS_UNREADABLE, details)
        )
    else:
        await core.note_status(organisation, address.device, status, at)


async def _record(
    core: Core, address: wire.Address, organisation: OrganisationId | None, punch: wire.Punch
) -> Receipt | Kept:
    if organisation is None or str(organisation) != address.organisation:
        raise wire.WireError(wire.Refusal.UNKNOWN_DEVICE, "topic", ref=punch.ref)
    claim = claim_of(punch, organisation=organisation, device=address.device, punched_at=core.at(punch.at))
    try:
        return await core.record_punch(claim)
    except HomecareError as error:
        raise wire.WireError(wire.Refusal.REJECTED, type(error).__name__, ref=punch.ref) from error


def _trace(payload: bytes, punch: wire.Punch | None) -> dict[str, object]:
    """Return what may be kept of a payload: fields once read, never its text (it may hold a position)."""
    trace: dict[str, object] = {"bytes": len(payload), "sha256": hashlib.sha256(payload).hexdigest()}
    if punch is not None:
        trace |= {
            "at": punch.at.isoformat(),
            "tag": punch.tag,
            "badge": punch.badge,
            "edge": punch.edge,
        }
    return trace
