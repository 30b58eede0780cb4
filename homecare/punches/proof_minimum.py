"""The lowest grade of proof that is asked of punches; by period, never blocking one.

The agency asks it, or one client in its stead, and every payer of the client besides: the strictest holds
(docs/dev/decisions/0022-every-payer-is-a-floor.md). The database's `proof_minimum` is the one place that
answers what was asked then, `proof_asked` the same with who asked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import ClientId, PayerId
from homecare.punches.model import Proof


@dataclass(frozen=True, slots=True)
class Minimum:
    """A minimum and its days: `until` is the day after the last, None while it lasts."""

    minimum: str
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it is asked for on this day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked at a client's at an instant, and who asks that much.

    `asker` is "agency" or "client", None when payers alone are that strict; `payers` are their names.
    """

    minimum: str
    asker: str | None
    payers: list[str]


def list_minimums(conn: db.Conn, client: ClientId | None, *, payer: PayerId | None = None) -> list[Minimum]:
    """Return the agency's minimums, or those of one client or one payer alone, the latest first."""
    return db.many(
        conn,
        Minimum,
        """SELECT minimum, lower(period) AS since, upper(period) AS until FROM proof_minimums
           WHERE client_id IS NOT DISTINCT FROM %s AND payer_id IS NOT DISTINCT FROM %s
           ORDER BY period DESC""",
        (client, payer),
    )


def list_payers_minimums(conn: db.Conn, *, day: date) -> dict[PayerId, str]:
    """Return what each payer asks on a day; those that ask for nothing are left out."""
    return dict(
        conn.execute(
            "SELECT payer_id, minimum FROM proof_minimums WHERE payer_id IS NOT NULL AND period @> %s", (day,)
        ).fetchall()
    )


def find_minimum(conn: db.Conn, client: ClientId | None, at: datetime) -> Asked | None:
    """Return the strictest of what is asked there at an instant, and who asks it; None for nothing."""
    return db.maybe(conn, Asked, "SELECT minimum, asker, payers FROM proof_asked(%s, %s)", (client, at))


def set_minimum(
    conn: db.Conn,
    actor: audit.Actor,
    client: ClientId | None,
    minimum: Proof | None,
    *,
    since: date,
    now: datetime,
    payer: PayerId | None = None,
) -> None:
    """Ask for this grade from a day on, of the agency, of one client or of one payer.

    What stood before keeps its days. None: the agency or the payer asks for nothing, the client for what the
    agency asks. Raises `NotFoundError` for a client out of reach, and for a payer that is not in service.
    """
    _check_reach(conn, client, payer)
    whose = {"client": client, "payer": payer, "since": since}
    conn.execute(
        """DELETE FROM proof_minimums
           WHERE client_id IS NOT DISTINCT FROM %(client)s AND payer_id IS NOT DISTINCT FROM %(payer)s
             AND lower(period) >= %(since)s""",
        whose,
    )
    conn.execute(
        """UPDATE proof_minimums SET period = daterange(lower(period), %(since)s)
           WHERE client_id IS NOT DISTINCT FROM %(client)s AND payer_id IS NOT DISTINCT FROM %(payer)s
             AND period @> %(since)s""",
        whose,
    )
    if minimum is not None:
        conn.execute(
            """INSERT INTO proof_minimums (client_id, payer_id, minimum, period)
               VALUES (%s, %s, %s, daterange(%s, NULL))""",
            (client, payer, minimum.value, since),
        )
    audit.record(
        conn,
        actor,
        "punches.set_proof_minimum" if payer is None else "punches.set_payer_minimum",
        client if payer is None else payer,
        now=now,
        after={"minimum": minimum and minimum.value, "since": since.isoformat()},
    )


def _check_reach(conn: db.Conn, client: ClientId | None, payer: PayerId | None) -> None:
    known = db.value(
        conn,
        bool,
        """SELECT (%(client)s::bigint IS NULL OR EXISTS (SELECT FROM clients WHERE id = %(client)s))
              AND (%(payer)s::bigint IS NULL
                   OR EXISTS (SELECT FROM payers WHERE id = %(payer)s AND retired_on IS NULL))""",
        {"client": client, "payer": payer},
    )
    if not known:
        raise NotFoundError("Cette fiche n’existe pas ou n’est pas accessible avec votre compte.")
