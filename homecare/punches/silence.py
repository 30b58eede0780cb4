"""Lines and tags that no punch comes from any more, although visits go on: cut, fallen off, or avoided.

Looked at once a night. A silence is told once, as a task; the next use ends it, and a later one is told anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import HomeId, OrganisationId
from homecare.punches.operations import LeftByCall, leave_call_task

USUAL_VISITS, FEWEST_VISITS, MOST_VISITS = 10, 3, 200
LOOKED_BACK = timedelta(days=180)


def find_silence_setting(conn: db.Conn) -> int:
    """Return after how many planned visits a silence is told; 0 when the agency does not want to know."""
    found = db.value(conn, int, "SELECT visits FROM silence_settings")
    return USUAL_VISITS if found is None else found


def change_silence_setting(conn: db.Conn, actor: audit.Actor, visits: int, *, now: datetime) -> None:
    """Tell silences after this many visits, never with 0. Raises `InvalidError`."""
    if visits and not FEWEST_VISITS <= visits <= MOST_VISITS:
        raise InvalidError(
            f"Le nombre d’interventions va de {FEWEST_VISITS} à {MOST_VISITS}, ou 0 pour ne rien signaler."
        )
    before = find_silence_setting(conn)
    conn.execute(
        """INSERT INTO silence_settings (visits) VALUES (%s)
           ON CONFLICT (organisation_id) DO UPDATE SET visits = excluded.visits""",
        (visits,),
    )
    audit.record(
        conn,
        actor,
        "punches.change_silence_setting",
        None,
        now=now,
        before={"visits": before},
        after={"visits": visits},
    )


@dataclass(frozen=True, slots=True)
class _Silent:
    kind: str
    subject: str
    home_id: HomeId
    since: datetime


def watch_silence(conn: db.Conn, organisation: OrganisationId, *, now: datetime) -> int:
    """Leave a task for each line and tag of the organisation that has fallen silent; return how many.

    May be run again: a silence that was told already is the same task.
    """
    conn.execute("UPDATE home_lines SET watched_since = %s WHERE watched_since IS NULL", (now,))
    visits = find_silence_setting(conn)
    silent = _list_silent(conn, visits, now=now) if visits else []
    for one in silent:
        left = LeftByCall(
            kind=one.kind,
            source_ref=f"{one.subject}/{one.home_id}/{one.since.isoformat()}",
            at=now,
            home=one.home_id,
            subject=one.subject,
        )
        leave_call_task(conn, organisation, left)
    return len(silent)


def _list_silent(conn: db.Conn, visits: int, *, now: datetime) -> list[_Silent]:
    """Return what served at none of its home's last `visits` planned visits, with its last use or first day.

    What the office cancelled was not to be punched; a visit that nobody came to was.
    """
    return db.many(
        conn,
        _Silent,
        """WITH uses AS (
               SELECT claim -> 'where' ->> 1 AS number, max(punched_at) AS used_at FROM punches
               WHERE punched_at >= %(since)s AND claim -> 'where' ->> 0 IN ('line', 'missed_call') GROUP BY 1
           ), ways AS (
               SELECT 'silent_line' AS kind, l.number AS subject, l.home_id,
                      greatest(l.watched_since, u.used_at) AS since
               FROM home_lines l LEFT JOIN uses u ON u.number = l.number
               UNION ALL
               SELECT 'silent_tag', token, home_id, coalesce(used_at, enrolled_at) FROM home_tags
               WHERE retired_at IS NULL
           )
           SELECT kind, subject, home_id, since FROM ways w
           WHERE %(visits)s <= (
               SELECT count(*) FROM visits v
               WHERE v.home_id = w.home_id AND v.published_at IS NOT NULL AND v.cancelled_at IS NULL
                 AND v.starts_at > w.since AND v.ends_at <= %(now)s)
           ORDER BY home_id, kind, subject""",
        {"since": now - LOOKED_BACK, "visits": visits, "now": now},
    )
