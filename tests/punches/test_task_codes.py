"""The agency's task codes: how they are given, changed and retired, and what was keyed with them."""

import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.punches.task_answers import Answered, list_task_answers, store_task_answers
from homecare.punches.task_codes import (
    add_task_code,
    change_task_code,
    change_task_mode,
    find_task_mode,
    list_task_codes,
    retire_task_code,
)
from homecare.punches.tasks import TaskMode
from tests.builders import ACTOR, MORNING, make_area, make_client, make_visit, make_worker
from tests.database import Database


def codes(conn: db.Conn) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in list_task_codes(conn)]


def test_tasks_are_read_until_the_agency_says_otherwise(conn: db.Conn) -> None:
    assert find_task_mode(conn) is TaskMode.READ
    for mode in (TaskMode.KEYED, TaskMode.NONE):
        change_task_mode(conn, ACTOR, mode, now=MORNING)
        assert find_task_mode(conn) is mode


@pytest.mark.parametrize("code", ["", "1", "1234", "00", "000", "1*", "12#", "١٢", "a1"])
def test_a_code_that_could_not_be_keyed_is_refused(conn: db.Conn, code: str) -> None:
    with pytest.raises(InvalidError):
        add_task_code(conn, ACTOR, code, "Toilette", now=MORNING)
    assert codes(conn) == []


@pytest.mark.parametrize("label", ["", "  ", "\x00", "x" * 61])
def test_a_task_needs_words(conn: db.Conn, label: str) -> None:
    with pytest.raises(InvalidError):
        add_task_code(conn, ACTOR, "12", label, now=MORNING)


def test_a_code_and_a_task_stand_for_each_other_alone(conn: db.Conn) -> None:
    add_task_code(conn, ACTOR, "12", "Toilette", now=MORNING)
    meal = add_task_code(conn, ACTOR, "034", "Repas", now=MORNING)
    with pytest.raises(InvalidError, match="autre tâche"):
        add_task_code(conn, ACTOR, "12", "Courses", now=MORNING)
    with pytest.raises(InvalidError, match="déjà un code"):
        add_task_code(conn, ACTOR, "56", "toilette", now=MORNING)
    with pytest.raises(InvalidError, match="autre tâche"):
        change_task_code(conn, ACTOR, meal, "12", "Repas", now=MORNING)
    change_task_code(conn, ACTOR, meal, "34", "Repas du midi", now=MORNING)
    assert codes(conn) == [("12", "Toilette"), ("34", "Repas du midi")]


def test_a_retired_code_may_serve_again_and_is_retired_once(conn: db.Conn) -> None:
    wash = add_task_code(conn, ACTOR, "12", "Toilette", now=MORNING)
    retire_task_code(conn, ACTOR, wash, now=MORNING)
    assert codes(conn) == []
    with pytest.raises(NotFoundError):
        retire_task_code(conn, ACTOR, wash, now=MORNING)
    with pytest.raises(NotFoundError):
        change_task_code(conn, ACTOR, wash, "12", "Toilette", now=MORNING)
    add_task_code(conn, ACTOR, "12", "Courses", now=MORNING)
    assert codes(conn) == [("12", "Courses")]


def test_another_agencys_codes_are_out_of_reach(database: Database) -> None:
    with database.connect(database.create_organisation()) as conn:
        wash = add_task_code(conn, ACTOR, "12", "Toilette", now=MORNING)
        change_task_mode(conn, ACTOR, TaskMode.KEYED, now=MORNING)
    with database.connect(database.create_organisation()) as conn:
        assert codes(conn) == []
        assert find_task_mode(conn) is TaskMode.READ
        with pytest.raises(NotFoundError):
            retire_task_code(conn, ACTOR, wash, now=MORNING)


def test_a_later_answer_replaces_an_earlier_one(database: Database) -> None:
    organisation = database.create_organisation()
    with database.connect(organisation) as conn:
        area = make_area(conn)
        visit = make_visit(conn, make_client(conn, area), make_worker(conn, organisation, area).id)
        assert list_task_answers(conn, [visit]) == {}
        for answer in ("done", "refused"):
            store_task_answers(conn, visit, [Answered("Toilette", answer, "12")], now=MORNING)
        store_task_answers(conn, visit, [Answered("Repas", "not_done")], now=MORNING)
        assert list_task_answers(conn, [visit]) == {
            visit: [Answered("Toilette", "refused", "12"), Answered("Repas", "not_done")]
        }
