"""How boxes and readers feel: what they say of themselves, and which of them somebody should look at."""

from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import AreaId, OrganisationId
from homecare.punches.operations import note_device_event


@dataclass(frozen=True, slots=True)
class Health:
    """What a device says: `reader` is None for one that has none, `waiting` counts punches it still holds."""

    online: bool
    reader: bool | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class AilingDevice:
    """A device that is away since `since`, or that is there without its reader. `client`: at whose home."""

    name: str
    label: str
    client: str | None
    online: bool
    since: datetime
    waiting: int | None


def note_device_status(
    conn: db.Conn, organisation: OrganisationId, device: str, health: Health, *, at: datetime
) -> None:
    """Note how a device feels. Only what changed leaves its trace and moves the board: each says it often.

    Being away counts from the first word of it: the broker repeats the last one to a core that starts.
    """
    row = conn.execute(
        """UPDATE devices SET online = %(online)s, reader = coalesce(%(reader)s, reader), seen_at = %(at)s,
                  waiting = CASE WHEN %(online)s THEN %(waiting)s ELSE waiting END,
                  changed_at = CASE WHEN online IS DISTINCT FROM %(online)s THEN %(at)s ELSE changed_at END
           WHERE name = %(device)s
           RETURNING old.online IS DISTINCT FROM new.online, old.reader IS DISTINCT FROM new.reader""",
        {
            "online": health.online,
            "reader": health.reader,
            "waiting": health.waiting,
            "at": at,
            "device": device,
        },
    ).fetchone()
    came_or_went, reader_changed = row or (False, False)
    if came_or_went:
        note_device_event(conn, device, "online" if health.online else "offline", {}, at=at)
    if reader_changed and health.reader is not None:
        note_device_event(conn, device, "reader_found" if health.reader else "reader_lost", {}, at=at)
    if came_or_went or reader_changed:
        db.notify_board(conn, organisation, None, "device", 0)


def list_ailing_devices(conn: db.Conn, *, area: AreaId | None = None) -> list[AilingDevice]:
    """Return the devices to look at, the longest away first, within the actor's areas.

    A device that never said anything is not installed yet. One at the agency belongs to every area.
    """
    return db.many(
        conn,
        AilingDevice,
        """SELECT d.name, d.label, upper(c.last_name) || ' ' || c.first_name AS client, d.online,
                  coalesce(d.changed_at, d.seen_at) AS since, d.waiting
           FROM devices d LEFT JOIN homes h ON h.id = d.home_id LEFT JOIN clients c ON c.id = h.client_id
           WHERE d.online IS NOT NULL AND d.seen_at IS NOT NULL AND (NOT d.online OR d.reader IS FALSE)
             AND (h.id IS NULL OR c.id IS NOT NULL)
             AND (%(area)s::bigint IS NULL OR c.area_id IS NULL OR c.area_id = %(area)s)
           ORDER BY since, d.name""",
        {"area": area},
    )
