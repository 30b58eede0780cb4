"""Forms that create are taken once: a second sending of the same one leads to what the first made."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homecare.kernel import db

KEPT = timedelta(days=7)
"""How long a form that was sent is known again: a browser left open, its page sent anew."""


def take_once(conn: db.Conn, digest: bytes, make: Callable[[], str], *, now: datetime) -> tuple[str, bool]:
    """Run `make`, which returns where what it made is, unless this form was taken before.

    Returns that place, and whether it was made now. `digest` names the form as it was served and all that was
    typed in it. Of two sendings at once the second waits for the first. What `make` raises leaves nothing
    behind: the form can be sent again.
    """
    with conn.transaction():
        conn.execute("DELETE FROM sent_forms WHERE sent_at < %s", (now - KEPT,))
        is_first = db.write(
            conn,
            "INSERT INTO sent_forms (digest, sent_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (digest, now),
        )
        if not is_first:
            place = db.value(conn, str, "SELECT leads_to FROM sent_forms WHERE digest = %s", (digest,))
            return place or "", False
        place = make()
        conn.execute("UPDATE sent_forms SET leads_to = %s WHERE digest = %s", (place, digest))
        return place, True
