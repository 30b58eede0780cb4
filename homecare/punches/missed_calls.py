"""Missed calls that punch: noted, rung back, ended. For lines on which nothing can be keyed.

The missed call's instant is the punch's, and its number here is the punch's identity: a call repeated to be
sure, a second ring, a replay end in one punch. Who calls is what the plan says of that instant; staying on
the line when rung back confirms it (docs/dev/decisions/0023). What does not end in a punch ends in a task.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from homecare.clients.refused_lines import is_line_refused
from homecare.kernel import db
from homecare.kernel.ids import HomeId, OrganisationId, WorkerId
from homecare.kernel.phone_numbers import is_plain
from homecare.punches.expected import SOON, Expected, find_expected
from homecare.punches.matching import LONGEST_VISIT, SAME_GESTURE
from homecare.punches.model import Channel
from homecare.punches.operations import LeftByCall, leave_call_task, note_refusal
from homecare.visits.couples import find_couples
from homecare.visits.queries import candidates_at

A_LINE, A_DAY = 24, timedelta(days=1)
AN_AGENCY, AN_HOUR = 120, timedelta(hours=1)
"""Missed calls that are rung back, at most."""
LATEST = timedelta(minutes=5)
"""Whoever let it ring has left the telephone by then: a call that is taken later is rung back no more."""
GIVEN_UP = timedelta(minutes=4)
"""A ring that has come to no end by then has lost its core: no call back lasts as long."""


class Outcome(StrEnum):
    """How a missed call ended. The first two left a punch, the others a task."""

    CONFIRMED = "confirmed"  # whoever picked up stayed on the line
    KEYED = "keyed"  # whoever picked up keyed a code, as on any line
    TOLD = "told"  # whoever picked up heard that the agency settles it
    HUNG_UP = "hung_up"
    UNANSWERED = "unanswered"
    LATE = "late"


_TASKS = {
    Outcome.TOLD: "missed_unclear",
    Outcome.HUNG_UP: "missed_cancelled",
    Outcome.UNANSWERED: "missed_unanswered",
    Outcome.LATE: "missed_late",
}


@dataclass(frozen=True, slots=True)
class CallMissed:
    """A call that was not answered. `at` is the agency's instant of the real one `called_at`."""

    reference: str
    called: str
    caller: str | None
    called_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class RingBack:
    """A missed call that is rung back. `worker` and `edge` are None when it is not clear who called."""

    id: int
    line: str
    called: str
    called_at: datetime
    at: datetime
    home: HomeId | None
    worker: WorkerId | None
    edge: str | None
    outcome: str | None

    @property
    def source_ref(self) -> str:
        """The identity of its punch and of its task."""
        return f"missed-{self.id}"


def find_missed_call(conn: db.Conn, missed: int) -> RingBack | None:
    """Return a missed call of the organisation."""
    return db.maybe(
        conn,
        RingBack,
        """SELECT id, line, called, called_at, at, home_id AS home, worker_id AS worker, edge, outcome
           FROM missed_calls WHERE id = %s""",
        (missed,),
    )


def take_missed_call(
    conn: db.Conn, organisation: OrganisationId, call: CallMissed, *, now: datetime
) -> RingBack | None:
    """Note a call to a number that only rings; return what is to be rung back, None when nothing is.

    `now` is a real instant. What is not rung back leaves its reason: a refusal, or a task when it comes too
    late. A call that says again what another has just said leaves nothing.
    """
    rings_only = db.value(conn, bool, "SELECT rings_only FROM call_lines WHERE number = %s", (call.called,))
    if not rings_only or _is_check(conn, call):
        return None
    homes, refusal = _allowed_homes(conn, call)
    if refusal is not None or call.caller is None:
        _refuse(conn, organisation, call, homes, refusal or "missed_unknown")
        return None
    conn.execute(  # two calls at once must not both be the last one that is allowed
        "SELECT pg_advisory_xact_lock(hashtextextended('missed ' || current_organisation(), 0))"
    )
    known = _repeated(conn, call)
    if known is not None:
        return _begin_again(conn, known, now)
    if _is_too_often(conn, call, now):
        _refuse(conn, organisation, call, homes, "missed_too_often")
        return None
    missed = _insert(conn, call, homes, now)
    if missed is None:
        return None
    if now - call.called_at > LATEST:
        _close(conn, organisation, missed, Outcome.LATE)
        return None
    if missed.worker is None:
        _leave_task(conn, organisation, missed, Outcome.TOLD)
    return missed


def note_ring(conn: db.Conn, missed: int, *, now: datetime) -> bool:
    """Note that the line is rung; tell whether it still is to be."""
    return bool(
        db.write(
            conn,
            "UPDATE missed_calls SET rings = rings + 1, rung_at = %s WHERE id = %s AND outcome IS NULL",
            (now, missed),
        )
    )


def end_missed_call(
    conn: db.Conn, organisation: OrganisationId, missed: int, *, answered_as: str | None, now: datetime
) -> Outcome | None:
    """Note how a missed call ended, and leave its task if it left no punch. None: it had ended before.

    `answered_as` is the reference of the call in which somebody picked up, None when nobody did. `now` is the
    agency's instant.
    """
    conn.execute("SELECT FROM missed_calls WHERE id = %s FOR UPDATE", (missed,))
    row = find_missed_call(conn, missed)
    if row is None or row.outcome is not None:
        return None
    if _has_punch(conn, row.source_ref):
        outcome = Outcome.CONFIRMED
    elif answered_as is None:
        outcome = Outcome.UNANSWERED
    elif _has_punch(conn, f"{answered_as}-1"):
        outcome = Outcome.KEYED
    else:
        outcome = Outcome.TOLD if row.worker is None else Outcome.HUNG_UP
    _close(conn, organisation, row, outcome)
    if outcome not in _TASKS:
        _settle_tasks(conn, organisation, row, now)
    return outcome


def list_lost_missed_calls(conn: db.Conn, *, now: datetime) -> list[int]:
    """Return those that came to no end: their core died, or the database was away."""
    return db.values(
        conn,
        int,
        "SELECT id FROM missed_calls WHERE outcome IS NULL AND rung_at < %s ORDER BY id",
        (now - GIVEN_UP,),
    )


def _is_check(conn: db.Conn, call: CallMissed) -> bool:
    """A number of ours that calls us is a check of the line."""
    return bool(db.value(conn, bool, "SELECT true FROM call_lines WHERE number = %s", (call.caller,)))


def _allowed_homes(conn: db.Conn, call: CallMissed) -> tuple[list[HomeId], str | None]:
    """Return the homes whose line without keys it is, or why the call is not rung back."""
    rows = conn.execute(
        "SELECT home_id, without_keys FROM home_lines WHERE number = %s ORDER BY home_id", (call.caller,)
    ).fetchall()
    homes = [HomeId(home) for home, without_keys in rows if without_keys]
    if homes and call.caller is not None and is_plain(call.caller):
        return homes, None
    if rows:
        return [HomeId(home) for home, _ in rows], "missed_with_keys"
    if call.caller is not None and is_line_refused(conn, call.caller):
        return [], "unauthorised_phone"
    return [], "missed_unknown"


def _refuse(
    conn: db.Conn, organisation: OrganisationId, call: CallMissed, homes: list[HomeId], status: str
) -> None:
    note_refusal(
        conn,
        organisation,
        Channel.PHONE,
        status,
        source_ref=call.reference,
        at=call.at,
        home=homes[0] if len(homes) == 1 else None,
        caller=call.caller,
    )


def _repeated(conn: db.Conn, call: CallMissed) -> RingBack | None:
    """Return the missed call of this line that is under way, or that this one repeats."""
    known = db.value(
        conn,
        int,
        """SELECT id FROM missed_calls WHERE line = %s AND (outcome IS NULL OR at >= %s)
           ORDER BY at DESC, id DESC LIMIT 1""",
        (call.caller, call.at - SAME_GESTURE),
    )
    return None if known is None else find_missed_call(conn, known)


def _begin_again(conn: db.Conn, known: RingBack, now: datetime) -> RingBack | None:
    """Whoever cancelled, or was not there, and calls again is rung again for the same punch."""
    if known.outcome not in (Outcome.HUNG_UP, Outcome.UNANSWERED):
        return None
    conn.execute(
        "UPDATE missed_calls SET outcome = NULL, rung_at = %s WHERE id = %s",
        (now, known.id),
    )
    return known


def _is_too_often(conn: db.Conn, call: CallMissed, now: datetime) -> bool:
    row = conn.execute(
        """SELECT count(*) FILTER (WHERE line = %(line)s), count(*) FILTER (WHERE called_at > %(hour)s)
           FROM missed_calls WHERE called_at > %(day)s""",
        {"line": call.caller, "hour": now - AN_HOUR, "day": now - A_DAY},
    ).fetchone()
    here, everywhere = row or (0, 0)
    return bool(here >= A_LINE or everywhere >= AN_AGENCY)


def _insert(conn: db.Conn, call: CallMissed, homes: list[HomeId], now: datetime) -> RingBack | None:
    expected = _find_expected(conn, homes, call.at)
    new = db.value(
        conn,
        int,
        """INSERT INTO missed_calls (call_ref, called, line, called_at, at, home_id, worker_id, edge, rung_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT ON CONSTRAINT missed_once DO NOTHING RETURNING id""",
        (
            call.reference,
            call.called,
            call.caller,
            call.called_at,
            call.at,
            homes[0] if len(homes) == 1 else None,
            expected and expected.worker,
            expected and expected.edge.value,
            now,
        ),
    )
    return None if new is None else find_missed_call(conn, new)


def _find_expected(conn: db.Conn, homes: list[HomeId], at: datetime) -> Expected | None:
    visits = candidates_at(conn, homes, since=at - LONGEST_VISIT, until=at + SOON)
    return find_expected(at, homes, visits, find_couples(conn, visits))


def _has_punch(conn: db.Conn, source_ref: str) -> bool:
    found = db.value(
        conn,
        bool,
        "SELECT true FROM punch_keys WHERE channel = %s AND source_ref = %s",
        (Channel.PHONE.value, source_ref),
    )
    return bool(found)


def _close(conn: db.Conn, organisation: OrganisationId, missed: RingBack, outcome: Outcome) -> None:
    conn.execute("UPDATE missed_calls SET outcome = %s WHERE id = %s", (outcome.value, missed.id))
    if outcome in _TASKS:
        _leave_task(conn, organisation, missed, outcome)


def _leave_task(conn: db.Conn, organisation: OrganisationId, missed: RingBack, outcome: Outcome) -> None:
    left = LeftByCall(
        kind=_TASKS[outcome],
        source_ref=missed.source_ref,
        at=missed.at,
        home=missed.home,
        worker=missed.worker,
        subject=missed.line,
    )
    leave_call_task(conn, organisation, left)


def _settle_tasks(conn: db.Conn, organisation: OrganisationId, missed: RingBack, now: datetime) -> None:
    """What was left to do is done: the punch is there after all."""
    rows = conn.execute(
        """UPDATE call_tasks SET done_at = %s
           WHERE kind = ANY (%s) AND source_ref = %s AND done_at IS NULL RETURNING id, area_id""",
        (now, list(_TASKS.values()), missed.source_ref),
    ).fetchall()
    for task, area in rows:
        db.notify_board(conn, organisation, area, "task", task)
