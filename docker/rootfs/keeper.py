"""Keeps one part alive: starts it, waits until it answers, starts it again when it dies, stops it."""

import enum
from collections.abc import Callable

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger

from docker.rootfs.once import Once
from docker.rootfs.part import NotReadyError, Part
from docker.rootfs.process import Process
from docker.rootfs.reactor import IReactor

_FIRST_DELAY, _LONGEST_DELAY = 0.2, 10.0
_LIVED_WELL = 30.0
_BETWEEN_CHECKS = 0.05
_BETWEEN_SIGNALS = 1.0

_log = Logger()

type Say = Callable[[str, str], None]


class State(enum.StrEnum):
    """Where a part is in its life."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    WAITING = "waiting"  # it died, and is started again after a delay
    STOPPING = "stopping"


class PartFailedError(Exception):
    """A part ended, or did not answer in time, before it was ready."""


class Keeper:
    """Supervises one part; belongs to the reactor's thread."""

    def __init__(self, part: Part, *, reactor: IReactor, say: Say) -> None:
        """`say(part, message)` tells people what happens."""
        self.part = part
        self.state = State.STOPPED
        self.restarts = 0
        self._reactor = reactor
        self._say = say
        self._process: Process | None = None
        self._dismissed = Once(reactor)
        self._over = Once(reactor)
        self._over.happen()

    @property
    def pid(self) -> int | None:
        """The part's own PID, as the machine sees it."""
        return self._process.pid if self._process else None

    def describe(self) -> dict[str, object]:
        """What people ask about it, ready for JSON."""
        return {"state": self.state, "pid": self.pid, "restarts": self.restarts, "where": self.part.where}

    async def start(self) -> None:
        """Start unless it runs, and wait until it answers.

        Raises PartFailedError if it does not, and leaves it stopped: only what was ready once is kept alive.
        """
        if self.state is State.READY:
            return
        await self.stop()
        self._dismissed, self._over = Once(self._reactor), Once(self._reactor)
        try:
            process = await self._launch()
        except BaseException:
            self._be_over()
            raise
        ensureDeferred(self._keep(process)).addErrback(
            lambda bug: _log.failure("Supervision broke down", bug)
        )

    async def stop(self) -> None:
        """Ask it to end, insist, kill it when its time is over. Returns once nothing of it is left."""
        self._dismissed.happen()
        if self._process is not None:
            await self._end(self._process)
        await self._over.wait()

    def kill(self) -> None:
        """End it without warning, as a crash would. It is started again."""
        if self._process is not None:
            self._process.kill()

    async def _launch(self) -> Process:
        """Start it and wait until it answers, or leave nothing of it and raise PartFailedError."""
        self.state = State.STARTING
        process = self._process = Process(self.part, reactor=self._reactor)
        try:
            await self._wait_until_ready(process)
        except BaseException:
            process.kill()
            await process.ended.wait()
            raise
        self.state = State.READY
        self._say(self.part.name, f"ready {self.part.where}".rstrip())
        return process

    async def _wait_until_ready(self, process: Process) -> None:
        deadline = self._reactor.seconds() + self.part.ready_within
        while not process.ended.happened:
            try:
                await deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self.part.check)
            except NotReadyError as error:
                if self._reactor.seconds() > deadline:
                    raise PartFailedError(f"does not answer: {error}") from error
                await deferLater(self._reactor, _BETWEEN_CHECKS)
            else:
                return
        raise PartFailedError(f"{process.how_it_ended} before it was ready")

    async def _keep(self, process: Process) -> None:
        """Start it again each time it ends, until it is dismissed."""
        delay = _FIRST_DELAY
        await process.ended.wait()
        trouble = process.how_it_ended
        while not self._dismissed.happened:
            if process.lived > _LIVED_WELL:
                delay = _FIRST_DELAY
            self._say(self.part.name, f"{trouble}; started again in {delay:.1f} s")
            self.state = State.WAITING
            self.restarts += 1
            if await self._dismissed.wait(delay):
                break
            delay = min(delay * 2, _LONGEST_DELAY)
            try:
                process = await self._launch()
                await process.ended.wait()
                trouble = process.how_it_ended
            except PartFailedError as error:
                trouble = str(error)
        self._be_over()

    def _be_over(self) -> None:
        self._process = None
        self.state = State.STOPPED
        self._over.happen()

    async def _end(self, process: Process) -> None:
        """Repeat the stop signal: a program that is still starting has no handler for the first ones."""
        self.state = State.STOPPING
        deadline = self._reactor.seconds() + self.part.stop_within
        while not process.ended.happened and self._reactor.seconds() < deadline:
            process.send(self.part.stop_signal)
            await process.ended.wait(_BETWEEN_SIGNALS)
        if not process.ended.happened:
            self._say(self.part.name, "does not stop: killed")
            process.kill()
            await process.ended.wait()
