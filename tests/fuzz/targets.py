"""The readers of what strangers send. A target takes any bytes; whatever it raises is a fault of ours.

`SEEDS` are well-formed inputs: from them a fuzzer finds its way past the first check.
"""

import contextlib
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import override

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from homecare.kernel.errors import InvalidError
from mqtt_bridge import wire
from mqtt_bridge.claims import check_time
from nfc_gateway.reader import first_uri
from realtime.checkin_wire import read_check_in, read_key
from telephony.ami_client import Pack, make_client
from telephony.channel import Channel, LineGoneError
from telephony.fastagi import AgiConnection, FastAgiServer

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

type Target = Callable[[bytes], None]


class _Calls(FastAgiServer):
    """A server whose conversation goes through every command, and which hides no fault."""

    def __init__(self) -> None:
        self.faults: list[Failure] = []
        super().__init__(Clock(), interface="", port=0, answer=_talk)  # type: ignore[arg-type]

    @override
    def take_call(self, connection: AgiConnection, headers: Mapping[str, str]) -> None:
        call = Deferred.fromCoroutine(_talk(Channel(headers, connection.send)))
        call.addErrback(lambda failure: failure.trap(LineGoneError)).addErrback(self.faults.append)


async def _talk(channel: Channel) -> None:
    await channel.read(["code"], digits=6, seconds=5)
    await channel.read(["choice"], digits=1, seconds=5)
    await channel.record("note", seconds=5, silence=2)
    await channel.dial("PJSIP/duty", seconds=5, talk_seconds=60)
    await channel.set_variable("PONCTUEL_DONE", "1")
    await channel.hang_up()


class _Transport(StringTransport):
    def setTcpNoDelay(self, enabled: object) -> None:  # noqa: N802 - Twisted's name
        """Be a TCP connection."""


def agi(data: bytes) -> None:
    """Hear a connection to the telephone's port, to its end."""
    server = _Calls()
    connection = AgiConnection(server)
    connection.makeConnection(_Transport())  # type: ignore[no-untyped-call]
    connection.dataReceived(data)  # type: ignore[no-untyped-call]
    connection.connectionLost()
    for fault in server.faults:
        fault.raiseException()


class _Socket:
    """As much of a socket as the manager's client reads from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, size: int) -> bytes:
        piece, self._data = self._data[:size], self._data[size:]
        return piece

    def close(self) -> None:
        pass


def ami(data: bytes) -> None:
    """Hear Asterisk's manager until the connection ends; that it ended must be told."""
    lost: list[str] = []
    client = make_client(heard=_read_pack, lost=lost.append, silence_seconds=1)
    client._socket, client.finished = _Socket(data), threading.Event()  # noqa: SLF001 - instead of connecting
    client.listen()
    assert lost


def _read_pack(pack: Pack) -> None:
    assert all(isinstance(value, str) for value in pack.keys.values())


def mqtt(data: bytes) -> None:
    """Read a topic, a device's punch, status and the core's acknowledgement."""
    with contextlib.suppress(ValueError):
        wire.read_topic(data.decode("utf-8", "replace"))
    with contextlib.suppress(wire.WireError):
        check_time(wire.decode_punch(data), received_at=NOW)
    with contextlib.suppress(wire.WireError):
        wire.decode_status(data)
    with contextlib.suppress(wire.WireError):
        wire.decode_ack(data)


def check_in(data: bytes) -> None:
    """Read a phone's check-in, its key before the first line break; what is accepted is a claim."""
    key, _, body = data.partition(b"\n")
    with contextlib.suppress(InvalidError):
        read_key(key.decode("ascii", "replace"))
    with contextlib.suppress(InvalidError):
        read_check_in(body, key=key.decode("ascii", "replace"), received_at=NOW)


def ndef(data: bytes) -> None:
    """Read what a card holds."""
    first_uri(data)


TARGETS: dict[str, Target] = {"agi": agi, "ami": ami, "mqtt": mqtt, "check_in": check_in, "ndef": ndef}

SEEDS: dict[str, tuple[bytes, ...]] = {
    "agi": (
        (
            b"agi_request: agi://core/punch\nagi_uniqueid: a-1.1\nagi_callerid: +33155512345\n\n"
            b"200 result=49 endpos=8000\n200 result=123456\n200 result=50\n200 result=0 (timeout) endpos=9\n"
            b"200 result=1\n200 result=0\n200 result=1 (ANSWER)\n"
        ),
        b"agi_request: x\n\n520-Invalid command syntax.  Proper usage follows:\n520 End of usage.\nHANGUP\n",
        b"agi_request: x\n\n200 result=-1\n511 Command Not Permitted on a dead channel\n",
    ),
    "ami": (
        (
            b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\nMessage: accepted\r\n\r\n"
            b"Event: Newchannel\r\nChannel: PJSIP/a-1\r\nUniqueid: 1.1\r\nEventList: Complete\r\n\r\n"
        ),
        b"Asterisk Call Manager/11.0.0\r\nResponse: Error\r\nMessage: No\r\n\r\nNothing: known\r\n\r\n",
    ),
    "mqtt": (
        b'{"v":1,"ref":"r-1","at":"2026-11-24T07:58:12+01:00","tag":null,"badge":"04A1","edge":"arrival"}',
        b'{"status":"online","waiting":3,"reader":true}',
        b'{"v":1,"ref":"r-1","status":"refused","reason":"not-json"}',
        b"ponctuel/v1/1/box-0001/punch",
    ),
    "check_in": (
        b'0123456789abcdef\n{"v": 1, "at": "2026-11-24T08:00:03+01:00", "qr": "abc", "place": "inside"}',
        b'0123456789abcdef\n{"v":1,"at":"2026-11-24T07:00:00Z","home":12,"edge":"departure","beside":12}',
        b'short\n{"v":1,"at":"2026-11-24T08:00:03","tag":"04A2:B3","edge":null}',
    ),
    "ndef": (
        bytes.fromhex("d1011855") + b"\x04ponctuel.example/t/abcd",
        bytes.fromhex("91010255") + b"\x00a" + bytes.fromhex("510103 54026672".replace(" ", "")),
    ),
}
