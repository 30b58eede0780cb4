"""The telephone: a queue of punches, signed, sent in order, each until it has a final answer."""

import re
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal
from uuid import uuid4

from simulators.phone_app.signer import Signer
from simulators.phone_app.site import SignInRefusedError, Site

type Place = Mapping[str, str | int]
"""One entry, `tag`, `qr` or `home`: the token of a tag or printed code, or the home chosen in the list."""

type Edge = Literal["arrival", "departure"]
type PlaceCheck = Literal["inside", "outside", "unknown"]

CREATED = HTTPStatus.CREATED
_STORED = {CREATED: "stored", HTTPStatus.OK: "duplicate", HTTPStatus.ACCEPTED: "kept"}
_FINAL = {
    **_STORED,
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.UNPROCESSABLE_ENTITY: "refused",
    HTTPStatus.FORBIDDEN: "refused",
}


_WORKER = re.compile(r'data-worker="(\d+)"')
_FORMS = re.compile(r'name="csrf" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """The core's final word on a punch. `sent_at` and `at` are epoch seconds; `message` is what is shown."""

    status: str
    message: str
    sent_at: float
    at: float


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A punch in the queue, as it was signed; `message` is what a telephone without key would send."""

    key: str
    message: Mapping[str, object]
    signed: tuple[str, str]
    lost_answers: int


class Phone:
    """One worker's telephone. Methods may be called from any thread."""

    def __init__(self, site: Site, *, email: str, password: str) -> None:
        """Know where the agency is and who holds the telephone; nothing is sent yet."""
        self._site = site
        self._email = email
        self._password = password
        self._signed_in = False
        self._signer = Signer()
        self._enrolled = False
        self._queue: deque[_Waiting] = deque()
        self._change = threading.Lock()
        self._sending = threading.Lock()
        self.has_network = True
        self.answers: dict[str, Answer] = {}

    @property
    def waiting(self) -> int:
        """How many punches have no final answer."""
        with self._change:
            return len(self._queue)

    def punch(
        self,
        place: Place,
        *,
        at: datetime,
        edge: Edge | None = None,
        place_check: PlaceCheck = "unknown",
        lost_answers: int = 0,
    ) -> str:
        """Take a gesture at this real instant into the queue and return its key; `sync` sends it.

        The answers to the first `lost_answers` sendings never reach the telephone: it sends again.
        """
        key = uuid4().hex
        message = {"v": 1, "at": at.isoformat(), **place, "edge": edge, "place": place_check}
        with self._change:
            signed = self._signer.entry(key, message, at=at.timestamp())
            self._queue.append(_Waiting(key, message, signed, lost_answers))
        return key

    def sync(self) -> int:
        """Send what waits, the oldest first, until the network or the core fails. Return how much is left."""
        with self._sending:
            while self.has_network and (punch := self._oldest()) is not None and self._send(punch):
                pass
        return self.waiting

    def sign_in(self) -> None:
        """Sign in before a punch needs it. Raises `SignInRefusedError`, or OSError without network."""
        with self._sending:
            if not self._signed_in:
                self._open_session()

    def _open_session(self) -> None:
        self._site.sign_in(self._email, self._password)
        self._signed_in = True
        if not self._enrolled:
            self._enrol()

    def _enrol(self) -> None:
        """Have the key registered, as the worker's page does when it opens for the first time."""
        page = self._site.get("/moi")
        worker, forms = _WORKER.search(page), _FORMS.search(page)
        if worker is None or forms is None:
            return
        sent = self._signer.enrolment(int(worker[1]))
        self._enrolled = self._site.post("/moi/telephone", sent, {"X-CSRFToken": forms[1]}).status == CREATED
        self._signer.see(time.time(), time.time())

    def _message(self, punch: _Waiting) -> Mapping[str, object]:
        if not self._enrolled:
            return punch.message
        text, signature = punch.signed
        return {"v": 2, "signed": text, "signature": signature, "sent": datetime.now(UTC).isoformat()}

    def _oldest(self) -> _Waiting | None:
        with self._change:
            return self._queue[0] if self._queue else None

    def _send(self, punch: _Waiting) -> bool:
        """Return whether the punch has left the queue."""
        try:
            if not self._signed_in:
                self._open_session()
            for _ in range(1 + punch.lost_answers):
                sent_at = time.time()
                reply = self._site.post("/punch", self._message(punch), {"Idempotency-Key": punch.key})
        except (OSError, SignInRefusedError):
            return False
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._signed_in = False
        status = _FINAL.get(HTTPStatus(reply.status))
        if status is None:
            return False
        with self._change:
            self._queue.popleft()
            message = str(reply.body.get("message", ""))
            self.answers[punch.key] = Answer(status, message, sent_at, time.time())
        return True
