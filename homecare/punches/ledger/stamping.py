"""Which seals still lack the stamp of an outside authority, and keeping those that came."""

from datetime import date, datetime, timedelta

from homecare.kernel import audit, db
from homecare.punches.ledger.sealing import Seal
from homecare.punches.ledger.stamp import Stamp

# A seal covers all those before it, so a stamp that comes later vouches for the older ones too.
_LOOKED_BACK = timedelta(days=31)
_ACTOR = audit.BySystem("ledger")


def list_unstamped(conn: db.Conn, *, today: date) -> list[Seal]:
    """Return the seals of the last month that have no stamp, in order."""
    return db.many(
        conn,
        Seal,
        """SELECT day, lines, root, seal, heads FROM ledger_seals s
           WHERE day >= %s AND NOT EXISTS (SELECT FROM ledger_stamps t WHERE t.day = s.day)
           ORDER BY day""",
        (today - _LOOKED_BACK,),
    )


def keep_stamp(conn: db.Conn, day: date, stamp: Stamp, *, now: datetime) -> None:
    """Keep the stamp of a day's seal. Of two that came for one day the first stays."""
    kept = conn.execute(
        """INSERT INTO ledger_stamps (day, token, stamped_at, received_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT DO NOTHING""",
        (day, stamp.token, stamp.at, now),
    )
    if kept.rowcount:
        audit.record(conn, _ACTOR, "punches.stamp_day", day.toordinal(), now=now)


def list_stamps(conn: db.Conn, *, since: date, until: date) -> dict[date, Stamp]:
    """Return the stamps of the days of [since, until), by day."""
    rows = conn.execute(
        "SELECT day, token, stamped_at FROM ledger_stamps WHERE day >= %s AND day < %s", (since, until)
    )
    return {day: Stamp(bytes(token), at) for day, token, at in rows}
