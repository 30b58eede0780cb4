"""What is asked while the last question is on its way is asked together, and each gets its own answer."""

from collections.abc import Sequence

import pytest
from twisted.internet.defer import Deferred

from realtime.db import DatabaseAwayError
from realtime.gathering import Gathering


class Oracle:
    """Answers when told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self._waiting: list[Deferred[list[str]]] = []

    def __call__(self, questions: Sequence[str]) -> Deferred[list[str]]:
        self.asked.append(list(questions))
        answer: Deferred[list[str]] = Deferred()
        self._waiting.append(answer)
        return answer

    def answer(self) -> None:
        self._waiting.pop(0).callback([question.upper() for question in self.asked[-1]])

    def fail(self, error: Exception) -> None:
        self._waiting.pop(0).errback(error)


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


def results(*answers: Deferred[str]) -> list[object]:
    found: list[object] = []
    for answer in answers:
        answer.addBoth(found.append)
    return [getattr(one, "value", one) for one in found]


def test_the_first_asks_at_once_and_those_that_come_meanwhile_ask_together(oracle: Oracle) -> None:
    gathering = Gathering(oracle)
    first, second, third = gathering.ask("a"), gathering.ask("b"), gathering.ask("c")
    assert oracle.asked == [["a"]]
    oracle.answer()
    assert oracle.asked == [["a"], ["b", "c"]]
    oracle.answer()
    assert results(first, second, third) == ["A", "B", "C"]


def test_no_batch_is_larger_than_said(oracle: Oracle) -> None:
    gathering = Gathering(oracle, most=2)
    answers = [gathering.ask(letter) for letter in "abcd"]
    for _ in range(3):
        oracle.answer()
    assert oracle.asked == [["a"], ["b", "c"], ["d"]]
    assert results(*answers) == ["A", "B", "C", "D"]


def test_whoever_is_at_fault_fails_alone(oracle: Oracle) -> None:
    gathering = Gathering(oracle)
    first, second, third = gathering.ask("a"), gathering.ask("bad"), gathering.ask("c")
    oracle.answer()
    oracle.fail(ValueError("one of these"))
    assert oracle.asked[2:] == [["bad"]]
    fault = ValueError("this one")
    oracle.fail(fault)
    oracle.answer()
    assert results(first, second, third) == ["A", fault, "C"]


def test_a_database_that_is_away_is_told_to_all_at_once_and_asked_again_by_the_next(oracle: Oracle) -> None:
    gathering = Gathering(oracle)
    waiting = [gathering.ask(letter) for letter in "abc"]
    oracle.answer()
    away = DatabaseAwayError()
    oracle.fail(away)
    assert oracle.asked == [["a"], ["b", "c"]]
    assert results(*waiting) == ["A", away, away]
    later = gathering.ask("d")
    oracle.answer()
    assert results(later) == ["D"]
