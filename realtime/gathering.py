"""Asking together: what is asked while the last question is on its way goes into the next one, at once after.

So a transaction is paid once for many, and nobody waits for a company that may not come.
"""

from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from realtime.db import DatabaseAwayError

MOST = 200

type _Waiting[Asked, Answer] = tuple[Asked, Deferred[Answer]]


class Gathering[Asked, Answer]:
    """Gathers what is asked into batches, one at a time."""

    def __init__(self, ask: Callable[[Sequence[Asked]], Deferred[list[Answer]]], *, most: int = MOST) -> None:
        """`ask` answers a batch of at most `most`, in order; it may be asked the same again."""
        self._ask = ask
        self._most = most
        self._waiting: list[_Waiting[Asked, Answer]] = []
        self._alone: list[_Waiting[Asked, Answer]] = []
        self._busy = False

    def ask(self, one: Asked) -> Deferred[Answer]:
        """Fire with the answer to this one, or fail as its question does; never for the fault of another."""
        answer: Deferred[Answer] = Deferred()
        self._waiting.append((one, answer))
        self._go_on()
        return answer

    def _go_on(self) -> None:
        if self._busy:
            return
        if self._alone:
            batch = [self._alone.pop()]
        else:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        if batch:
            self._busy = True
            self._ask([one for one, _ in batch]).addBoth(self._answered, batch)

    def _answered(self, result: list[Answer] | Failure, batch: Sequence[_Waiting[Asked, Answer]]) -> None:
        self._busy = False
        is_ones_fault = isinstance(result, Failure) and result.check(DatabaseAwayError) is None
        if is_ones_fault and len(batch) > 1:
            self._alone += reversed(batch)
        self._go_on()  # before the answers are dealt with: the next question is on its way meanwhile
        if not isinstance(result, Failure):
            for (_, waiting), answer in zip(batch, result, strict=True):
                waiting.callback(answer)
        elif len(batch) == 1 or not is_ones_fault:
            for _, waiting in batch:
                waiting.errback(result)
