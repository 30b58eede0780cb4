"""What was said at a departure: kept once with its task, found again without its call, erased in time."""

from datetime import timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId, VisitId
from homecare.punches.model import Channel, Claim, Line, SignedInWorker
from homecare.punches.operations import LeftByCall, close_call_task, leave_call_task, record
from homecare.punches.queries import list_call_tasks
from homecare.punches.voice_notes import (
    KEPT_AT_MOST,
    KEPT_ONCE_DONE,
    NoteFile,
    erase_notes,
    has_task,
    hear_note,
    keep_note,
)
from tests.builders import (
    MORNING,
    actor_of,
    make_area,
    make_client,
    make_user,
    make_visit,
    make_worker,
)

SOUND = b"RIFF of a worried voice"
CALL = "ast-1-1764662400.7"
NOTE = NoteFile(f"note-1-{CALL}-1.wav", CALL, MORNING)


def leave(conn: db.Conn, organisation: OrganisationId, name: str = NOTE.name) -> int:
    leave_call_task(conn, organisation, LeftByCall("concern", CALL, MORNING, recording=name))
    return list_call_tasks(conn)[0].id


def test_a_note_is_heard_as_it_was_said_and_who_heard_it_is_noted(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    task = leave(conn, organisation)
    assert [one.has_sound for one in list_call_tasks(conn)] == [False]
    keep_note(conn, organisation, NOTE, SOUND)
    keep_note(conn, organisation, NOTE, b"brought by another core")
    assert [one.has_sound for one in list_call_tasks(conn)] == [True]
    actor = actor_of(make_user(conn))
    assert hear_note(conn, actor, task, now=MORNING) == SOUND
    heard = conn.execute("SELECT FROM audit_events WHERE action = 'punches.hear_note'").fetchall()
    assert len(heard) == 1


def test_a_note_whose_call_died_becomes_a_task_of_the_visit_that_was_punched(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    area = make_area(conn)
    home, worker = make_client(conn, area), make_worker(conn, organisation, area)
    visit = VisitId(make_visit(conn, home, worker.id, starts_at=MORNING))
    line, who = Line(home.line), SignedInWorker(worker.id)
    record(
        conn,
        [Claim(organisation, Channel.PHONE, f"{CALL}-1", MORNING, line, who)],
        core_instance="core-t",
        now=MORNING,
    )
    assert not has_task(conn, NOTE.name)
    keep_note(conn, organisation, NOTE, SOUND)
    (task,) = list_call_tasks(conn)
    assert (task.kind, task.visit_id, task.has_sound) == ("concern", visit, True)


def test_a_note_of_a_call_that_nobody_knows_is_a_task_all_the_same(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    keep_note(conn, organisation, NOTE, SOUND)
    assert [(one.kind, one.visit_id, one.has_sound) for one in list_call_tasks(conn)] == [
        ("concern", None, True)
    ]


@pytest.mark.parametrize("is_done", [True, False])
def test_a_sound_is_erased_in_time_and_its_task_stays(
    conn: db.Conn, organisation: OrganisationId, *, is_done: bool
) -> None:
    task = leave(conn, organisation)
    keep_note(conn, organisation, NOTE, SOUND)
    kept = KEPT_AT_MOST
    if is_done:
        close_call_task(conn, actor_of(make_user(conn)), task, now=MORNING)
        kept = KEPT_ONCE_DONE
    assert erase_notes(conn, now=MORNING + kept) == 0
    assert erase_notes(conn, now=MORNING + kept + timedelta(seconds=1)) == 1
    assert [one.has_sound for one in list_call_tasks(conn, open_only=False)] == [False]
    with pytest.raises(NotFoundError):
        hear_note(conn, actor_of(make_user(conn)), task, now=MORNING)
