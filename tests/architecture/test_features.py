"""The feature list, its marks and the table made of them."""

from tests.features import TABLE, make_table, marks, read_list


def test_every_mark_names_a_row_of_the_list() -> None:
    rows = read_list()
    assert [mark for mark in marks() if mark[0] not in rows] == []


def test_the_table_is_what_the_marks_say() -> None:
    assert TABLE.read_text() == make_table(), "run `make features`"
