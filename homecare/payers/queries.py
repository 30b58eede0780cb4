"""Reading payers. Row-level security keeps other organisations out."""

from datetime import date

from homecare.kernel import db
from homecare.kernel.ids import PayerId
from homecare.payers.model import Payer


def list_payers(conn: db.Conn, *, day: date, payer: PayerId | None = None) -> list[Payer]:
    """Return the payers by name, those that were retired last; or one alone, if it is the organisation's."""
    return db.many(
        conn,
        Payer,
        """SELECT p.id, p.kind, p.name, p.retired_on,
                  (SELECT count(DISTINCT c.id) FROM client_payers cp JOIN clients c ON c.id = cp.client_id
                   WHERE cp.payer_id = p.id AND cp.period @> %(day)s) AS clients
           FROM payers p WHERE %(payer)s::bigint IS NULL OR p.id = %(payer)s
           ORDER BY p.retired_on IS NOT NULL, plain(p.name), p.id""",
        {"day": day, "payer": payer},
    )
