"""The comparison: each way in which what is stored can differ from what was acknowledged is seen."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.faults.checking import Row, compare
from simulators.faults.journal import Forgery, Intent, Journal

AT = 1_795_700_000.25
SENT = Intent("qr", "3/a", AT, ["qr", "token"], ["worker", 3])
ROW = Row("qr", "3/a", AT, ["qr", "token"], ["worker", 3])
LAID = Intent("nfc", None, AT, ["device", "gw-1"], ["badge", "04AA"])
TAPPED = Row("nfc", "gw-1/x", AT + 0.3, ["device", "gw-1"], ["badge", "04AA"])


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal in which one punch was sent and acknowledged, and one badge was laid."""
    with closing(Journal(tmp_path)) as journal:
        journal.intend(SENT)
        journal.intend(LAID)
        journal.acknowledge("qr", "3/a", "stored")
        yield journal


def test_a_punch_stored_once_as_it_was_sent_is_clean(journal: Journal) -> None:
    assert compare(journal, [ROW, TAPPED], [], []).is_clean


def test_a_punch_that_was_never_acknowledged_may_be_missing(journal: Journal) -> None:
    journal.intend(replace(SENT, ref="3/b"))
    assert compare(journal, [ROW], [], []).is_clean


def test_an_acknowledged_punch_that_is_missing_is_lost(journal: Journal) -> None:
    assert compare(journal, [], [], []).lost == ["qr 3/a"]


def test_two_rows_under_one_identity_are_a_duplicate(journal: Journal) -> None:
    assert compare(journal, [ROW, ROW], [], []).duplicated == ["qr 3/a"]


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, ref="3/unknown"),
        replace(TAPPED, at=AT + 60),
        replace(TAPPED, who=["badge", "04BB"]),
    ],
)
def test_a_row_that_nobody_meant_to_send_is_a_phantom(journal: Journal, row: Row) -> None:
    assert compare(journal, [ROW, row], [], []).phantom == [f"{row.channel} {row.ref}"]


@pytest.mark.parametrize(
    "row", [replace(ROW, at=AT + 1), replace(ROW, where=["qr", "other"]), replace(ROW, who=["worker", 4])]
)
def test_a_row_with_another_content_is_altered(journal: Journal, row: Row) -> None:
    assert compare(journal, [row], [], []).altered == ["qr 3/a"]


def test_a_forgery_is_seen_by_its_answer_and_by_its_row(journal: Journal) -> None:
    journal.forge(Forgery("closed session", "key", "401"))
    journal.forge(Forgery("unknown session", "other", "201", taken=True))
    assert compare(journal, [ROW, replace(ROW, ref="9/key")], [], []).forged == [
        "unknown session: 201",
        "closed session: stored as 9/key",
    ]


def test_a_conflict_counts_unless_it_was_forged(journal: Journal) -> None:
    journal.forge(Forgery("altered", "3/a", "409"))
    assert compare(journal, [ROW], ["qr 3/a", "qr 3/c"], []).conflicts == ["qr 3/c"]


def test_what_was_written_down_is_on_the_disk(journal: Journal) -> None:
    assert len((journal.folder / "intents.jsonl").read_text().splitlines()) == 2
    assert len((journal.folder / "answers.jsonl").read_text().splitlines()) == 1
