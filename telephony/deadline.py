"""Waiting for an answer, but not for ever. The work itself goes on: a punch is still being stored."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure


class TooLateError(Exception):
    """No answer came in time."""


def within[T](
    seconds: float,
    work: Deferred[T],
    *,
    reactor: IReactorTime,
    late: Callable[[T | Failure], object] = lambda _: None,
) -> Deferred[T]:
    """Return the answer of `work`, or fail with TooLateError after `seconds`; `late` then gets the answer."""
    answer: Deferred[T] = Deferred()
    timer = reactor.callLater(seconds, lambda: answer.errback(TooLateError()))

    def arrive(outcome: T | Failure) -> None:
        if answer.called:
            late(outcome)
            return
        timer.cancel()
        answer.callback(outcome)

    work.addBoth(arrive)
    return answer
