"""What a phone or a board does over HTTP, with nothing but the standard library."""

import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from homecare.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: dict[str, object]


def post_punch(
    settings: Settings,
    message: object,
    *,
    session: str | None,
    key: str | None = None,
    headers: dict[str, str] | None = None,
) -> Reply:
    """Post a check-in as a phone does. `message` is sent as JSON unless it is bytes."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    request = urllib.request.Request(
        f"http://{settings.realtime_host}:{settings.realtime_port}/punch", data=body, method="POST"
    )
    sent = {"Content-Type": "application/json", "Idempotency-Key": key or uuid.uuid4().hex}
    if session is not None:
        sent["Cookie"] = f"ponctuel_session={session}"
    for name, value in (sent | (headers or {})).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return Reply(answer.status, json.load(answer))
    except urllib.error.HTTPError as refused:
        with refused:
            return Reply(refused.code, json.load(refused))


def health(settings: Settings) -> dict[str, object]:
    """Ask the core how it goes."""
    address = f"http://{settings.realtime_host}:{settings.realtime_port}/healthz"
    with urllib.request.urlopen(address, timeout=10) as answer:
        state: dict[str, object] = json.load(answer)
        return state


def check_in(**fields: object) -> dict[str, object]:
    """Return a valid check-in, now, with these fields over it."""
    return {"v": 1, "at": datetime.now(UTC).isoformat(), "place": "unknown", **fields}


class StreamRefusedError(Exception):
    """The stream was answered something else than 200."""


class OpenBoard:
    """A live stream read in the background: `(seconds, event, data)` of everything that came."""

    def __init__(self, settings: Settings, session: str, *, since: str | None = None) -> None:
        asked = "/events" if since is None else f"/events?since={urllib.parse.quote(since)}"
        self._link = http.client.HTTPConnection(settings.realtime_host, settings.realtime_port, timeout=30)
        self._link.request("GET", asked, headers={"Cookie": f"ponctuel_session={session}"})
        self._stream = self._link.getresponse()
        if self._stream.status != 200:
            self._link.close()
            self._stream.close()
            raise StreamRefusedError(self._stream.status)
        self.events: list[tuple[float, str, dict[str, object]]] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def close(self) -> None:
        """Leave the board."""
        if self._link.sock is not None:
            self._link.sock.shutdown(socket.SHUT_RDWR)
        self._reading.join(timeout=5)
        self._stream.close()
        self._link.close()

    def _read(self) -> None:
        kind = ""
        for raw in self._stream:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                self.events.append((time.monotonic(), kind, json.loads(line.removeprefix("data: "))))

    def saw(self, kind: str, id_: int | None = None) -> bool:
        """Tell whether such an event came."""
        return any(
            seen == kind and (id_ is None or data.get("id") == id_) for _, seen, data in list(self.events)
        )
