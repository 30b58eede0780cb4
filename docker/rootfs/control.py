"""The control socket of a running `up`: one command a line, one JSON answer a line.

`status` · `start NAME` · `stop NAME` · `kill NAME` (as a crash would; it is started again) ·
`device NAME` (the MQTT password of a device, drawn if it is new) · `cores` (settings in which they differ) ·
`quit` (stop everything).
"""

import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from twisted.internet.defer import DeferredLock, ensureDeferred
from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

type Answer = Mapping[str, object]
type Command = Callable[[str], Awaitable[Answer]]

SOCKET = "control.sock"


class CommandError(Exception):
    """A command that cannot be carried out; the message is for the one who asked."""


class ControlFactory(Factory):
    """Answers with `commands`, one command at a time over all connections."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self.commands = commands
        self.turn = DeferredLock()

    def buildProtocol(self, addr: object) -> "ControlProtocol":  # noqa: N802, ARG002
        return ControlProtocol(self)


class ControlProtocol(LineReceiver):
    """One connection."""

    delimiter = b"\n"

    def __init__(self, factory: ControlFactory) -> None:
        self._commands = factory.commands
        self._turn = factory.turn

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        word, _, argument = line.decode(errors="replace").strip().partition(" ")
        asked = self._turn.run(lambda: ensureDeferred(self._carry_out(word, argument.strip())))
        asked.addCallbacks(self._answer, self._break_down)

    async def _carry_out(self, word: str, argument: str) -> Answer:
        command = self._commands.get(word)
        if command is None:
            return {"ok": False, "error": f"no command {word!r}; there are {', '.join(self._commands)}"}
        try:
            return {"ok": True, **await command(argument)}
        except CommandError as error:
            return {"ok": False, "error": str(error)}

    def _answer(self, answer: Answer) -> None:
        if self.transport is not None:
            self.transport.write(json.dumps(answer).encode() + self.delimiter)

    def _break_down(self, failure: Failure) -> Failure:
        if self.transport is not None:
            self.transport.loseConnection()
        return failure


def ask(state: Path, command: str, *, within: float = 60.0) -> dict[str, object]:
    """Send one command to the `up` of this state folder and return its answer.

    Blocks for `within` seconds at most. Raises OSError if none runs, or if it ends before it has answered.
    """
    with socket.socket(socket.AF_UNIX) as up:
        up.settimeout(within)
        up.connect(str(state / SOCKET))
        up.sendall(f"{command}\n".encode())
        with up.makefile() as answers:
            line = answers.readline()
    if not line:
        raise ConnectionResetError(f"{state}: ended before it answered")
    answer: dict[str, object] = json.loads(line)
    return answer
