"""Phones by the dozen, in a process of its own: `python -m tests.bench.checkin_load`, told on standard input.

Requests are made beforehand, so that this is never what is waited for. Each connection waits for its answer
before it sends the next. Closed loop: each sends at once. Open loop: each request has its instant, and its
delay is counted from that instant, also while no connection is free.
"""

import heapq
import json
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from statistics import quantiles

HEAD_END = b"\r\n\r\n"
PATIENCE = 30.0
"""Seconds without any answer after which an arm has failed."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in to send; `again` tells one that was sent before under the same key."""

    session: str
    key: str
    at: str
    qr: str

    def request(self, host: str) -> bytes:
        """Return what a phone writes."""
        body = json.dumps({"v": 1, "at": self.at, "qr": self.qr})
        return (
            f"POST /punch HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Cookie: ponctuel_session={self.session}\r\nIdempotency-Key: {self.key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


@dataclass(frozen=True, slots=True)
class Order:
    """What to do. `rate` a second, or None: as fast as `connections` go. Ends after `seconds`."""

    host: str
    port: int
    connections: int
    seconds: float
    check_ins: list[CheckIn]
    rate: float | None = None


@dataclass(slots=True)
class Outcome:
    """How many answers of each status in how many seconds, and the delays of those stored, in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)

    def report(self) -> str:
        """Return what `read_report` reads."""
        cut = quantiles(self.delays, n=100) if len(self.delays) > 1 else [0.0] * 99
        return json.dumps(
            {
                "seconds": self.seconds,
                "stored": self.statuses[HTTPStatus.CREATED],
                "again": self.statuses[HTTPStatus.OK],
                "others": self.statuses.total()
                - self.statuses[HTTPStatus.CREATED]
                - self.statuses[HTTPStatus.OK],
                "p50_ms": 1000 * cut[49],
                "p99_ms": 1000 * cut[98],
            }
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of this program printed."""

    seconds: float
    stored: int
    again: int
    others: int
    p50_ms: float
    p99_ms: float


def write_order(order: Order) -> str:
    """Return an order as this program reads it."""
    return json.dumps(asdict(order))


def read_order(text: str) -> Order:
    """Return what `write_order` wrote."""
    fields = json.loads(text)
    return Order(**fields | {"check_ins": [CheckIn(**one) for one in fields["check_ins"]]})


def read_report(text: str) -> Report:
    """Return what a run printed last."""
    return Report(**json.loads(text.splitlines()[-1]))


class Phones:
    """Connections that send requests and wait for their answers."""

    def __init__(self, order: Order) -> None:
        """Open the connections and make the requests."""
        self._order = order
        self._requests = deque(one.request(order.host) for one in order.check_ins)
        self._poll = select.epoll()
        self._links: dict[int, socket.socket] = {}
        self._free: list[int] = []
        self._sent: dict[int, float] = {}
        self._read: dict[int, bytes] = {}
        for _ in range(order.connections):
            link = socket.create_connection((order.host, order.port), timeout=PATIENCE)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._links[link.fileno()] = link
            self._poll.register(link.fileno(), select.EPOLLIN)
        self._free = list(self._links)

    def run(self) -> Outcome:
        """Send until the time is over, then wait for what is on its way."""
        order, outcome = self._order, Outcome()
        began = time.perf_counter()
        until, due, step = began + order.seconds, began, 0.0 if order.rate is None else 1 / order.rate
        waiting: list[float] = []
        while True:
            now = time.perf_counter()
            while order.rate is not None and due <= now and due < until:
                heapq.heappush(waiting, due)
                due += step
            if order.rate is None and now < until:
                waiting += [now] * (len(self._free) - len(waiting))
            while waiting and self._free and self._requests:
                self._send(heapq.heappop(waiting))
            if not self._requests:
                raise RuntimeError("too few requests were made beforehand")
            is_over = now >= until and not waiting
            if is_over and not self._sent:
                outcome.seconds = now - began
                return outcome
            patience = PATIENCE if is_over or order.rate is None else min(PATIENCE, max(0.0, due - now))
            self._take(outcome, self._poll.poll(patience))

    def _send(self, due: float) -> None:
        number = self._free.pop()
        self._sent[number] = due
        self._links[number].sendall(self._requests.popleft())

    def _take(self, outcome: Outcome, ready: Iterable[tuple[int, int]]) -> None:
        for number, _ in ready:
            got = self._links[number].recv(65536)
            if not got:
                raise RuntimeError("the server closed a connection")
            read = self._read.pop(number, b"") + got
            if not is_whole(read):
                self._read[number] = read
                continue
            status = int(read[9:12])
            outcome.statuses[status] += 1
            due = self._sent.pop(number)
            if status == HTTPStatus.CREATED:
                outcome.delays.append(time.perf_counter() - due)
            self._free.append(number)


def is_whole(answer: bytes) -> bool:
    """Tell whether this is the whole of one answer, by its length or its last chunk."""
    head, found, body = answer.partition(HEAD_END)
    if not found:
        return False
    _, found, length = head.lower().partition(b"\r\ncontent-length:")
    if found:
        return len(body) >= int(length.partition(b"\r\n")[0])
    return body.endswith(b"0\r\n\r\n")


def main() -> int:
    """Do what the order says and print the report."""
    print(Phones(read_order(sys.stdin.read())).run().report())
    return 0


if __name__ == "__main__":
    sys.exit(main())
