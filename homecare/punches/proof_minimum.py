"""The lowest grade of proof that an agency, or one client, asks of punches; by period, never blocking one.

A payer's minimum will stand beside these once there are payers
(docs/dev/decisions/0015-a-minimum-of-proof-before-there-are-payers.md).
"""

from dataclasses import dataclass
from datetime import date, datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import ClientId
from homecare.punches.model import Proof


@dataclass(frozen=True, slots=True)
class Minimum:
    """A minimum and its days: `until` is the day after the last, None while it lasts."""

    minimum: str
    since: date
    until: date | None


def list_minimums(conn: db.Conn, client: ClientId | None) -> list[Minimum]:
    """Return the agency's minimums, or those of one client alone, the latest first."""
    return db.many(
        conn,
        Minimum,
        """SELECT minimum, lower(period) AS since, upper(period) AS until FROM proof_minimums
           WHERE client_id IS NOT DISTINCT FROM %s ORDER BY period DESC""",
        (client,),
    )


def find_minimum(conn: db.Conn, client: ClientId | None, at: datetime) -> Proof | None:
    """Return the minimum asked at an instant: the client's own, else the agency's, else None."""
    found = db.value(conn, str, "SELECT proof_minimum(%s, %s)", (client, at))
    return None if found is None else Proof(found)


def set_minimum(
    conn: db.Conn,
    actor: audit.Actor,
    client: ClientId | None,
    minimum: Proof | None,
    *,
    since: date,
    now: datetime,
) -> None:
    """Ask for this grade from a day on, of the agency or of one client; what stood before keeps its days.

    None: the agency asks for nothing, the client for what the agency asks. Raises `NotFoundError` for a
    client out of reach.
    """
    if client is not None and db.value(conn, int, "SELECT id FROM clients WHERE id = %s", (client,)) is None:
        raise NotFoundError("Cette fiche n’existe pas ou n’est pas accessible avec votre compte.")
    conn.execute(
        "DELETE FROM proof_minimums WHERE client_id IS NOT DISTINCT FROM %s AND lower(period) >= %s",
        (client, since),
    )
    conn.execute(
        """UPDATE proof_minimums SET period = daterange(lower(period), %(since)s)
           WHERE client_id IS NOT DISTINCT FROM %(client)s AND period @> %(since)s""",
        {"client": client, "since": since},
    )
    if minimum is not None:
        conn.execute(
            "INSERT INTO proof_minimums (client_id, minimum, period) VALUES (%s, %s, daterange(%s, NULL))",
            (client, minimum.value, since),
        )
    audit.record(
        conn,
        actor,
        "punches.set_proof_minimum",
        client,
        now=now,
        after={"minimum": minimum and minimum.value, "since": since.isoformat()},
    )
