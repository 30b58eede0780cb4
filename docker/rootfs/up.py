"""Brings a system up: prepares its state folder, starts everything in order, stays until told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from docker.rootfs import asterisk, mosquitto, nginx, postgresql, programs
from docker.rootfs.control import SOCKET, Answer, CommandError, ControlFactory
from docker.rootfs.environment import (
    ForeignFileError,
    NoFolderError,
    remove_env_file,
    settings_of,
    write_env_file,
)
from docker.rootfs.keeper import PartFailedError, State
from docker.rootfs.logs import rotate_all
from docker.rootfs.offered import offered_servers
from docker.rootfs.part import NotReadyError, Part
from docker.rootfs.reactor import IReactor
from docker.rootfs.sandbox import on_machine
from docker.rootfs.site import CommandFailedError, Site
from docker.rootfs.supervisor import Supervisor

_log = Logger()

_BETWEEN_LOOKS_AT_LOGS = 60.0
_REFUSALS = (PartFailedError, ForeignFileError, NoFolderError, CommandFailedError)

SERVERS: Mapping[str, Callable[[Site], Part]] = {
    postgresql.NAME: postgresql.prepare,
    mosquitto.NAME: mosquitto.prepare,
    asterisk.NAME: asterisk.prepare,
    nginx.NAME: nginx.prepare,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to bring up, and where to say its settings."""

    servers: tuple[str, ...]
    programs: tuple[str, ...]
    env_file: Path
    demo: bool


class Up:
    """One system, from its first server to the last one stopped."""

    def __init__(self, site: Site, wish: Wish, *, reactor: IReactor) -> None:
        self._site = site
        self._wish = wish
        self._reactor = reactor
        self._started = time.monotonic()
        self._supervisor = Supervisor(reactor=reactor, say=self._say)
        self._settings = settings_of(site, demo=wish.demo)
        self._is_told_to_stop = False
        self._is_stopping = False
        self.exit_status = 0

    def run(self) -> int:
        """Run until SIGINT, SIGTERM or `quit`. Returns the exit status: 1 if a part did not start."""
        self._reactor.addSystemEventTrigger("before", "shutdown", lambda: ensureDeferred(self._stop()))
        self._reactor.callWhenRunning(self._hear_signals)
        self._reactor.callWhenRunning(self._keep_logs_short)
        self._reactor.callWhenRunning(lambda: ensureDeferred(self._start()).addErrback(self._give_up))
        self._reactor.run()
        return self.exit_status

    def _hear_signals(self) -> None:
        """Take the reactor's signals over: it fails on the second one of an impatient person."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._reactor.callFromThread(self._end))

    def _end(self) -> None:
        if not self._is_told_to_stop:
            self._is_told_to_stop = True
            self._reactor.stop()

    def _keep_logs_short(self) -> None:
        looking = LoopingCall(self._rotate_logs)
        looking.clock = self._reactor
        looking.start(_BETWEEN_LOOKS_AT_LOGS)

    def _rotate_logs(self) -> None:
        try:
            rotate_all(self._site.state)
        except OSError as trouble:
            self._say("logs", f"cannot be kept short: {trouble}")

    async def _start(self) -> None:
        offered = offered_servers()
        self._listen()
        for server in self._wish.servers:
            if server in offered:
                self._say(server, "named by the settings: used as it is")
        servers = [SERVERS[name](self._site) for name in self._wish.servers if name not in offered]
        await self._supervisor.start_stage(servers)
        if self._wish.programs:
            await self._migrate()
            settings = {**self._settings, "PONCTUEL_ENV_FILE": os.devnull}
            await self._supervisor.start_stage(
                [
                    programs.prepare(self._site, name, settings)
                    for name in programs.parts_of(self._site, self._wish.programs)
                ]
            )
        write_env_file(self._wish.env_file, self._settings)
        self._say("up", f"ready; settings in {self._wish.env_file}; Ctrl-C stops everything")

    async def _migrate(self) -> None:
        """Let the owner bring the schema up to date. Not interrupted: a signal waits for its end."""
        self._say("migrations", "running")
        log = self._site.log("migrations")
        try:
            await deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self._run_migrations, log)
        except subprocess.CalledProcessError as error:
            raise PartFailedError(f"migrations ended with status {error.returncode}, see {log}") from error

    def _run_migrations(self, log: Path) -> None:
        with log.open("ab") as out:
            subprocess.run(
                on_machine([sys.executable, "-m", "homecare.kernel.migrate"], told=False),
                env={**os.environ, **self._settings, "PONCTUEL_ENV_FILE": os.devnull},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=True,
            )

    def _listen(self) -> None:
        path = self._site.state / SOCKET
        path.unlink(missing_ok=True)
        commands = {
            "status": self._supervisor.answer_status,
            "start": self._supervisor.answer_start,
            "stop": self._supervisor.answer_stop,
            "kill": self._supervisor.answer_kill,
            "device": self._answer_device,
            "cores": self._answer_cores,
            "quit": self._answer_quit,
        }
        self._reactor.listenUNIX(str(path), ControlFactory(commands), mode=0o600)

    async def _answer_device(self, name: str) -> Answer:
        """Give a device its MQTT password, and make it known to a running Mosquitto."""
        if mosquitto.NAME in offered_servers():
            raise CommandError("this Mosquitto is not ours: its own administrator registers devices")
        known = name in self._site.choices.devices
        try:
            password = self._site.choices.device_password(name)
            if not known:
                await self._register(name)
        except (ValueError, NotReadyError) as error:
            raise CommandError(str(error)) from error
        return {"user": name, "password": password}

    async def _answer_cores(self, _: str) -> Answer:
        """Say in which settings each core differs from the file: for whoever runs the cores by themselves."""
        second = [programs.second_core(self._site.choices.ports)] if self._site.cores > 1 else []
        return {"cores": [{}, *second]}

    async def _register(self, name: str) -> None:
        broker = self._supervisor.keepers.get(mosquitto.NAME)
        pid = broker.pid if broker is not None and broker.state is State.READY else None
        await deferToThreadPool(
            self._reactor,
            self._reactor.getThreadPool(),
            lambda: mosquitto.register(self._site, name, pid=pid),
        )

    async def _answer_quit(self, _: str) -> Answer:
        self._reactor.callLater(0, self._end)
        return {}

    def _give_up(self, failure: Failure) -> None:
        if self._is_stopping:
            return  # what was still starting when we were told to stop
        self.exit_status = 1
        if isinstance(failure.value, _REFUSALS):
            self._say("up", f"failed: {failure.value}")
        else:
            _log.failure("Starting broke down", failure)
        self._end()

    async def _stop(self) -> None:
        self._is_stopping = True
        self._say("up", "stopping")
        remove_env_file(self._wish.env_file)
        await self._supervisor.stop()

    def _say(self, part: str, message: str) -> None:
        print(f"{time.monotonic() - self._started:6.1f} s  {part:<12} {message}", flush=True)
