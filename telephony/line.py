"""The telephone as one service, for the program that carries it."""

from collections.abc import Sequence
from pathlib import Path
from typing import override

from twisted.application.service import MultiService, Service
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from homecare.kernel.ids import OrganisationId
from homecare.workers.model import Language
from telephony.calls import PhoneCalls
from telephony.conductor import Conductor
from telephony.fastagi import FastAgiServer
from telephony.prompts import ESPEAK
from telephony.reactor import IReactor
from telephony.sounds import FindOwn, Sounds
from telephony.speech import Spoken


class PhoneLine(MultiService):
    """FastAGI on one port, answered by the dialogue. `server` tells its port and how many calls are live."""

    def __init__(
        self,
        calls: PhoneCalls,
        *,
        reactor: IReactor,
        interface: str,
        port: int,
        prompts_dir: Path,
        espeak: Sequence[str] = ESPEAK,
        find_own: FindOwn,
    ) -> None:
        """Render what is missing of the French wording under `prompts_dir` (a second, the first time).

        The other languages follow in a thread; until they are there, everybody is spoken to in French.
        `find_own` tells what an agency says in its own voice.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        sounds = Sounds(prompts_dir, espeak=espeak, find_own=find_own)
        sounds.prepare(Language.FRENCH)
        studio = _Studio(sounds, reactor)
        conductor = Conductor(calls, studio.name, reactor=reactor)
        self.server = FastAgiServer(reactor, interface=interface, port=port, answer=conductor.answer)
        studio.setServiceParent(self)  # type: ignore[no-untyped-call]
        self.server.setServiceParent(self)  # type: ignore[no-untyped-call]


class _Studio(Service):
    """Renders the words of a call in threads of its own: a few milliseconds, and only the first time."""

    def __init__(self, sounds: Sounds, reactor: IReactorThreads) -> None:
        self._sounds = sounds
        self._reactor = reactor
        self._pool = ThreadPool(2, 2, "prompts")

    async def name(
        self, sounds: Sequence[Spoken], language: Language, organisation: OrganisationId | None
    ) -> tuple[str, ...]:
        found = self._sounds.find(sounds, language, organisation)
        if found is not None:
            return found
        return await deferToThreadPool(
            self._reactor, self._pool, self._sounds.render, sounds, language, organisation
        )

    @override
    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._pool.start()
        others = [language for language in Language if language is not Language.FRENCH]
        self._pool.callInThread(self._sounds.prepare, *others)

    @override
    def stopService(self) -> None:
        super().stopService()  # type: ignore[no-untyped-call]
        self._pool.stop()
