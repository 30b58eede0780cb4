"""What a rolling code proves: which device of which home showed it, and when.

A code alone names no home, so it is sought among devices that make sense: those of the homes where the worker
has had a visit, over the whole time that a code lives, and every device of the organisation for a code that
was read just now. That keeps guessing hopeless: with ten such homes one guess in 500 hits *a* code of the
week, of an instant that nobody chose, which waits for a coordinator unless it falls on a visit. Each miss
costs one of the call's three entries, is noted with its status, and misses are limited (`punches.lockout`).

A code serves one call. The same call may say it again: a resend, or the second punch of a couple.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homecare.clients.code_devices import sealed_for
from homecare.clients.rolling_code import (
    LIFETIME,
    MEMORY,
    find_step,
    learn_drift,
    may_be_ahead,
    step_at,
    steps_back,
    time_of,
)
from homecare.kernel import db
from homecare.kernel.ids import HomeId, WorkerId
from homecare.kernel.sealing import SealedError, Sealer
from homecare.punches.finding import find_workers
from homecare.punches.lockout import may_use_older_codes
from homecare.punches.model import Claim, CodeDevice, CodeTrouble, RollingCode
from homecare.punches.operations import note_refusal

FRESH = timedelta(minutes=10)
_REMEMBERED_USES = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A code that proves: `read_at` is the device's time, a real instant, never later than the call."""

    device: int
    home: HomeId
    step: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class _Device:
    id: int
    home_id: HomeId
    secret: bytes
    drift: int
    added_at: datetime
    used_at: datetime | None
    is_retired: bool
    is_hers: bool


def read_code(
    conn: db.Conn, code: RollingCode, worker: WorkerId, *, call: str, at: datetime, sealer: Sealer
) -> Reading | CodeTrouble:
    """Return what a code says that was keyed in `call`. `at`: the agency's instant of the call."""
    trouble = CodeTrouble.WRONG
    may_be_old = may_use_older_codes(conn, worker, now=code.called_at)
    for device in _devices(conn, worker, at):
        step = _find(device, code, sealer, past=MEMORY if device.is_hers and may_be_old else FRESH)
        if step is None:
            continue
        reading = _read(conn, device, step, code.called_at, call)
        if isinstance(reading, Reading):
            return reading
        trouble = reading
    return trouble


def date_by_device(
    conn: db.Conn, claims: Sequence[Claim], *, sealer: Sealer, clock_at: Callable[[datetime], datetime]
) -> list[Claim]:
    """Give each claim with a rolling code its device's home and time, and let the code serve no other call.

    A code that proves nothing leaves its typed status, and its claim as it was: without a home, to be judged
    by a person. A claim that comes again becomes what it became the first time.
    """
    return [
        _date(conn, claim, claim.where, sealer, clock_at) if isinstance(claim.where, RollingCode) else claim
        for claim in claims
    ]


def _date(
    conn: db.Conn,
    claim: Claim,
    code: RollingCode,
    sealer: Sealer,
    clock_at: Callable[[datetime], datetime],
) -> Claim:
    worker = find_workers(conn, {claim.who}).get(claim.who)
    if worker is None:
        return claim
    call = claim.source_ref.rpartition("-")[0]
    reading = read_code(conn, code, worker.id, call=call, at=claim.punched_at, sealer=sealer)
    if isinstance(reading, Reading) and _use(conn, reading, code.called_at, call):
        where, at = CodeDevice(reading.device, reading.step), clock_at(reading.read_at)
        details = {**claim.details, "called_at": code.called_at.isoformat()}
        return replace(claim, where=where, punched_at=at, details=details)
    trouble = reading if isinstance(reading, CodeTrouble) else CodeTrouble.USED
    note_refusal(
        conn,
        claim.organisation,
        claim.channel,
        trouble.value,
        source_ref=call,
        at=claim.punched_at,
        worker=worker.id,
    )
    return claim


def _devices(conn: db.Conn, worker: WorkerId, at: datetime) -> list[_Device]:
    """Return the devices to try, those of the worker's own homes first. A retired one only there."""
    return db.many(
        conn,
        _Device,
        """SELECT d.id, d.home_id, d.secret, d.drift, d.added_at, d.used_at,
                  d.retired_at IS NOT NULL AS is_retired, h.home_id IS NOT NULL AS is_hers
           FROM code_devices d
           LEFT JOIN (SELECT DISTINCT home_id FROM visits
                      WHERE worker_id = %(worker)s AND cancelled_at IS NULL
                        AND starts_at BETWEEN %(since)s AND %(until)s) h ON h.home_id = d.home_id
           WHERE d.retired_at IS NULL OR h.home_id IS NOT NULL
           ORDER BY h.home_id IS NULL, d.retired_at IS NOT NULL, d.id""",
        {"worker": worker, "since": at - MEMORY, "until": at + timedelta(days=1)},
    )


def _find(device: _Device, code: RollingCode, sealer: Sealer, *, past: timedelta) -> int | None:
    try:
        secret = sealer.open(device.secret, owner=sealed_for(device.home_id, device.added_at))
    except SealedError:
        return None
    silence = code.called_at - (device.used_at or device.added_at)
    steps = steps_back(code.called_at, drift=device.drift, ahead=may_be_ahead(silence), past=past)
    return find_step(secret, code.code, steps)


def _read(conn: db.Conn, device: _Device, step: int, called_at: datetime, call: str) -> Reading | CodeTrouble:
    used = conn.execute(
        "SELECT call, read_at FROM code_uses WHERE device_id = %s AND step = %s", (device.id, step)
    ).fetchone()
    if used is not None:
        by, read_at = used
        return Reading(device.id, device.home_id, step, read_at) if by == call else CodeTrouble.USED
    if device.is_retired:
        return CodeTrouble.INACTIVE
    read_at = min(time_of(step, drift=device.drift), called_at)
    if called_at - read_at > LIFETIME:
        return CodeTrouble.EXPIRED
    return Reading(device.id, device.home_id, step, read_at)


def _use(conn: db.Conn, reading: Reading, called_at: datetime, call: str) -> bool:
    """Let the code serve this call; tell whether it does. The device's drift is learnt from it."""
    used = db.write(
        conn,
        """INSERT INTO code_uses (device_id, step, call, called_at, read_at, ahead)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (reading.device, reading.step, call, called_at, reading.read_at, reading.step - step_at(called_at)),
    )
    if used:
        _learn(conn, reading.device, called_at)
        return True
    by = db.value(
        conn,
        str,
        "SELECT call FROM code_uses WHERE device_id = %s AND step = %s",
        (reading.device, reading.step),
    )
    return by == call


def _learn(conn: db.Conn, device: int, called_at: datetime) -> None:
    ahead = db.values(
        conn,
        int,
        "SELECT ahead FROM code_uses WHERE device_id = %s ORDER BY called_at DESC LIMIT %s",
        (device, _REMEMBERED_USES),
    )
    row = conn.execute(
        "SELECT drift, added_at FROM code_devices WHERE id = %s FOR UPDATE", (device,)
    ).fetchone()
    assert row is not None  # noqa: S101 - a use points to its device
    drift, added_at = row
    conn.execute(
        "UPDATE code_devices SET drift = %s, used_at = greatest(used_at, %s) WHERE id = %s",
        (learn_drift(ahead, drift=drift, age=called_at - added_at), called_at, device),
    )
