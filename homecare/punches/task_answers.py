"""What workers answered for the tasks of a visit at departure, kept by visit and task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import VisitId


@dataclass(frozen=True, slots=True)
class Answered:
    """A task of a visit in the words of that day, and what became of it. `code`: what was keyed, if any."""

    task: str
    answer: str
    code: str | None = None


def store_task_answers(conn: db.Conn, visit: VisitId, answers: Sequence[Answered], *, now: datetime) -> None:
    """Keep what was answered for each task of the visit; a later answer replaces an earlier one."""
    for one in answers:
        conn.execute(
            """INSERT INTO task_answers (visit_id, task, answer, code, at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (visit_id, task)
               DO UPDATE SET answer = excluded.answer, code = excluded.code, at = excluded.at""",
            (visit, one.task, one.answer, one.code, now),
        )


@dataclass(frozen=True, slots=True)
class _Row:
    visit_id: VisitId
    task: str
    answer: str
    code: str | None


def list_task_answers(conn: db.Conn, visits: Sequence[VisitId]) -> dict[VisitId, list[Answered]]:
    """Return the answers of these visits; a visit without any is left out."""
    rows = db.many(
        conn,
        _Row,
        """SELECT t.visit_id, t.task, t.answer, t.code FROM task_answers t JOIN visits v ON v.id = t.visit_id
           WHERE t.visit_id = ANY(%s) ORDER BY t.visit_id, t.code, t.task""",
        (list(visits),),
    )
    found: dict[VisitId, list[Answered]] = {}
    for row in rows:
        found.setdefault(row.visit_id, []).append(Answered(row.task, row.answer, row.code))
    return found
