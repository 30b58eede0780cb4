"""Telephones that check in over HTTP through the front, each punch until it has a final answer."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from simulators.faults.agency import Agency, Person
from simulators.faults.journal import Intent, Journal

CHANNEL = "qr"
PATIENCE = 5.0
_TAKEN = {HTTPStatus.CREATED: "stored", HTTPStatus.OK: "duplicate", HTTPStatus.ACCEPTED: "kept"}
_PAUSE_SECONDS = 0.1
_MOST_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """A check-in as it is posted, again and again the same."""

    person: Person
    key: str
    message: dict[str, object]
    intent: Intent

    @property
    def ref(self) -> str:
        """Its identity in the core."""
        return f"{self.person.worker}/{self.key}"


class Phones:
    """Several telephones, each in its thread. `skew` is by how many seconds all of their clocks are off."""

    def __init__(self, agency: Agency, journal: Journal, door: str, *, seed: int, every: float) -> None:
        """Post to `door` (a URL); each telephone makes a punch `every` so many seconds."""
        address = urlsplit(door)
        self._host, self._port = address.hostname or "", address.port
        self._agency = agency
        self._journal = journal
        self._every = every
        self._over = threading.Event()
        self._gone = threading.Event()
        self._threads = [
            threading.Thread(target=self._punch_on, args=(person, random.Random(f"{seed}/{person.line}")))
            for person in agency.people
        ]
        self.skew = 0.0
        self.unanswered = 0
        self.given_up = 0
        self.sent: list[Sending] = []
        """The latest that were acknowledged as stored."""

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, within: float) -> None:
        """Make no more; wait so many seconds for the answer to each one's last punch, then give up."""
        self._over.set()
        until = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._gone.set()
        for thread in self._threads:
            thread.join()

    def prepare(self, person: Person, *, ago: float = 0.0) -> Sending:
        """Return a new check-in of this person, made `ago` seconds before now."""
        at = round(time.time() + self.skew - ago, 3)
        key = uuid4().hex
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        message: dict[str, object] = {"v": 1, "at": moment, "qr": person.qr_token, "place": "unknown"}
        where: list[object] = ["qr", person.qr_token]
        intent = Intent(CHANNEL, f"{person.worker}/{key}", at, where, ["worker", int(person.worker)])
        return Sending(person, key, message, intent)

    def deliver(self, sending: Sending) -> str:
        """Write the intent down, post until there is a final answer, write that down; return it."""
        self._journal.intend(sending.intent)
        while True:
            try:
                status = self.post(sending.message, session=sending.person.session, key=sending.key)
            except OSError:
                status = 0
            if status in _TAKEN:
                answer = _TAKEN[HTTPStatus(status)]
                self._journal.acknowledge(CHANNEL, sending.ref, answer)
                if answer == "stored":
                    self.sent = [*self.sent[-_MOST_REMEMBERED:], sending]
                return answer
            if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._journal.refuse(sending.ref, str(status))
                return str(status)
            self.unanswered += 1
            if self._gone.wait(_PAUSE_SECONDS):
                self.given_up += 1
                return "no answer"

    def post(self, message: dict[str, object], *, session: str, key: str) -> int:
        """Post once and return the status. Raises OSError without an answer."""
        link = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers["Cookie"] = f"ponctuel_session={session}"
        try:
            link.request("POST", "/punch", json.dumps(message).encode(), headers)
            answer = link.getresponse()
            answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            link.close()
        return answer.status

    def _punch_on(self, person: Person, chance: random.Random) -> None:
        while not self._over.wait(chance.uniform(0.5, 1.5) * self._every):
            self.deliver(self.prepare(person))
