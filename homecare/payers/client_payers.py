"""Who pays for a client, from which day to which: added, ended, taken back when it was a mistake."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import ClientId, PayerId

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClientPayer:
    """A payer of one client and its days: `until` is the day after the last, None while it lasts."""

    id: int
    payer_id: PayerId
    kind: str
    name: str
    retired_on: date | None
    since: date
    until: date | None


def list_client_payers(conn: db.Conn, client: ClientId) -> list[ClientPayer]:
    """Return who pays, paid and will pay for a client: those without an end first, then the latest."""
    return db.many(
        conn,
        ClientPayer,
        """SELECT cp.id, cp.payer_id, p.kind, p.name, p.retired_on,
                  lower(cp.period) AS since, upper(cp.period) AS until
           FROM client_payers cp JOIN payers p ON p.id = cp.payer_id JOIN clients c ON c.id = cp.client_id
           WHERE c.id = %s ORDER BY upper(cp.period) DESC NULLS FIRST, plain(p.name), cp.id""",
        (client,),
    )


def add_client_payer(
    conn: db.Conn, actor: audit.Actor, client: ClientId, payer: PayerId, *, since: date, now: datetime
) -> int:
    """Let a payer pay for a client from a day on; return the id of these days.

    Raises `InvalidError` when it pays already, on that day or later, `NotFoundError` when the client is out
    of reach or the payer not in service.
    """
    known = db.value(
        conn,
        bool,
        """SELECT EXISTS (SELECT FROM clients WHERE id = %s)
              AND EXISTS (SELECT FROM payers WHERE id = %s AND retired_on IS NULL)""",
        (client, payer),
    )
    if not known:
        raise NotFoundError(
            "Ce payeur ou cette fiche n’existe pas, ou n’est pas accessible avec votre compte."
        )
    with _once_at_a_time(conn):
        added = db.insert(
            conn,
            int,
            """INSERT INTO client_payers (client_id, payer_id, period)
               VALUES (%s, %s, daterange(%s, NULL)) RETURNING id""",
            (client, payer, since),
        )
    after = {"payer": payer, "since": since.isoformat()}
    audit.record(conn, actor, "payers.add_client_payer", client, now=now, after=after)
    return added


def set_last_day(
    conn: db.Conn, actor: audit.Actor, client: ClientId, days: int, last: date | None, *, now: datetime
) -> None:
    """Say which of the payer's days is the last; None: they go on.

    Raises `InvalidError` for a day before the first, or when later days of the same payer would be met,
    `NotFoundError` out of reach.
    """
    payer, since, until = _lock_days(conn, client, days)
    if last is not None and last < since:
        raise InvalidError(f"Ce payeur commence le {since:%d/%m/%Y}\N{NO-BREAK SPACE}: la fin vient après.")
    end = None if last is None else last + _ONE_DAY
    with _once_at_a_time(conn):
        conn.execute("UPDATE client_payers SET period = daterange(%s, %s) WHERE id = %s", (since, end, days))
    audit.record(
        conn,
        actor,
        "payers.set_last_day",
        client,
        now=now,
        before=_told(payer, since, until),
        after=_told(payer, since, end),
    )


def remove_client_payer(
    conn: db.Conn, actor: audit.Actor, client: ClientId, days: int, *, now: datetime
) -> None:
    """Take back days that were noted by mistake: they never were. Raises `NotFoundError` out of reach."""
    stood = _lock_days(conn, client, days)
    conn.execute("DELETE FROM client_payers WHERE id = %s", (days,))
    audit.record(conn, actor, "payers.remove_client_payer", client, now=now, before=_told(*stood))


def _lock_days(conn: db.Conn, client: ClientId, days: int) -> tuple[PayerId, date, date | None]:
    row = conn.execute(
        """SELECT cp.payer_id, lower(cp.period), upper(cp.period)
           FROM client_payers cp JOIN clients c ON c.id = cp.client_id
           WHERE cp.id = %s AND c.id = %s FOR UPDATE OF cp""",
        (days, client),
    ).fetchone()
    if row is None:
        raise NotFoundError("Ce payeur n’est pas, ou plus, celui de ce bénéficiaire.")
    return row[0], row[1], row[2]


def _told(payer: PayerId, since: date, until: date | None) -> dict[str, object]:
    return {"payer": payer, "since": since.isoformat(), "until": until and until.isoformat()}


@contextmanager
def _once_at_a_time(conn: db.Conn) -> Iterator[None]:
    try:
        with conn.transaction():
            yield
    except psycopg.errors.ExclusionViolation as error:
        raise InvalidError("Ce payeur paie déjà pour ce bénéficiaire à ces dates.") from error
