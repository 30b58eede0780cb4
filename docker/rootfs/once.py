"""Something that happens once and that any number of coroutines may wait for."""

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime


class Once:
    """A Deferred may be awaited by one; this may be awaited by all, before or after it happens."""

    def __init__(self, clock: IReactorTime) -> None:
        self.happened = False
        self._clock = clock
        self._waiting: list[Deferred[None]] = []

    def happen(self) -> None:
        """Let everybody go on. A second call changes nothing."""
        self.happened = True
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait until it happens, for `seconds` at most if given. Returns whether it happened."""
        if not self.happened:
            await self._next(seconds)
        return self.happened

    def _next(self, seconds: float | None) -> Deferred[None]:
        deferred: Deferred[None] = Deferred()
        self._waiting.append(deferred)
        if seconds is not None:
            late = self._clock.callLater(seconds, self._give_up, deferred)
            deferred.addBoth(lambda _: late.cancel() if late.active() else None)
        return deferred

    def _give_up(self, deferred: Deferred[None]) -> None:
        self._waiting.remove(deferred)
        deferred.callback(None)
