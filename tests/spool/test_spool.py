"""The spool on a real disk: order, identity, bound, dead letters, threads, one owner."""

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spool.errors import KeyTakenError, NoEntryError, SpoolBusyError, SpoolError, SpoolFullError
from spool.spool import Entry, Spool

NOW = datetime(2026, 3, 2, 7, 58, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with Spool(tmp_path / "spool.sqlite3", capacity=5) as opened:
        yield opened


def keys(entries: list[Entry]) -> list[str]:
    return [entry.key for entry in entries]


def test_entries_come_out_in_the_order_in_which_they_were_put(spool: Spool) -> None:
    spool.put("b", b"first", now=NOW)
    spool.put("a", b"second", now=NOW)

    first, second = spool.peek(10)

    assert (first.key, first.body, first.put_at) == ("b", b"first", NOW)
    assert (second.key, second.body) == ("a", b"second")
    assert first.position < second.position


def test_peek_takes_nothing_away_and_can_go_on_where_it_stopped(spool: Spool) -> None:
    spool.put_all([("a", b"1"), ("b", b"2"), ("c", b"3")], now=NOW)

    [a, b] = spool.peek(2)

    assert keys(spool.peek(2)) == ["a", "b"]
    assert keys(spool.peek(2, after=b.position)) == ["c"]
    assert keys(spool.peek(9, after=a.position)) == ["b", "c"]


def test_an_acknowledged_entry_is_gone_and_an_unknown_key_is_no_error(spool: Spool) -> None:
    spool.put_all([("a", b"1"), ("b", b"2")], now=NOW)

    assert spool.ack(["a", "never seen"]) == 1

    assert keys(spool.peek(9)) == ["b"]
    assert spool.waiting == 1


def test_a_position_is_never_given_twice_even_when_the_spool_was_emptied(tmp_path: Path) -> None:
    with Spool(tmp_path / "s") as spool:
        spool.put("a", b"1", now=NOW)
        [first] = spool.peek(1)
        spool.ack(["a"])
    with Spool(tmp_path / "s") as spool:
        spool.put("b", b"2", now=NOW)
        [second] = spool.peek(1)

    assert second.position > first.position


def test_the_same_entry_put_twice_waits_once(spool: Spool) -> None:
    spool.put("a", b"1", now=NOW)
    spool.put("a", b"1", now=NOW + timedelta(minutes=1))

    [entry] = spool.peek(9)

    assert entry.put_at == NOW
    assert spool.waiting == 1


def test_another_body_under_a_waiting_key_is_refused_and_the_first_one_stays(spool: Spool) -> None:
    spool.put("a", b"1", now=NOW)

    with pytest.raises(KeyTakenError):
        spool.put_all([("b", b"2"), ("a", b"other")], now=NOW)

    assert [entry.body for entry in spool.peek(9)] == [b"1"]
    assert spool.waiting == 1


def test_a_full_spool_says_so_and_takes_again_once_there_is_room(spool: Spool) -> None:
    spool.put_all([(str(n), b"x") for n in range(4)], now=NOW)

    with pytest.raises(SpoolFullError, match="5 entries"):
        spool.put_all([("4", b"x"), ("5", b"x")], now=NOW)
    assert spool.waiting == 4

    spool.ack(["0"])
    spool.put_all([("4", b"x"), ("5", b"x")], now=NOW)
    assert keys(spool.peek(9)) == ["1", "2", "3", "4", "5"]


def test_a_resend_is_accepted_by_a_full_spool_because_it_adds_nothing(spool: Spool) -> None:
    spool.put_all([(str(n), b"x") for n in range(5)], now=NOW)

    spool.put("3", b"x", now=NOW)

    assert spool.waiting == 5


def test_a_dead_letter_no_longer_waits_and_is_kept_with_its_reason(spool: Spool) -> None:
    spool.put_all([("a", b"poison"), ("b", b"2")], now=NOW)

    spool.set_aside("a", reason="refused: future", now=NOW + timedelta(seconds=3))

    assert keys(spool.peek(9)) == ["b"]
    [letter] = spool.dead_letters(9)
    assert (letter.entry.key, letter.entry.body, letter.entry.put_at) == ("a", b"poison", NOW)
    assert (letter.reason, letter.set_aside_at) == ("refused: future", NOW + timedelta(seconds=3))
    assert (spool.waiting, spool.dead) == (1, 1)


def test_dead_letters_count_in_the_bound_and_are_forgotten_only_when_asked(spool: Spool) -> None:
    spool.put_all([(str(n), b"x") for n in range(5)], now=NOW)
    spool.set_aside("0", reason="old", now=NOW)
    spool.set_aside("1", reason="new", now=NOW + timedelta(days=2))
    with pytest.raises(SpoolFullError):
        spool.put("5", b"x", now=NOW)

    assert spool.forget_dead_letters(before=NOW + timedelta(days=1)) == 1

    assert [letter.reason for letter in spool.dead_letters(9)] == ["new"]
    spool.put("5", b"x", now=NOW)


def test_nothing_can_be_set_aside_that_does_not_wait(spool: Spool) -> None:
    with pytest.raises(NoEntryError):
        spool.set_aside("a", reason="?", now=NOW)
    assert spool.dead == 0


def test_what_waits_and_what_is_dead_is_found_again_by_the_next_owner(tmp_path: Path) -> None:
    with Spool(tmp_path / "s") as spool:
        spool.put_all([("a", b"1"), ("b", b"2")], now=NOW)
        spool.set_aside("a", reason="?", now=NOW)
    with Spool(tmp_path / "s") as spool:
        assert (spool.waiting, spool.dead) == (1, 1)
        assert keys(spool.peek(9)) == ["b"]


def test_a_second_owner_is_refused_while_the_first_one_lives(tmp_path: Path, spool: Spool) -> None:
    with pytest.raises(SpoolBusyError, match="another program"):
        Spool(tmp_path / "spool.sqlite3")
    spool.put("a", b"1", now=NOW)


def test_a_file_that_is_no_spool_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("Bonjour. " * 100)

    with pytest.raises(SpoolError, match="not a usable spool"):
        Spool(path)

    assert path.read_text() == "Bonjour. " * 100


def test_only_the_owner_may_read_the_file(tmp_path: Path, spool: Spool) -> None:
    spool.put("a", b"1", now=NOW)
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_threads_share_a_spool_without_losing_or_doubling_an_entry(tmp_path: Path) -> None:
    with Spool(tmp_path / "s") as spool:

        def put_fifty(thread: int) -> None:
            for n in range(50):
                spool.put(f"{thread}-{n}", b"x", now=NOW)

        threads = [threading.Thread(target=put_fifty, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert spool.waiting == 200
        waiting = keys(spool.peek(1000))
        assert len(set(waiting)) == 200
        for thread_number in range(4):
            own = [key for key in waiting if key.startswith(f"{thread_number}-")]
            assert own == [f"{thread_number}-{n}" for n in range(50)]


@given(bodies=st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=50)), max_size=20))
def test_any_key_and_any_body_come_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[tuple[str, bytes]]
) -> None:
    entries = list(dict(bodies).items())
    with Spool(tmp_path_factory.mktemp("spool") / "s") as spool:
        spool.put_all(entries, now=NOW)
        assert [(entry.key, entry.body) for entry in spool.peek(99)] == entries
