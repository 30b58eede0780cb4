"""From a device's punch to the claim that the core records. Pure: the instants are parameters."""

from datetime import datetime, timedelta

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Badge, Channel, Claim, Device, Edge, Nobody, Sun, Tag
from mqtt_bridge import wire

AHEAD = timedelta(minutes=5)
"""How far a device's clock may run ahead of ours."""

OLDEST = timedelta(days=30)
"""How long a device may have been cut off: beyond it, a person has to enter the punch."""


def check_time(punch: wire.Punch, *, received_at: datetime) -> None:
    """Refuse an instant that no working device can claim. Both are real time. Raises WireError."""
    if punch.at > received_at + AHEAD:
        raise wire.WireError(wire.Refusal.FUTURE, "at", ref=punch.ref)
    if punch.at < received_at - OLDEST:
        raise wire.WireError(wire.Refusal.ANCIENT, "at", ref=punch.ref)


def claim_of(punch: wire.Punch, *, organisation: OrganisationId, device: str, punched_at: datetime) -> Claim:
    """Return the claim of a device's punch; `punched_at` is the punch's time on the agency's clock.

    Without a tag the place is the device's own. A device gives unique references among its own only, so
    that the core's reference begins with the device.
    """
    return Claim(
        organisation=organisation,
        channel=channel_of(device),
        source_ref=f"{device}/{punch.ref}",
        punched_at=punched_at,
        where=_place_of(punch, device),
        who=Nobody() if punch.badge is None else Badge(punch.badge),
        edge=None if punch.edge is None else Edge(punch.edge),
        details={"device": device},
    )


def _place_of(punch: wire.Punch, device: str) -> Device | Tag | Sun:
    if punch.tag is None:
        return Device(device)
    return Tag(punch.tag) if punch.sun is None else Sun(punch.tag, punch.sun)


def channel_of(device: str) -> Channel:
    """Return the channel of a device: `gw-…` names a gateway beside an NFC reader, any other name a box."""
    return Channel.NFC if device.startswith("gw-") else Channel.BOX
