"""The code devices of homes: provisioned once by a QR code that is shown once, retired when lost.

The secret is drawn here and kept sealed; nobody can read it again, a new device is provisioned instead.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.clients.rolling_code import draw_secret
from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import HomeId
from homecare.kernel.sealing import Sealer
from homecare.kernel.text import require_line


@dataclass(frozen=True, slots=True)
class CodeDevice:
    """A device as its home's card shows it. `drift` is in steps of thirty seconds, above zero: fast."""

    id: int
    label: str
    added_at: datetime
    used_at: datetime | None
    drift: int


def list_code_devices(conn: db.Conn, home: HomeId) -> list[CodeDevice]:
    """Return the devices in use at a home, the oldest first."""
    return db.many(
        conn,
        CodeDevice,
        """SELECT id, label, added_at, used_at, drift FROM code_devices
           WHERE home_id = %s AND retired_at IS NULL ORDER BY id""",
        (home,),
    )


def add_code_device(
    conn: db.Conn, actor: audit.Actor, home: HomeId, label: str, *, sealer: Sealer, now: datetime
) -> bytes:
    """Provision a device and return its secret, to be shown this once. Raises `InvalidError`.

    What it is sealed for is the home and the instant, since the row has no id yet.
    """
    label = require_line(label, missing="Donnez un nom à ce boîtier.")
    secret = draw_secret()
    sealed = sealer.seal(secret, owner=sealed_for(home, now))
    device = db.insert(
        conn,
        int,
        "INSERT INTO code_devices (home_id, label, secret, added_at) VALUES (%s, %s, %s, %s) RETURNING id",
        (home, label, sealed, now),
    )
    audit.record(conn, actor, "clients.add_code_device", device, now=now)
    return secret


def retire_code_device(
    conn: db.Conn, actor: audit.Actor, home: HomeId, device: int, *, now: datetime
) -> None:
    """Let a device prove nothing any more. Raises `NotFoundError` unless it is in use at this home."""
    retired = db.write(
        conn,
        "UPDATE code_devices SET retired_at = %s WHERE id = %s AND home_id = %s AND retired_at IS NULL",
        (now, device, home),
    )
    if not retired:
        raise NotFoundError("Ce boîtier n’est pas à ce domicile, ou n’y est plus.")
    audit.record(conn, actor, "clients.retire_code_device", device, now=now)


def sealed_for(home: HomeId, added_at: datetime) -> str:
    """Return what a device's secret is sealed for."""
    return f"code device {home} {added_at.timestamp():.6f}"
