"""One running process of a part, known by a handle that no other process can ever answer to."""

import contextlib
import json
import os
import signal
from pathlib import Path

from twisted.internet.error import ProcessTerminated
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from docker.rootfs.once import Once
from docker.rootfs.part import Part
from docker.rootfs.reactor import IReactor
from docker.rootfs.sandbox import INFO_FD

_KILLED = 128


class Process(ProcessProtocol):
    """Starts a part when made. What it prints goes straight to the part's log, through no pipe of ours.

    bwrap stands between us and the part and passes no signal on: they go to the part itself, by a pidfd.
    """

    def __init__(self, part: Part, *, reactor: IReactor) -> None:
        """Start `part`. `reactor` gives processes and time."""
        self.pid: int | None = None
        self.ended = Once(reactor)
        self.how_it_ended = ""
        self.lived = 0.0
        self._reactor = reactor
        self._started = reactor.seconds()
        self._info = b""
        self._pidfd: int | None = None
        with part.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
            self._bwrap = reactor.spawnProcess(
                self,
                part.command[0],
                part.command,
                env={**os.environ, **part.env},
                childFDs={0: nothing.fileno(), 1: log.fileno(), 2: log.fileno(), INFO_FD: "r"},
            )

    def send(self, stop_signal: signal.Signals) -> None:
        """Send a signal to the part, once bwrap has told which process it is."""
        if self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, stop_signal)

    def kill(self) -> None:
        """Kill it and all its children: bwrap's death is theirs."""
        if not self.ended.happened:
            self._bwrap.signalProcess("KILL")

    def childDataReceived(self, childFD: int, data: bytes) -> None:  # noqa: ARG002, N802, N803
        """Bwrap says which process it started, as JSON, in one piece or several."""
        self._info += data
        with contextlib.suppress(json.JSONDecodeError):
            self.pid = int(json.loads(self._info)["child-pid"])
            with contextlib.suppress(ProcessLookupError):
                self._pidfd = os.pidfd_open(self.pid)

    def processEnded(self, reason: Failure) -> None:  # noqa: N802
        """Nothing of it is left."""
        self.how_it_ended = _say_how(reason)
        self.lived = self._reactor.seconds() - self._started
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self.pid = None
        self.ended.happen()


def _say_how(reason: Failure) -> str:
    ended = reason.value
    if not isinstance(ended, ProcessTerminated):
        return "ended"
    # bwrap tells that a signal ended its child by a status of 128 and the signal's number.
    number = ended.signal or (ended.exitCode or 0) - _KILLED
    return (
        f"was ended by {signal.Signals(number).name}" if number > 0 else f"ended with status {ended.exitCode}"
    )
