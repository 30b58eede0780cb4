"""A coordinator who watches the live board: what its stream says, and when that arrived."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator

from simulators.phone_app.site import SignInRefusedError, Site

_AGAIN_SECONDS = 0.5
_SILENCE_SECONDS = 10.0  # the stream beats every two


class Listener:
    """Follows `/events` in a thread, opens it again when it ends. Instants are epoch seconds."""

    def __init__(
        self, site: Site, email: str, password: str, *, on_first_punch: Callable[[], None] = lambda: None
    ) -> None:
        """Sign in later, as somebody who may see the board. `on_first_punch` is called once, in a thread."""
        self._site = site
        self._on_first_punch = on_first_punch
        self._account = email, password
        self._over = threading.Event()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="board", daemon=True)
        self.heard: dict[tuple[str, int], float] = {}
        """When the board was first told of a thing: kind and id."""
        self.streams = 0

    def start(self, *, within: float) -> bool:
        """Open the stream. Return whether it is open after `within` seconds at most."""
        self._thread.start()
        return self._open.wait(within)

    def stop(self) -> None:
        """Listen no more."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join(_SILENCE_SECONDS + 1)

    def count(self, kind: str) -> int:
        """Return of how many things of this kind the board was told."""
        return sum(name == kind for name, _ in list(self.heard))

    def _follow(self) -> None:
        while not self._over.is_set():
            try:
                self._site.sign_in(*self._account)
                while not self._over.is_set() and self._listen():
                    pass
            except (OSError, http.client.HTTPException, SignInRefusedError, ValueError):
                pass
            self._over.wait(_AGAIN_SECONDS)

    def _listen(self) -> bool:
        """Follow one stream to its end; return whether the session was good for it."""
        connection = self._site.connect(patience=_SILENCE_SECONDS)
        try:
            headers = {"Cookie": self._site.cookies, "Accept": "text/event-stream"}
            connection.request("GET", "/events", headers=headers)
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                return False
            self.streams += 1
            self._open.set()
            for kind, data in _events(answer):
                if self._over.is_set():
                    break
                if "id" in data:
                    self._hear(kind, int(str(data["id"])))
        finally:
            connection.close()
        return True

    def _hear(self, kind: str, id_: int) -> None:
        if kind == "punch" and not self.count("punch"):
            self._on_first_punch()
        self.heard.setdefault((kind, id_), time.time())


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, dict[str, object]]]:
    kind = ""
    while line := answer.readline():
        name, _, value = line.decode().rstrip("\r\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)
