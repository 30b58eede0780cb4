"""Writing payers: added, renamed, retired, taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg

from homecare.kernel import audit, db
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import PayerId
from homecare.kernel.text import require_line
from homecare.payers.model import PayerKind

LONGEST_NAME = 80
_OUT = "Ce payeur n’existe pas ou n’est plus en service."


def check_payer_name(typed: str) -> str:
    """Return the name as it is kept. Raises `InvalidError`."""
    name = require_line(typed, missing="Donnez un nom à ce payeur.")
    if len(name) > LONGEST_NAME:
        raise InvalidError(f"Le nom d’un payeur a {LONGEST_NAME} caractères au plus.")
    return name


def add_payer(conn: db.Conn, actor: audit.Actor, kind: PayerKind, name: str, *, now: datetime) -> PayerId:
    """Add a payer. Raises `InvalidError`, also for the name of another one in service."""
    name = check_payer_name(name)
    with _one_of_a_name(conn):
        payer = db.insert(
            conn, PayerId, "INSERT INTO payers (kind, name) VALUES (%s, %s) RETURNING id", (kind.value, name)
        )
    audit.record(conn, actor, "payers.add_payer", payer, now=now, after={"kind": kind.value, "name": name})
    return payer


def change_payer(
    conn: db.Conn, actor: audit.Actor, payer: PayerId, kind: PayerKind, name: str, *, now: datetime
) -> None:
    """Change what a payer in service is and is called. Raises as `add_payer`, and `NotFoundError`."""
    name = check_payer_name(name)
    stood = conn.execute(
        "SELECT kind, name FROM payers WHERE id = %s AND retired_on IS NULL FOR UPDATE", (payer,)
    ).fetchone()
    if stood is None:
        raise NotFoundError(_OUT)
    with _one_of_a_name(conn):
        conn.execute("UPDATE payers SET kind = %s, name = %s WHERE id = %s", (kind.value, name, payer))
    audit.record(
        conn,
        actor,
        "payers.change_payer",
        payer,
        now=now,
        before={"kind": stood[0], "name": stood[1]},
        after={"kind": kind.value, "name": name},
    )


def retire_payer(conn: db.Conn, actor: audit.Actor, payer: PayerId, *, now: datetime) -> None:
    """Let a payer pay and ask for nothing from today on. Raises `NotFoundError` unless it is in service."""
    day = paris_day(now)
    retired = db.write(
        conn, "UPDATE payers SET retired_on = %s WHERE id = %s AND retired_on IS NULL", (day, payer)
    )
    if not retired:
        raise NotFoundError(_OUT)
    audit.record(conn, actor, "payers.retire_payer", payer, now=now, after={"retired_on": day.isoformat()})


def restore_payer(conn: db.Conn, actor: audit.Actor, payer: PayerId, *, now: datetime) -> None:
    """Take a payer back into service, with its clients and its minimums as they stand.

    Raises `InvalidError` when another one in service has its name by now, `NotFoundError` unless retired.
    """
    with _one_of_a_name(conn):
        restored = db.write(
            conn, "UPDATE payers SET retired_on = NULL WHERE id = %s AND retired_on IS NOT NULL", (payer,)
        )
    if not restored:
        raise NotFoundError("Ce payeur n’existe pas ou est déjà en service.")
    audit.record(conn, actor, "payers.restore_payer", payer, now=now)


@contextmanager
def _one_of_a_name(conn: db.Conn) -> Iterator[None]:
    try:
        with conn.transaction():
            yield
    except psycopg.errors.UniqueViolation as error:
        raise InvalidError("Un autre payeur en service porte déjà ce nom.") from error
