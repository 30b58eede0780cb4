"""Stops whoever guesses codes on the telephone, and never shuts a worker out.

A line with too many wrong entries is *guarded* for an hour, and so are all lines that are no home's when too
many came from them together. A guarded call is taken, but nothing is told: right or wrong, what was keyed is
kept as a punch, and the caller hears the same words. A guesser learns nothing any more and leaves a trace at
each try; the worker whose line somebody abuses, or forges, still punches. A worker whose device codes were
wrong too often keeps the code that the device shows at this moment, and loses those of the week.

Instants are real ones: waits are people's own time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import db
from homecare.kernel.ids import WorkerId

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Limit:
    wrong: int
    window: timedelta


ONE_LINE = _Limit(9, timedelta(hours=1))  # three calls of three entries
ELSEWHERE = _Limit(60, timedelta(hours=1))
ONE_WORKER = _Limit(6, timedelta(days=1))

_ELSEWHERE = "lines that are no home's"


def is_guarded(conn: db.Conn, line: str | None, *, is_home: bool, now: datetime) -> bool:
    """Tell whether a call from this line (None: hidden) is told nothing."""
    if _is_beyond(conn, _line(line), ONE_LINE, now):
        return True
    return not is_home and _is_beyond(conn, _ELSEWHERE, ELSEWHERE, now)


def note_wrong_entry(conn: db.Conn, line: str | None, *, is_home: bool, now: datetime) -> None:
    """Count a wrong code that was keyed on this line."""
    _note(conn, _line(line), now)
    if not is_home:
        _note(conn, _ELSEWHERE, now)


def may_use_older_codes(conn: db.Conn, worker: WorkerId, *, now: datetime) -> bool:
    """Tell whether a worker may key device codes of the week, and not only the present one."""
    return not _is_beyond(conn, _worker(worker), ONE_WORKER, now)


def note_wrong_device_code(conn: db.Conn, worker: WorkerId, *, now: datetime) -> None:
    """Count a device code of this worker that proved nothing."""
    _note(conn, _worker(worker), now)


def _line(number: str | None) -> str:
    return f"line {number or 'hidden'}"


def _worker(worker: WorkerId) -> str:
    return f"worker {worker}"


def _note(conn: db.Conn, subject: str, now: datetime) -> None:
    conn.execute("DELETE FROM wrong_entries WHERE at < %s", (now - _KEPT,))
    conn.execute("INSERT INTO wrong_entries (subject, at) VALUES (%s, %s)", (subject, now))


def _is_beyond(conn: db.Conn, subject: str, limit: _Limit, now: datetime) -> bool:
    wrong = db.value(
        conn,
        int,
        "SELECT count(*) FROM wrong_entries WHERE subject = %s AND at > %s",
        (subject, now - limit.window),
    )
    return (wrong or 0) >= limit.wrong
