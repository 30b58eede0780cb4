"""Lines from which the organisation takes no call, with who refused them and why.

A line is a home's or refused, never both. A lifted refusal keeps its row, so the trail needs no number.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.text import require_line


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A refused number (E.164). `refused_by` is a name."""

    id: int
    number: str
    reason: str
    refused_at: datetime
    refused_by: str


def list_refused_lines(conn: db.Conn) -> list[RefusedLine]:
    """Return the lines that are refused now, the latest first."""
    return db.many(
        conn,
        RefusedLine,
        """SELECT l.id, l.number, l.reason, l.refused_at, u.name AS refused_by
           FROM refused_lines l JOIN users u ON u.id = l.refused_by
           WHERE l.lifted_at IS NULL ORDER BY l.refused_at DESC, l.id DESC""",
    )


def is_line_refused(conn: db.Conn, number: str) -> bool:
    """Tell whether the organisation takes no call from this number (E.164)."""
    found = db.value(
        conn,
        bool,
        "SELECT EXISTS (SELECT FROM refused_lines WHERE number = %s AND lifted_at IS NULL)",
        (number,),
    )
    return bool(found)


def refuse_line(conn: db.Conn, actor: audit.ByUser, number: str, *, reason: str, now: datetime) -> int:
    """Take no call from this number (E.164) any more, and return the refusal's id.

    Raises `InvalidError` without a reason, for a home's line, or when the number is refused already.
    """
    reason = require_line(reason, missing="Dites pourquoi cette ligne est refusée.")
    hold_lines(conn)
    if db.value(conn, bool, "SELECT EXISTS (SELECT FROM home_lines WHERE number = %s)", (number,)):
        raise InvalidError(
            "Ce numéro est la ligne d’un domicile\N{NO-BREAK SPACE}: retirez-la d’abord de sa fiche."
        )
    line = db.value(
        conn,
        int,
        """INSERT INTO refused_lines (number, reason, refused_at, refused_by) VALUES (%s, %s, %s, %s)
           ON CONFLICT (organisation_id, number) WHERE lifted_at IS NULL DO NOTHING RETURNING id""",
        (number, reason, now, actor.id),
    )
    if line is None:
        raise InvalidError("Cette ligne est déjà refusée.")
    audit.record(conn, actor, "clients.refuse_line", line, now=now)
    return line


def lift_refusal(conn: db.Conn, actor: audit.ByUser, line: int, *, now: datetime) -> str:
    """Take calls from the line again, and return its number. Raises `NotFoundError` unless it is refused."""
    number = db.value(
        conn,
        str,
        """UPDATE refused_lines SET lifted_at = %s, lifted_by = %s WHERE id = %s AND lifted_at IS NULL
           RETURNING number""",
        (now, actor.id, line),
    )
    if number is None:
        raise NotFoundError("Cette ligne n’est pas refusée, ou ne l’est plus.")
    audit.record(conn, actor, "clients.lift_refusal", line, now=now)
    return number


def hold_lines(conn: db.Conn) -> None:
    """Let nobody else of the organisation say what a line is until the transaction ends.

    Two tables must not both have a number, and neither can see what the other is about to.
    """
    conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('lines ' || current_organisation(), 0))")
