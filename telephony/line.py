"""The telephone as one service, for the program that carries it."""

from collections.abc import Sequence
from pathlib import Path
from typing import override

from twisted.application.service import MultiService, Service
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from telephony.calls import PhoneCalls
from telephony.conductor import Conductor
from telephony.fastagi import FastAgiServer
from telephony.prompts import Prompts, read_wording
from telephony.reactor import IReactor
from telephony.speech import Spoken


class PhoneLine(MultiService):
    """FastAGI on one port, answered by the dialogue. `server` tells its port and how many calls are live."""

    def __init__(
        self, calls: PhoneCalls, *, reactor: IReactor, interface: str, port: int, prompts_dir: Path
    ) -> None:
        """Render what is missing of the wording under `prompts_dir` (a second, the first time)."""
        super().__init__()  # type: ignore[no-untyped-call]
        prompts = Prompts(read_wording("fr"), prompts_dir)
        prompts.render_wording()
        studio = _Studio(prompts, reactor)
        conductor = Conductor(calls, studio.name, reactor=reactor)
        self.server = FastAgiServer(reactor, interface=interface, port=port, answer=conductor.answer)
        studio.setServiceParent(self)  # type: ignore[no-untyped-call]
        self.server.setServiceParent(self)  # type: ignore[no-untyped-call]


class _Studio(Service):
    """Renders the words of a call in a thread of its own: a few milliseconds, and only the first time."""

    def __init__(self, prompts: Prompts, reactor: IReactorThreads) -> None:
        self._prompts = prompts
        self._reactor = reactor
        self._pool = ThreadPool(1, 1, "prompts")

    async def name(self, sounds: Sequence[Spoken]) -> tuple[str, ...]:
        if not self._prompts.lacks(sounds):
            return tuple(map(self._prompts.name, sounds))
        return await deferToThreadPool(self._reactor, self._pool, self._prompts.render, sounds)

    @override
    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._pool.start()

    @override
    def stopService(self) -> None:
        super().stopService()  # type: ignore[no-untyped-call]
        self._pool.stop()
