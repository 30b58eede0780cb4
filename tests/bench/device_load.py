"""Devices that come back with full spools, in a process of its own: `python -m tests.bench.device_load`.

Speaks MQTT 5 by itself, packet by packet, so that a library's cost is not measured with the core's. Each
device does as a gateway does (`nfc_gateway.courier`): its session outlives the connection, it has so many
punches on their way, and the next one leaves when one of these is answered: by the core, or, where the core's
place is taken by somebody who only counts, by the broker. What a spool costs a device is not counted here:
on this one machine it would be counted against the core.

Told on standard input, it prints `ready` once every device is connected, begins when it reads a line, and
prints how many were answered as stored, and in how many seconds.
"""

import json
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

PATIENCE = 60.0
"""Seconds without a word from the broker after which a run has failed."""
_SESSION_SECONDS = 600
_CONNACK, _PUBLISH, _PUBACK, _SUBACK = 0x20, 0x30, 0x40, 0x90


@dataclass(frozen=True, slots=True)
class DeviceOrder:
    """One device: who it is at the broker, where it speaks and is answered, and what waits in its spool."""

    name: str
    password: str
    punch_topic: str
    ack_topic: str
    punches: list[str]


@dataclass(frozen=True, slots=True)
class Order:
    """What to do. `by_core`: whether the core answers, or nobody but the broker does."""

    host: str
    port: int
    window: int
    by_core: bool
    devices: list[DeviceOrder]


def write_order(order: Order) -> str:
    """Return an order as this program reads it, in one line."""
    return json.dumps(asdict(order))


def read_order(line: str) -> Order:
    """Return what `write_order` wrote."""
    fields = json.loads(line)
    return Order(**fields | {"devices": [DeviceOrder(**one) for one in fields["devices"]]})


class Device:
    """One connection. `stored` counts the core's answers of that word, `answered` what lets one more go."""

    def __init__(self, order: Order, device: DeviceOrder) -> None:
        """Connect and subscribe to the answers."""
        self._by_core = order.by_core
        self._window = order.window
        self._waiting = iter(device.punches)
        self._topic = _text(device.punch_topic)
        self._packet = 0
        self.answered = self.stored = 0
        self.link = socket.create_connection((order.host, order.port), timeout=PATIENCE)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""
        properties = b"\x11" + struct.pack(">I", _SESSION_SECONDS)
        hello = _text("MQTT") + b"\x05\xc2" + struct.pack(">H", 60) + _length(len(properties)) + properties
        hello += _text(device.name) + _text(device.name) + _text(device.password)
        self.link.sendall(_packed(0x10, hello))
        self._expect(_CONNACK)
        self.link.sendall(_packed(0x82, b"\x00\x01\x00" + _text(device.ack_topic) + b"\x01"))
        self._expect(_SUBACK)

    def begin(self) -> None:
        """Send the first window."""
        self.link.sendall(b"".join(self._publish(self._window)))

    def take(self) -> None:
        """Read what came, answer it, send as many more as were let go."""
        replies: list[bytes] = []
        freed = 0
        for head, body in self._packets():
            kind = head & 0xF0
            if kind == _PUBACK:
                if len(body) > 2 and body[2] >= 0x80:
                    raise RuntimeError(f"the broker refused a punch: {body[2]:#x}")
                freed += not self._by_core
            elif kind == _PUBLISH:
                number, payload = _read_publish(head, body)
                if number:
                    replies.append(b"\x40\x02" + number)
                self.stored += json.loads(payload)["status"] == "stored"
                freed += self._by_core
        self.answered += freed
        replies += self._publish(freed)
        if replies:
            self.link.sendall(b"".join(replies))

    def _publish(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            punch = next(self._waiting, None)
            if punch is None:
                return
            self._packet = self._packet % 0xFFFF + 1
            body = self._topic + struct.pack(">H", self._packet) + b"\x00" + punch.encode()
            yield _packed(_PUBLISH | 0x02, body)

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        got = self.link.recv(262_144)
        if not got:
            raise RuntimeError("the broker closed a connection")
        self._read += got
        start = 0
        while (found := _read_length(self._read, start + 1)) is not None:
            length, body = found
            if body + length > len(self._read):
                break
            yield self._read[start], self._read[body : body + length]
            start = body + length
        self._read = self._read[start:]

    def _expect(self, kind: int) -> None:
        while True:
            for head, body in self._packets():
                if head & 0xF0 == kind:
                    if body[-1] >= 0x80 if kind == _SUBACK else body[1] != 0:
                        raise RuntimeError(f"the broker refused: {body!r}")
                    return


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def _length(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def _packed(head: int, body: bytes) -> bytes:
    return bytes([head]) + _length(len(body)) + body


def _read_length(read: bytes, at: int) -> tuple[int, int] | None:
    """Return the number written at this place and the place after it; None when it is not all there."""
    number = shift = 0
    for place in range(at, min(at + 4, len(read))):
        number |= (read[place] & 0x7F) << shift
        if read[place] < 0x80:
            return number, place + 1
        shift += 7
    return None


def _read_publish(head: int, body: bytes) -> tuple[bytes, bytes]:
    """Return the packet's number, two bytes, or none of quality of service 0; and the payload."""
    topic_end = 2 + int.from_bytes(body[:2])
    number_end = topic_end + (2 if head & 0x06 else 0)
    properties = _read_length(body, number_end)
    if properties is None:
        raise ValueError("no properties")
    length, start = properties
    return body[topic_end:number_end], body[start + length :]


def drain(devices: list[Device], expected: int) -> float:
    """Empty every spool; return in how many seconds."""
    poll = select.epoll()
    by_number = {device.link.fileno(): device for device in devices}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    began = time.perf_counter()
    for device in devices:
        device.begin()
    while sum(device.answered for device in devices) < expected:
        ready = poll.poll(PATIENCE)
        if not ready:
            answered = sum(device.answered for device in devices)
            raise RuntimeError(f"nothing came for {PATIENCE:g} s: {answered} of {expected} answered")
        for number, _ in ready:
            by_number[number].take()
    return time.perf_counter() - began


def main() -> int:
    """Do what the order says."""
    order = read_order(sys.stdin.readline())
    devices = [Device(order, one) for one in order.devices]
    print("ready", flush=True)
    sys.stdin.readline()
    passed = drain(devices, sum(len(one.punches) for one in order.devices))
    stored = sum(device.stored for device in devices)
    print(json.dumps({"stored": stored, "seconds": passed}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
