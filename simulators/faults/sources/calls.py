"""Callers, as the core and the disk see them: Asterisk's side of FastAGI, and what its dialplan does next.

The dialplan's order is that of docker/asterisk/extensions.conf: the first core, then the second, then the
script that keeps the call. A call is acknowledged once the variable is set which the core sets after its
commit, or once the script has ended well: only then does a caller hear that the punch is taken or kept.
"""

import itertools
import random
import re
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from docker.rootfs.site import TEMPLATES
from simulators.faults.agency import Agency, Person
from simulators.faults.journal import Intent, Journal

CHANNEL = "phone"
_SCRIPT = TEMPLATES / "asterisk" / "keep-call"
_PATIENCE = 10.0
_KEY_ONE = ord("1")
_VARIABLE = re.compile(r'SET VARIABLE "?(PONCTUEL_\w+)"? "?([^"]*)"?')


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Where it turns to: the cores' FastAGI ports in order; folder and certificate of kept calls."""

    ports: tuple[int, ...]
    kept: Path
    certificate: Path


class Callers:
    """Several callers, each in its thread, one call after the other."""

    def __init__(
        self,
        agency: Agency,
        journal: Journal,
        people: list[Person],
        dialplan: Dialplan,
        *,
        tag: int,
        seed: int,
        every: float,
    ) -> None:
        """Each calls `every` so many seconds; `tag` makes the calls' identities those of this run."""
        self._agency = agency
        self._journal = journal
        self._dialplan = dialplan
        self._every = every
        self._tag = tag
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._call_on, args=(person, random.Random(f"{seed}/{person.line}/call")))
            for person in people
        ]
        self._stored: tuple[Person, str, int, str] | None = None

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Make no more calls, wait for those under way."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def keep_again(self) -> Path | None:
        """Keep a call that a core has stored, as if the dialplan had not heard of it; return its file."""
        if self._stored is None or not self._keep(*self._stored):
            return None
        return self._dialplan.kept / f"{self._stored[1]}.cms"

    def _keep(self, person: Person, reference: str, answered: int, entry: str) -> bool:
        """Run the dialplan's script on a call; return whether it says that the call is kept."""
        words = [
            f"answered={answered}",
            f"called={self._agency.called}",
            f"caller={person.line}",
            "presentation=allowed_not_screened",
            f"entry={entry}",
        ]
        kept, certificate = str(self._dialplan.kept), str(self._dialplan.certificate)
        ended = subprocess.run(  # noqa: S603 - the dialplan's own script
            ["/bin/sh", str(_SCRIPT), kept, certificate, reference, *words], check=False, capture_output=True
        )
        return ended.returncode == 0

    def call(self, person: Person) -> None:
        """Make one call from beginning to end."""
        answered = int(time.time())
        reference = f"faults{self._tag}-{answered}.{next(self._numbers)}"
        ref = f"{reference}-1"
        where: list[object] = ["line", person.line]
        self._journal.intend(Intent(CHANNEL, ref, float(answered), where, ["code", person.code_hash]))
        entry = ""
        for port in self._dialplan.ports:
            said = self._talk(port, person, reference, answered)
            if said.get("PONCTUEL_DONE") == "1":
                self._journal.acknowledge(CHANNEL, ref, "stored")
                self._stored = person, reference, answered, said["PONCTUEL_ENTRY"]
                return
            entry = said.get("PONCTUEL_ENTRY", "")
            if entry:
                break
        if self._keep(person, reference, answered, entry or f"1::{person.code}:"):
            self._journal.acknowledge(CHANNEL, ref, "kept")

    def _talk(self, port: int, person: Person, reference: str, answered: int) -> dict[str, str]:
        """Let one core drive the call; return the variables that it has set until either side ended it."""
        said: dict[str, str] = {}
        headers = {
            "network": "yes",
            "network_script": "punch",
            "uniqueid": reference,
            "callerid": person.line,
            "callingpres": "0",
            "extension": self._agency.called,
            "arg_1": str(answered),
            "arg_2": "/srv/prompts",
            "arg_3": "/srv/notes",
        }
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as link:
                asked = "".join(f"agi_{name}: {value}\n" for name, value in headers.items())
                link.sendall(f"{asked}\n".encode())
                with link.makefile("rb") as lines:
                    for raw in lines:
                        command = raw.decode(errors="replace").strip()
                        if found := _VARIABLE.match(command):
                            said[found[1]] = found[2]
                        if said.get("PONCTUEL_DONE") == "1" or command.startswith("HANGUP"):
                            break
                        link.sendall(_reply(command, person).encode())
        except OSError:
            pass
        return said

    def _call_on(self, person: Person, chance: random.Random) -> None:
        while not self._over.wait(chance.uniform(0.5, 1.5) * self._every):
            self.call(person)


def _reply(command: str, person: Person) -> str:
    if command.startswith("GET DATA"):
        return f"200 result={person.code}\n"
    if command.startswith("WAIT FOR DIGIT"):
        return f"200 result={_KEY_ONE}\n"
    return "200 result=0\n"
