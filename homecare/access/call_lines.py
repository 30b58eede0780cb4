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


def add_call_line(conn: db.Conn, number: str, *, label: str, trunk: Trunk = Trunk.FIRST) -> int:
    """Register a number (E.164) and return its id. Raises `InvalidError` when it is taken already."""
    label = require_line(label, missing="Donnez un nom à ce numéro.")
    try:
        with conn.transaction():
            return db.insert(
                conn,
                int,
                "INSERT INTO call_lines (number, label, trunk) VALUES (%s, %s, %s) RETURNING id",
                (number, label, trunk),
            )
    except psycopg.errors.UniqueViolation:
        raise InvalidError("Ce numéro de télépointage est déjà utilisé.") from None


def register_call_line(
    conn: db.Conn, actor: audit.ByUser, number: str, *, label: str, trunk: Trunk, now: datetime
) -> int:
    """Do what `add_call_line` does for somebody. Raises `InvalidError` for a number of a home's, too."""
    if db.value(conn, bool, "SELECT true FROM home_lines WHERE number = %s", (number,)):
        raise InvalidError("Ce numéro est celui d’un domicile : il ne peut pas être celui qu’on appelle.")
    line = add_call_line(conn, number, label=label, trunk=trunk)
    audit.record(
        conn, actor, "access.register_call_line", line, now=now, after={"number": number, "trunk": trunk}
    )
    return line


def retire_call_line(conn: db.Conn, actor: audit.ByUser, line: int, *, now: datetime) -> str:
    """Answer no more at a number, and return it. Raises `NotFoundError`, `InvalidError` for the last one."""
    number = db.value(conn, str, "SELECT number FROM call_lines WHERE id = %s", (line,))
    if number is None:
        raise NotFoundError("Ce numéro n’est pas l’un des vôtres.")
    if db.value(conn, int, "SELECT count(*) FROM call_lines") == 1:
        raise InvalidError("C’est votre dernier numéro : sans lui, personne ne pourrait plus appeler.")
    conn.execute("DELETE FROM call_lines WHERE id = %s", (line,))
    audit.record(conn, actor, "access.retire_call_line", line, now=now, before={"number": number})
    return number
