"""The numbers that workers call: whether each was heard to answer, by a call that we place ourselves.

A number is rung through the other operator's trunk where there is one, so that the whole way is tried: both
operators, our telephone, the core, a voice. Once a night, and when somebody asks.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from homecare.access.call_lines import Trunk
from homecare.kernel import audit, db
from homecare.kernel.calendar import PARIS, paris_day
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId

NIGHT_BEGINS, NIGHT_ENDS = time(2, 30), time(5)
"""Wall time: nobody phones in, and the morning's coordinator finds the result."""
LOST_AFTER = timedelta(minutes=2)
"""A check without an outcome after this is begun again: the core that placed it is gone."""
STALE_AFTER = timedelta(hours=36)


class Outcome(StrEnum):
    """How a check ended: a voice was heard, the call was answered without one, or nobody answered.

    Of a number that only rings, nobody answers; it does well when the core has seen the call.
    """

    HEARD = "heard"
    SILENT = "silent"
    UNANSWERED = "unanswered"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class LineToCheck:
    """A number to ring through `by`, shown as `caller`: another number of the agency's, or itself."""

    id: int
    number: str
    by: Trunk
    caller: str


def claim_check(conn: db.Conn, *, now: datetime) -> LineToCheck | None:
    """Take the organisation's next number to ring, or None. Another core does not get the same one."""
    row = conn.execute(
        """INSERT INTO line_checks AS c (line_id, day, asked_at)
           SELECT l.id, %(day)s, %(now)s FROM call_lines l
           LEFT JOIN line_checks had ON had.line_id = l.id AND had.day = %(day)s
           WHERE (had.line_id IS NULL AND %(is_night)s)
              OR (had.line_id IS NOT NULL AND had.asked_at IS NULL)
              OR (had.outcome IS NULL AND had.asked_at < %(lost)s)
           ORDER BY l.id LIMIT 1
           ON CONFLICT (line_id, day) DO UPDATE SET asked_at = excluded.asked_at
               WHERE c.outcome IS NULL AND (c.asked_at IS NULL OR c.asked_at < %(lost)s)
           RETURNING line_id""",
        {
            "day": paris_day(now),
            "now": now,
            "lost": now - LOST_AFTER,
            "is_night": NIGHT_BEGINS <= now.astimezone(PARIS).time() < NIGHT_ENDS,
        },
    ).fetchone()
    return None if row is None else _to_check(conn, int(row[0]))


def end_check(
    conn: db.Conn, organisation: OrganisationId, line: int, outcome: Outcome, *, now: datetime
) -> None:
    """Note how the latest check of a number ended, and move the boards."""
    conn.execute(
        """UPDATE line_checks SET outcome = %s, ended_at = %s
           WHERE line_id = %s AND outcome IS NULL AND asked_at IS NOT NULL""",
        (outcome, now, line),
    )
    db.notify_board(conn, organisation, None, "device", 0)


def want_check(conn: db.Conn, actor: audit.ByUser, line: int, *, now: datetime) -> None:
    """Have a number rung as soon as possible. Raises `NotFoundError` for none of the agency's."""
    done = conn.execute(
        """INSERT INTO line_checks (line_id, day) SELECT id, %s FROM call_lines WHERE id = %s
           ON CONFLICT (line_id, day) DO UPDATE SET asked_at = NULL, ended_at = NULL, outcome = NULL""",
        (paris_day(now), line),
    )
    if not done.rowcount:
        raise NotFoundError("Ce numéro n’est pas l’un des vôtres.")
    audit.record(conn, actor, "access.want_line_check", line, now=now)


@dataclass(frozen=True, slots=True)
class LineState:
    """A number and its latest check: `outcome` is None while it is awaited, or when none was ever made."""

    id: int
    number: str
    label: str
    trunk: Trunk
    asked_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    is_wanted: bool
    rings_only: bool = False

    @property
    def is_well(self) -> bool:
        """Whether its latest check found it as it should be: one that only rings must not answer."""
        return self.outcome is (Outcome.SEEN if self.rings_only else Outcome.HEARD)

    def is_ailing(self, now: datetime) -> bool:
        """Whether somebody should look: it did not do as it should, or has not been tried for too long."""
        if self.outcome is not None and not self.is_well:
            return True
        return self.ended_at is not None and now - self.ended_at > STALE_AFTER


def list_line_states(conn: db.Conn) -> list[LineState]:
    """Return the organisation's numbers, each with its latest check."""
    rows = conn.execute(
        """SELECT l.id, l.number, l.label, l.trunk, c.asked_at, c.ended_at, c.outcome, c.line_id IS NOT NULL,
                  l.rings_only
           FROM call_lines l LEFT JOIN LATERAL (
               SELECT * FROM line_checks k WHERE k.line_id = l.id ORDER BY day DESC LIMIT 1) c ON true
           ORDER BY l.trunk, l.number"""
    ).fetchall()
    return [
        LineState(
            id=row[0],
            number=row[1],
            label=row[2],
            trunk=Trunk(row[3]),
            asked_at=row[4],
            ended_at=row[5],
            outcome=None if row[6] is None else Outcome(row[6]),
            is_wanted=bool(row[7]) and row[6] is None,
            rings_only=row[8],
        )
        for row in rows
    ]


def _to_check(conn: db.Conn, line: int) -> LineToCheck | None:
    lines = {
        row[0]: (row[1], Trunk(row[2])) for row in conn.execute("SELECT id, number, trunk FROM call_lines")
    }
    number, trunk = lines.pop(line)
    for other, by in lines.values():
        if by is not trunk:
            return LineToCheck(line, number, by, other)
    return LineToCheck(line, number, trunk, number)
