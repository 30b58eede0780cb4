"""A board without a screen: what a page of the board does over HTTP, through the front, and nothing else.

It follows the stream, opens it again when it ends, and fetches the list after a gap and after every change.
"""

import http.client
import json
import re
import threading
from contextlib import suppress
from urllib.parse import urlsplit

AGAIN_SECONDS = 0.5
SILENCE_SECONDS = 10.0  # the stream beats every two
GATHER_SECONDS = 0.4
_ROW = re.compile(r'id="row-(\d+)" data-status="(\w+)"')

type Rows = dict[int, str]
"""The status of every visit that the list shows."""


class Watcher:
    """One open board of the person behind `session`."""

    def __init__(self, front_url: str, session: str) -> None:
        """Open the board later, with `start`."""
        address = urlsplit(front_url)
        self._address = address.hostname or "", address.port
        self._cookie = {"Cookie": f"ponctuel_session={session}"}
        self._over = threading.Event()
        self._changed = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._follow, self._refresh)]
        self.heard: set[tuple[str, int]] = set()
        """Kind and id of everything that the stream told."""
        self.streams = 0
        self.is_open = False
        self.rows: Rows = {}

    def start(self) -> None:
        """Open the board."""
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        """Close the board at the next beat; `stop` waits for it."""
        self._over.set()
        self._changed.set()

    def stop(self) -> None:
        """Wait until the board is closed."""
        self.leave()
        for thread in self._threads:
            thread.join(SILENCE_SECONDS + 1)

    def fetch(self) -> Rows:
        """Return the list as a board that is opened now shows it. Raises OSError or HTTPException."""
        link = http.client.HTTPConnection(*self._address, timeout=SILENCE_SECONDS)
        try:
            link.request("GET", "/tableau/liste", headers={**self._cookie, "HX-Request": "true"})
            answer = link.getresponse()
            page = answer.read().decode()
        finally:
            link.close()
        if answer.status != http.client.OK:
            raise OSError(answer.status)
        return {int(visit): status for visit, status in _ROW.findall(page)}

    def _refresh(self) -> None:
        while self._changed.wait() and not self._over.wait(GATHER_SECONDS):
            self._changed.clear()
            try:
                self.rows = self.fetch()
            except (OSError, http.client.HTTPException):
                continue  # the stream is down as well: what follows the gap fetches it

    def _follow(self) -> None:
        while not self._over.is_set():
            with suppress(OSError, http.client.HTTPException, ValueError):
                self._listen()
            self.is_open = False
            self._over.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        link = http.client.HTTPConnection(*self._address, timeout=SILENCE_SECONDS)
        try:
            link.request("GET", "/events", headers=self._cookie)
            answer = link.getresponse()
            if answer.status != http.client.OK:
                return
            self.streams += 1
            self.is_open = True
            self._changed.set()
            kind = ""
            while not self._over.is_set() and (line := answer.readline()):
                name, _, value = line.decode().rstrip("\r\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data" and kind != "beat":
                    self._hear(kind, json.loads(value))
        finally:
            link.close()

    def _hear(self, kind: str, data: dict[str, object]) -> None:
        if "id" in data:
            self.heard.add((kind, int(str(data["id"]))))
        self._changed.set()
