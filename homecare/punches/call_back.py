"""Proof by call-back: whether the agency wants it, and which line may be rung for a call.

Only a line that is registered for the very home is ever rung, and none that costs more than a plain call.
Instants of the bounds are real ones: they count what the trunk carries.
"""

from datetime import datetime, timedelta

from homecare.kernel import audit, db
from homecare.kernel.ids import HomeId
from homecare.kernel.phone_numbers import is_plain

A_HOME, AN_AGENCY = 4, 120
"""Rings within `WINDOW` at most."""
WINDOW = timedelta(hours=1)


def is_call_back_wanted(conn: db.Conn) -> bool:
    """Tell whether the agency proves calls from unknown and hidden numbers by ringing the home."""
    return bool(db.value(conn, bool, "SELECT is_on FROM call_back_settings"))


def change_call_back_setting(conn: db.Conn, actor: audit.Actor, *, is_on: bool, now: datetime) -> None:
    """Switch the proof by call-back on or off."""
    before = is_call_back_wanted(conn)
    conn.execute(
        """INSERT INTO call_back_settings (is_on) VALUES (%s)
           ON CONFLICT (organisation_id) DO UPDATE SET is_on = excluded.is_on""",
        (is_on,),
    )
    audit.record(
        conn,
        actor,
        "punches.change_call_back_setting",
        None,
        now=now,
        before={"is_on": before},
        after={"is_on": is_on},
    )


def find_line_to_ring(conn: db.Conn, home: HomeId) -> str | None:
    """Return the registered line (E.164) of a home that may be rung, None without one."""
    lines = db.values(conn, str, "SELECT number FROM home_lines WHERE home_id = %s ORDER BY number", (home,))
    return next((line for line in lines if is_plain(line)), None)


def claim_call_back(conn: db.Conn, call: str, home: HomeId, *, now: datetime) -> str | None:
    """Note that the home is rung for this call, and return the line to ring.

    None, and nothing noted: not wanted, no line to ring, rung for this call already, or too often.
    """
    line = find_line_to_ring(conn, home)
    if line is None or not is_call_back_wanted(conn):
        return None
    # Two calls at once must not both be the last one that is allowed.
    conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('rings ' || current_organisation(), 0))")
    noted = db.value(
        conn,
        str,
        """INSERT INTO call_backs (call_ref, home_id, asked_at)
           SELECT %(call)s, %(home)s, %(now)s
           FROM (SELECT count(*) AS all_, count(*) FILTER (WHERE home_id = %(home)s) AS here
                 FROM call_backs WHERE asked_at > %(since)s) AS lately
           WHERE lately.all_ < %(most)s AND lately.here < %(most_here)s
           ON CONFLICT DO NOTHING RETURNING call_ref""",
        {
            "call": call,
            "home": home,
            "now": now,
            "since": now - WINDOW,
            "most": AN_AGENCY,
            "most_here": A_HOME,
        },
    )
    return None if noted is None else line
