"""Starts the parts of a system stage by stage, keeps them alive, stops them in the reverse order."""

from collections.abc import Sequence

from twisted.internet.defer import FirstError, ensureDeferred, gatherResults

from docker.rootfs.control import Answer, CommandError
from docker.rootfs.keeper import Keeper, PartFailedError, Say
from docker.rootfs.part import Part
from docker.rootfs.reactor import IReactor


class Supervisor:
    """The keepers of all parts, in stages: one stage starts together, once the stages before are ready."""

    def __init__(self, *, reactor: IReactor, say: Say) -> None:
        self._reactor = reactor
        self._say = say
        self._stages: list[list[Keeper]] = []
        self._is_stopping = False

    @property
    def keepers(self) -> dict[str, Keeper]:
        """All of them by name, in the order in which they started."""
        return {keeper.part.name: keeper for stage in self._stages for keeper in stage}

    async def start_stage(self, parts: Sequence[Part]) -> None:
        """Start the parts together and wait until all answer. Raises PartFailedError."""
        if self._is_stopping:
            raise PartFailedError("stopped while it was starting")
        stage = [Keeper(part, reactor=self._reactor, say=self._say) for part in parts]
        self._stages.append(stage)
        try:
            await gatherResults([ensureDeferred(self._start(keeper)) for keeper in stage], consumeErrors=True)
        except FirstError as first:
            first.subFailure.raiseException()

    async def _start(self, keeper: Keeper) -> None:
        self._say(keeper.part.name, "starting")
        try:
            await keeper.start()
        except PartFailedError as error:
            raise PartFailedError(f"{keeper.part.name} {error}, see {keeper.part.log}") from error

    async def stop(self) -> None:
        """Stop every part, the last stage first, and start no other."""
        self._is_stopping = True
        for stage in reversed(self._stages):
            await gatherResults([ensureDeferred(self._stop(keeper)) for keeper in stage])

    async def _stop(self, keeper: Keeper) -> None:
        await keeper.stop()
        self._say(keeper.part.name, "stopped")

    async def answer_status(self, _: str) -> Answer:
        """State of every part."""
        return {"parts": {name: keeper.describe() for name, keeper in self.keepers.items()}}

    async def answer_start(self, name: str) -> Answer:
        """Start a part that was stopped; answers when it is ready."""
        try:
            await self._start(self._find(name))
        except PartFailedError as error:
            raise CommandError(str(error)) from error
        return {}

    async def answer_stop(self, name: str) -> Answer:
        """Stop a part; answers when nothing of it is left."""
        await self._stop(self._find(name))
        return {}

    async def answer_kill(self, name: str) -> Answer:
        """Kill a part, as a crash would."""
        self._find(name).kill()
        return {}

    def _find(self, name: str) -> Keeper:
        try:
            return self.keepers[name]
        except KeyError:
            raise CommandError(f"no part {name!r}; there are {', '.join(self.keepers)}") from None
