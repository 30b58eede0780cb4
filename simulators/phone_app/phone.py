"""The telephone: a queue of punches, sent in order, each until it has a final answer."""

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from uuid import uuid4

from simulators.phone_app.site import SignInRefusedError, Site

type Place = Mapping[str, str | int]
"""One entry, `tag`, `qr` or `home`: the token of a tag or printed code, or the home chosen in the list."""

type Edge = Literal["arrival", "departure"]
type PlaceCheck = Literal["inside", "outside", "unknown"]

_STORED = {HTTPStatus.CREATED: "stored", HTTPStatus.OK: "duplicate", HTTPStatus.ACCEPTED: "kept"}
_FINAL = {
    **_STORED,
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.UNPROCESSABLE_ENTITY: "refused",
    HTTPStatus.FORBIDDEN: "refused",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The core's final word on a punch. `sent_at` and `at` are epoch seconds; `message` is what is shown."""

    status: str
    message: str
    sent_at: float
    at: float


@dataclass(frozen=True, slots=True)
class _Waiting:
    key: str
    message: Mapping[str, object]
    lost_answers: int


class Phone:
    """One worker's telephone. Methods may be called from any thread."""

    def __init__(self, site: Site, *, email: str, password: str) -> None:
        """Know where the agency is and who holds the telephone; nothing is sent yet."""
        self._site = site
        self._email = email
        self._password = password
        self._signed_in = False
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
            self._queue.append(_Waiting(key, message, lost_answers))
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
                reply = self._site.post("/punch", punch.message, {"Idempotency-Key": punch.key})
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
