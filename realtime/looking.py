"""A part of the program that looks for work when it starts, and then every few seconds."""

from abc import abstractmethod
from typing import override

import structlog
from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from realtime.db import DatabaseAwayError

log = structlog.get_logger()


class LookingService(Service):
    """Looks at start, then `between_looks` seconds after each look began, never twice at once.

    A look that fails ends itself alone: the next one goes on.
    """

    def __init__(self, *, between_looks: float, reactor: IReactorTime) -> None:
        """Nothing is looked at before `startService`."""
        self._between_looks = between_looks
        self._looking = LoopingCall(self._look_once)
        self._looking.clock = reactor

    @override
    def startService(self) -> None:
        """Look at once, then again and again."""
        super().startService()  # type: ignore[no-untyped-call]
        self._looking.start(self._between_looks)

    @override
    def stopService(self) -> None:
        """Look no more. A look under way is not waited for: what it leaves is found again."""
        super().stopService()  # type: ignore[no-untyped-call]
        if self._looking.running:
            self._looking.stop()

    @abstractmethod
    async def look(self) -> None:
        """Do what there is to do now. May raise anything."""

    def _look_once(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self.look()).addErrback(self._log)

    def _log(self, failure: Failure) -> None:
        if not failure.check(DatabaseAwayError):
            log.error("look.failed", part=self.name, error=failure.getErrorMessage(), exc_info=failure.value)
