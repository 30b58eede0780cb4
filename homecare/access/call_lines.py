"""The free numbers that workers call to punch, and by which operator each is carried."""

from datetime import datetime
from enum import StrEnum

import psycopg

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.text import require_line


class Trunk(StrEnum):
    """By whom a number is carried: the name of the operator in the telephone's configuration."""

    FIRST = "operator"
    SECOND = "operator-2"


def add_call_line(
    conn: db.Conn, number: str, *, label: str, trunk: Trunk = Trunk.FIRST, rings_only: bool = False
) -> int:
    """Register a number (E.164) and return its id. Raises `InvalidError` when it is taken already.

    `rings_only`: it is never answered; who lets it ring is rung back (`punches.missed_calls`).
    """
    label = require_line(label, missing="Donnez un nom à ce numéro.")
    try:
        with conn.transaction():
            line = db.insert(
                conn,
                int,
                """INSERT INTO call_lines (number, label, trunk, rings_only) VALUES (%s, %s, %s, %s)
                   RETURNING id""",
                (number, label, trunk, rings_only),
            )
    except psycopg.errors.UniqueViolation:
        raise InvalidError("Ce numéro de télépointage est déjà utilisé.") from None
    _tell_cores(conn)
    return line


def register_call_line(
    conn: db.Conn,
    actor: audit.ByUser,
    number: str,
    *,
    label: str,
    trunk: Trunk,
    rings_only: bool,
    now: datetime,
) -> int:
    """Do what `add_call_line` does for somebody.

    Raises `InvalidError` also for a home's number, for a duty number, and for one that only rings while none
    answers.
    """
    if db.value(conn, bool, "SELECT true FROM home_lines WHERE number = %s", (number,)):
        raise InvalidError("Ce numéro est celui d’un domicile : il ne peut pas être celui qu’on appelle.")
    if db.value(conn, bool, "SELECT true FROM areas WHERE duty_number = %s LIMIT 1", (number,)):
        raise InvalidError("Ce numéro est celui d’une astreinte : la touche 0 tournerait en rond.")
    if rings_only and not _count_answering(conn):
        raise InvalidError("Ajoutez d’abord un numéro qui répond : tous les autres domiciles en ont besoin.")
    line = add_call_line(conn, number, label=label, trunk=trunk, rings_only=rings_only)
    after = {"number": number, "trunk": trunk, "rings_only": rings_only}
    audit.record(conn, actor, "access.register_call_line", line, now=now, after=after)
    return line


def retire_call_line(conn: db.Conn, actor: audit.ByUser, line: int, *, now: datetime) -> str:
    """Take no more calls at a number, and return it.

    Raises `NotFoundError`, and `InvalidError` for the last one that answers.
    """
    row = conn.execute("SELECT number, rings_only FROM call_lines WHERE id = %s", (line,)).fetchone()
    if row is None:
        raise NotFoundError("Ce numéro n’est pas l’un des vôtres.")
    number, rings_only = row
    if not rings_only and _count_answering(conn) == 1:
        raise InvalidError("C’est votre dernier numéro : sans lui, personne ne pourrait plus appeler.")
    conn.execute("DELETE FROM call_lines WHERE id = %s", (line,))
    audit.record(conn, actor, "access.retire_call_line", line, now=now, before={"number": number})
    _tell_cores(conn)
    return str(number)


def _count_answering(conn: db.Conn) -> int:
    return db.value(conn, int, "SELECT count(*) FROM call_lines WHERE NOT rings_only") or 0


def _tell_cores(conn: db.Conn) -> None:
    """They tell the telephone exchange which numbers only ring."""
    conn.execute("SELECT pg_notify('lines', '')")
