"""A handful of helpers around psycopg: literal SQL in, typed rows out. They never open, commit or roll back.

SQL is never built from strings; an optional filter is written `(%(area)s::bigint IS NULL OR area_id = …)`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, OrganisationId

type Conn = psycopg.Connection[tuple[Any, ...]]
type Parameters = Sequence[object] | Mapping[str, object]


def use_organisation(conn: Conn, organisation: OrganisationId | None) -> None:
    """Set the organisation that row-level security lets through until the end of this transaction."""
    conn.execute(
        "SELECT set_config('app.organisation_id', %s, true)",
        ("" if organisation is None else str(organisation),),
    )


def ping(conn: Conn) -> None:
    """Ask the database for nothing. Raises psycopg.OperationalError when it does not answer."""
    conn.execute("SELECT 1")


def many[Row](conn: Conn, row: type[Row], sql: LiteralString, parameters: Parameters = ()) -> list[Row]:
    """Return every row as `row`, whose fields have the columns' names."""
    with conn.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(sql, parameters).fetchall()


def maybe[Row](conn: Conn, row: type[Row], sql: LiteralString, parameters: Parameters = ()) -> Row | None:
    """Return the first row, or None."""
    with conn.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(sql, parameters).fetchone()


def one[Row](conn: Conn, row: type[Row], sql: LiteralString, parameters: Parameters = ()) -> Row:
    """Return the row that must be there. Raises `NotFoundError` when it is not, or not within reach."""
    found = maybe(conn, row, sql, parameters)
    if found is None:
        raise NotFoundError("Cette fiche n’existe pas ou n’est pas accessible avec votre compte.")
    return found


def values[Value](
    conn: Conn,
    kind: type[Value],  # noqa: ARG001 - it gives the result its type
    sql: LiteralString,
    parameters: Parameters = (),
) -> list[Value]:
    """Return the first column of every row. `kind` is a promise of the caller, not checked."""
    return [row[0] for row in conn.execute(sql, parameters)]


def value[Value](
    conn: Conn,
    kind: type[Value],  # noqa: ARG001 - it gives the result its type
    sql: LiteralString,
    parameters: Parameters = (),
) -> Value | None:
    """Return the first column of the first row, None when there is no row or it is null."""
    row = conn.execute(sql, parameters).fetchone()
    return None if row is None else row[0]


def insert[Value](
    conn: Conn,
    kind: type[Value],  # noqa: ARG001 - it gives the result its type
    sql: LiteralString,
    parameters: Parameters = (),
) -> Value:
    """Run an `INSERT … RETURNING column` and return that column of the new row."""
    row = conn.execute(sql, parameters).fetchone()
    if row is None:
        raise LookupError("the statement inserted nothing")
    found: Value = row[0]
    return found


def write(conn: Conn, sql: LiteralString, parameters: Parameters = ()) -> int:
    """Run a statement that writes and return how many rows it touched (compare-and-set looks at it)."""
    return conn.execute(sql, parameters).rowcount


type Notice = tuple[OrganisationId, AreaId | None, str, int]


def notify_board(conn: Conn, organisation: OrganisationId, area: AreaId | None, kind: str, id_: int) -> None:
    """Tell the live boards, at commit, that the thing `kind` (visit, alert, punch, refusal, task) changed."""
    notify_board_all(conn, [(organisation, area, kind, id_)])


def notify_board_all(conn: Conn, notices: Sequence[Notice]) -> None:
    """Tell several things at once: (organisation, area, kind, id) each."""
    conn.execute(
        "SELECT pg_notify('board', notice) FROM unnest(%s::text[]) AS notice",
        (
            [
                json.dumps({"o": organisation, "a": area, "k": kind, "i": id_}, separators=(",", ":"))
                for organisation, area, kind, id_ in notices
            ],
        ),
    )
