"""The trail: who did what, when, before and after. Rows can be added and read, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import db
from homecare.kernel.actors import Actor, BySystem, ByUser

__all__ = ["Actor", "BySystem", "ByUser", "record", "record_all"]


def record_all(
    conn: db.Conn,
    actor: Actor,
    action: str,
    subjects: Sequence[tuple[int, Mapping[str, object]]],
    *,
    now: datetime,
) -> None:
    """Add one row per (subject, after), in one statement."""
    conn.execute(
        """INSERT INTO audit_events (at, actor, action, subject_id, after)
           SELECT %s, %s, %s, subject, after FROM unnest(%s::bigint[], %s::jsonb[]) AS s (subject, after)""",
        (now, str(actor), action, [one for one, _ in subjects], [Jsonb(after) for _, after in subjects]),
    )


def record(
    conn: db.Conn,
    actor: Actor,
    action: str,
    subject_id: int | None,
    *,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add a row to the trail. `action` is `context.verb`; before and after hold ids and codes, not names."""
    conn.execute(
        """INSERT INTO audit_events (at, actor, action, subject_id, before, after)
           VALUES (%s, %s, %s, %s, %s, %s)""",
        (now, str(actor), action, subject_id, before and Jsonb(before), after and Jsonb(after)),
    )
