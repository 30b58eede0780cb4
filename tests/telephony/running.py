"""A core of the tests as a subprocess, and Asterisk's side of a call as a script."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.telephony.agency import CALLED, HOME_LINE, Setting, write_setting


class RunningCore:
    """A telephone that serves calls. `journal` is what calls have left behind, in order."""

    def __init__(self, setting: Setting, *, folder: Path, prompts: Path, port: int = 0) -> None:
        self._journal = folder / "journal"
        self._log = folder / "core.log"
        arguments = [str(port), str(prompts), str(self._journal), write_setting(setting)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "tests.telephony.core", *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said.startswith("ready "):
            self._end()
            raise AssertionError(f"instead of being ready: {said!r}; {self.log}")
        self.port = int(said.removeprefix("ready "))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def terminate(self) -> None:
        """Ask it to stop."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def _end(self) -> None:
        self.terminate()
        self._process.wait(timeout=20)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def forget(self) -> Self:
        """Start the journal afresh."""
        self._journal.unlink(missing_ok=True)
        return self

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def journal(self) -> list[dict[str, object]]:
        if not self._journal.exists():
            return []
        return [json.loads(line) for line in self._journal.read_text().splitlines()]

    def left(self, what: str) -> list[dict[str, object]]:
        """Return the entries of one kind."""
        return [entry for entry in self.journal if entry["what"] == what]


HEADERS = {
    "agi_network": "yes",
    "agi_network_script": "punch",
    "agi_uniqueid": "phone-1-1795527728.0",
    "agi_callerid": HOME_LINE,
    "agi_callingpres": "0",
    "agi_extension": CALLED,
    "agi_arg_1": "1795527728",
    "agi_arg_2": "/srv/prompts",
    "agi_arg_3": "/srv/notes",
}


class Peer:
    """What Asterisk does on one FastAGI connection, line by line."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def says(self, text: str | bytes) -> Self:
        self._socket.sendall(text if isinstance(text, bytes) else text.encode())
        return self

    def asks(self, **changed: str) -> Self:
        """Send the request, with some headers changed."""
        headers = HEADERS | {f"agi_{name}": value for name, value in changed.items()}
        return self.says("".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n")

    def hears(self) -> str:
        """Return the next command, empty when the connection was closed."""
        try:
            return self._lines.readline().decode().rstrip("\n")
        except ConnectionResetError:
            return ""

    def plays(self, *replies: str) -> list[str]:
        """Answer the next commands, one after the other; return them."""
        commands = []
        for reply in replies:
            commands.append(self.hears())
            self.says(f"{reply}\n")
        return commands

    def plays_on(self, reply: str = "200 result=0") -> list[str]:
        """Answer every further command in the same way; return them."""
        commands = []
        while command := self.hears():
            commands.append(command)
            self.says(f"{reply}\n")
        return commands
