"""What a worker said at departure: kept with its task, heard by who may act on it, erased in time.

Asterisk records into a folder; the core brings the sound here. A note whose call ended before its task was
left (a core that died, a database away) still becomes a task.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, HomeId, OrganisationId, VisitId, WorkerId
from homecare.punches.operations import LeftByCall, leave_call_task

KEPT_ONCE_DONE = timedelta(days=30)
KEPT_AT_MOST = timedelta(days=180)
"""The sound goes; the task, its visit and who dealt with it stay."""


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A recording: its file's name, the reference of its call, and when it was over (agency's time)."""

    name: str
    call: str
    at: datetime


def keep_note(conn: db.Conn, organisation: OrganisationId, note: NoteFile, sound: bytes) -> None:
    """Keep the sound with its task, once; leave the task first where the call could not."""
    task = _task_of(conn, note.name)
    if task is None:
        _leave_task(conn, organisation, note)
        task = _task_of(conn, note.name)
    if task is None:
        return  # the call has left another concern already: one call, one task
    is_new = conn.execute(
        "INSERT INTO voice_notes (task_id, message) VALUES (%s, %s) ON CONFLICT (task_id) DO NOTHING",
        (task, sound),
    ).rowcount
    if is_new:
        area = db.value(conn, AreaId, "SELECT area_id FROM call_tasks WHERE id = %s", (task,))
        db.notify_board(conn, organisation, area, "task", task)


def has_task(conn: db.Conn, name: str) -> bool:
    """Tell whether the call of this recording has left its task."""
    return _task_of(conn, name) is not None


def hear_note(conn: db.Conn, actor: audit.ByUser, task: int, *, now: datetime) -> bytes:
    """Return the WAV file of a task, and note who heard it. Raises `NotFoundError` out of reach or erased."""
    sound = db.value(
        conn,
        bytes,
        "SELECT n.message FROM voice_notes n JOIN call_tasks t ON t.id = n.task_id WHERE t.id = %s",
        (task,),
    )
    if sound is None:
        raise NotFoundError("Ce message n’existe plus, ou n’est pas accessible avec votre compte.")
    audit.record(conn, actor, "punches.hear_note", task, now=now)
    return sound


def erase_notes(conn: db.Conn, *, now: datetime) -> int:
    """Erase the sounds whose time is over; return how many."""
    return conn.execute(
        """DELETE FROM voice_notes n USING call_tasks t
           WHERE t.id = n.task_id AND (t.done_at < %s OR t.at < %s)""",
        (now - KEPT_ONCE_DONE, now - KEPT_AT_MOST),
    ).rowcount


def _task_of(conn: db.Conn, name: str) -> int | None:
    return db.value(conn, int, "SELECT id FROM call_tasks WHERE recording = %s", (name,))


@dataclass(frozen=True, slots=True)
class _Punched:
    home_id: HomeId | None
    worker_id: WorkerId | None
    visit_id: VisitId | None


def _leave_task(conn: db.Conn, organisation: OrganisationId, note: NoteFile) -> None:
    punched = db.maybe(
        conn,
        _Punched,
        """SELECT m.home_id, m.worker_id, m.visit_id FROM punches p
           JOIN punch_matches m ON m.punch_id = p.id AND m.punched_at = p.punched_at
           WHERE p.channel = 'phone' AND starts_with(p.source_ref, %s) AND p.received_at > %s
           ORDER BY p.id DESC LIMIT 1""",
        (f"{note.call}-", note.at - timedelta(days=2)),
    ) or _Punched(None, None, None)
    leave_call_task(
        conn,
        organisation,
        LeftByCall(
            kind="concern",
            source_ref=note.call,
            at=note.at,
            visit=punched.visit_id,
            home=punched.home_id,
            worker=punched.worker_id,
            recording=note.name,
        ),
    )
