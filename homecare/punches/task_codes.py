"""The agency's task codes, two or three digits that workers key at departure, and whether it uses them.

A retired code keeps its row and may be given to another task. What was keyed keeps the words that the code
had that day.
"""

import re
from dataclasses import dataclass
from datetime import datetime

import psycopg

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.text import require_line
from homecare.punches.tasks import TaskMode

LONGEST_LABEL = 60
_CODE = re.compile(r"[0-9]{2,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TaskCode:
    """A code in use and the task it stands for."""

    id: int
    code: str
    label: str


def find_task_mode(conn: db.Conn) -> TaskMode:
    """Return how tasks are taken at departure: read one by one until the agency says otherwise."""
    found = db.value(conn, str, "SELECT mode FROM task_settings")
    return TaskMode.READ if found is None else TaskMode(found)


def change_task_mode(conn: db.Conn, actor: audit.Actor, mode: TaskMode, *, now: datetime) -> None:
    """Take tasks this way from the next call on."""
    before = find_task_mode(conn)
    conn.execute(
        """INSERT INTO task_settings (mode) VALUES (%s)
           ON CONFLICT (organisation_id) DO UPDATE SET mode = excluded.mode""",
        (mode.value,),
    )
    audit.record(
        conn,
        actor,
        "punches.change_task_mode",
        None,
        now=now,
        before={"mode": before.value},
        after={"mode": mode.value},
    )


def list_task_codes(conn: db.Conn) -> list[TaskCode]:
    """Return the codes in use, in their order."""
    return db.many(
        conn, TaskCode, "SELECT id, code, label FROM task_codes WHERE retired_at IS NULL ORDER BY code"
    )


def check_task_code(typed: str) -> str:
    """Return the code. Raises `InvalidError` unless it has two or three digits, zeros alone excepted."""
    if not _CODE.fullmatch(typed):
        raise InvalidError("Un code de tâche a deux ou trois chiffres.")
    if not typed.strip("0"):
        raise InvalidError(
            "Les zéros terminent la saisie\N{NO-BREAK SPACE}: prenez un code qui a un autre chiffre."
        )
    return typed


def check_task_label(typed: str) -> str:
    """Return the label as it is kept. Raises `InvalidError`."""
    label = require_line(typed, missing="Dites de quelle tâche il s’agit.")
    if len(label) > LONGEST_LABEL:
        raise InvalidError(f"Le nom d’une tâche a {LONGEST_LABEL} caractères au plus.")
    return label


def add_task_code(conn: db.Conn, actor: audit.Actor, code: str, label: str, *, now: datetime) -> int:
    """Give a task its code; return its id. Raises `InvalidError`, also when the code or task has one."""
    code, label = check_task_code(code), check_task_label(label)
    try:
        with conn.transaction():
            added = db.value(
                conn, int, "INSERT INTO task_codes (code, label) VALUES (%s, %s) RETURNING id", (code, label)
            )
    except psycopg.errors.UniqueViolation as error:
        raise _taken(error) from error
    audit.record(conn, actor, "punches.add_task_code", added, now=now, after={"code": code, "label": label})
    return added or 0


def change_task_code(
    conn: db.Conn, actor: audit.Actor, task_code: int, code: str, label: str, *, now: datetime
) -> None:
    """Change a code in use or its task's name. Raises as `add_task_code`, and `NotFoundError`."""
    code, label = check_task_code(code), check_task_label(label)
    try:
        with conn.transaction():
            changed = db.write(
                conn,
                "UPDATE task_codes SET code = %s, label = %s WHERE id = %s AND retired_at IS NULL",
                (code, label, task_code),
            )
    except psycopg.errors.UniqueViolation as error:
        raise _taken(error) from error
    if not changed:
        raise NotFoundError("Ce code de tâche n’est plus en service.")
    audit.record(
        conn, actor, "punches.change_task_code", task_code, now=now, after={"code": code, "label": label}
    )


def retire_task_code(conn: db.Conn, actor: audit.Actor, task_code: int, *, now: datetime) -> None:
    """Take the code no more. Raises `NotFoundError` unless it is in use."""
    retired = db.write(
        conn,
        "UPDATE task_codes SET retired_at = %s WHERE id = %s AND retired_at IS NULL",
        (now, task_code),
    )
    if not retired:
        raise NotFoundError("Ce code de tâche n’est plus en service.")
    audit.record(conn, actor, "punches.retire_task_code", task_code, now=now)


def _taken(error: psycopg.errors.UniqueViolation) -> InvalidError:
    if error.diag.constraint_name == "task_code_in_use_once":
        return InvalidError("Ce code est déjà celui d’une autre tâche.")
    return InvalidError("Cette tâche a déjà un code.")
