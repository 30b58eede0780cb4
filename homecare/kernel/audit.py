"""The trail: who did what, when, before and after. Rows can be added and read, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import db
from homecare.kernel.ids import UserId


@dataclass(frozen=True, slots=True)
class ByUser:
    """Somebody who is signed in."""

    id: UserId

    def __str__(self) -> str:
        """Return `user:ID`."""
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class BySystem:
    """A program of ours acting by itself, such as `telephony` or `lateness`."""

    name: str

    def __str__(self) -> str:
        """Return `system:NAME`."""
        return f"system:{self.name}"


type Actor = ByUser | BySystem


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
