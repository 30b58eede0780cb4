"""What is sent and when: in order, again until acknowledged, never more than a window at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mqtt_bridge.wire import Ack, AckStatus
from nfc_gateway.courier import Courier, resend_after
from spool.spool import Spool

NOW = datetime(2026, 3, 2, 7, 58, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with Spool(tmp_path / "s") as opened:
        yield opened


class Post:
    """Remembers what was sent."""

    def __init__(self, spool: Spool, *, window: int = 3) -> None:
        self.sent: list[str] = []
        self.spool = spool
        self.courier = Courier(spool, send=self._send, spread=lambda: 1.0, window=window)

    def _send(self, body: bytes) -> None:
        self.sent.append(body.decode())

    def put(self, *refs: str) -> None:
        self.spool.put_all([(ref, ref.encode()) for ref in refs], now=NOW)

    def settle(
        self, ref: str | None, status: AckStatus = AckStatus.STORED, reason: str | None = None
    ) -> None:
        self.courier.settle([Ack(ref, status, reason)], now=NOW)


def test_what_waits_is_sent_in_order_and_nothing_more_is_due_before_the_resend(spool: Spool) -> None:
    post = Post(spool)
    post.put("a", "b")

    assert post.courier.send_due(now=100.0) == 2.0
    assert post.courier.send_due(now=101.5) == 0.5

    assert post.sent == ["a", "b"]


def test_nothing_is_due_when_nothing_waits(spool: Spool) -> None:
    assert Post(spool).courier.send_due(now=100.0) is None


def test_a_punch_is_sent_again_until_it_is_acknowledged_at_growing_intervals(spool: Spool) -> None:
    post = Post(spool)
    post.put("a")
    now, instants = 0.0, []
    for _ in range(7):
        instants.append(now)
        due_in = post.courier.send_due(now=now)
        assert due_in is not None
        now += due_in
    assert post.sent == ["a"] * 7
    assert instants == [0.0, 2.0, 6.0, 14.0, 30.0, 62.0, 122.0]

    post.settle("a")

    assert post.courier.send_due(now=now) is None
    assert spool.waiting == 0


def test_a_resend_never_waits_more_than_a_minute() -> None:
    assert resend_after(1) == 2.0
    assert resend_after(1_000_000) == 60.0


def test_no_more_than_a_window_is_under_way_and_an_answer_makes_room(spool: Spool) -> None:
    post = Post(spool, window=2)
    post.put("a", "b", "c")

    post.courier.send_due(now=0.0)
    assert post.sent == ["a", "b"]

    post.settle("a", AckStatus.DUPLICATE)
    post.courier.send_due(now=0.1)
    assert post.sent == ["a", "b", "c"]


def test_one_that_is_never_answered_does_not_hold_up_the_others(spool: Spool) -> None:
    post = Post(spool, window=2)
    post.put("poison", *"abcdef")
    for step in range(6):
        post.courier.send_due(now=step / 10)
        post.settle("abcdef"[step])
    assert [entry.key for entry in spool.peek(9)] == ["poison"]


def test_a_new_connection_sends_everything_again_at_once(spool: Spool) -> None:
    post = Post(spool)
    post.put("a", "b")
    post.courier.send_due(now=0.0)

    post.courier.start_over(now=0.1)
    post.courier.send_due(now=0.1)

    assert post.sent == ["a", "b", "a", "b"]


def test_the_next_start_sends_what_the_last_one_left(spool: Spool) -> None:
    first = Post(spool)
    first.put("a", "b")
    first.courier.send_due(now=0.0)

    second = Post(spool)
    second.courier.send_due(now=0.0)

    assert second.sent == ["a", "b"]


def test_an_answer_that_waited_at_the_broker_settles_a_punch_before_it_is_sent_again(spool: Spool) -> None:
    post = Post(spool)
    post.put("a")
    post.settle("a")
    assert post.courier.send_due(now=0.0) is None


@pytest.mark.parametrize("status", [AckStatus.CONFLICT, AckStatus.REFUSED])
def test_what_the_core_does_not_take_is_sent_no_more_and_leaves_a_trace(
    spool: Spool, status: AckStatus
) -> None:
    post = Post(spool)
    post.put("a")
    post.courier.send_due(now=0.0)

    post.settle("a", status, "future")

    assert post.courier.send_due(now=100.0) is None
    [letter] = spool.dead_letters(9)
    assert (letter.entry.key, letter.reason) == ("a", f"{status}: future")


def test_answers_to_resends_and_answers_without_a_reference_change_nothing(spool: Spool) -> None:
    post = Post(spool)
    post.put("a")
    post.settle("a")
    post.settle("a", AckStatus.DUPLICATE)
    post.settle("a", AckStatus.REFUSED, "future")
    post.settle(None, AckStatus.REFUSED, "not-json")
    assert (spool.waiting, spool.dead) == (0, 0)
