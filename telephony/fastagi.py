"""FastAGI on Twisted: one TCP connection a call, opened by Asterisk's dialplan.

A connection starts with the request's headers and an empty line; then we send commands, one at a time, and
Asterisk replies. The server knows no dialogue: it hands each call to `answer`. What breaks the wire's rules
is cut off, and the dialplan goes on by itself.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, cast, override

import structlog
from twisted.application.service import Service
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, DeferredList, fail, maybeDeferred
from twisted.internet.interfaces import IAddress, IListeningPort, ITCPTransport
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from telephony.agi_wire import LONGEST_LINE, MOST_HEADERS, Reply, WireError, read_header, read_reply
from telephony.channel import Channel, LineGoneError
from telephony.deadline import TooLateError, within
from telephony.reactor import IReactor

HEADER_SECONDS = 5.0
"""A peer that has not said what it wants by then is no Asterisk."""
GRACE_SECONDS = 3.0
"""What calls get to end when the server stops."""
MOST_CALLS = 1000

log = structlog.get_logger(__name__)


type Answer = Callable[[Channel], Coroutine[Deferred[Any], Any, None]]


class AgiConnection(LineReceiver):
    """One call's connection: headers first, then replies to our commands in order."""

    delimiter = b"\n"
    MAX_LENGTH = LONGEST_LINE
    transport: ITCPTransport

    def __init__(self, server: "FastAgiServer") -> None:
        """`server` is told when the request is complete."""
        self._server = server
        self._headers: dict[str, str] = {}
        self._in_headers = True
        self._waiting: Deferred[Reply] | None = None
        self._open = False

    @override
    def connectionMade(self) -> None:
        self._open = True
        self.transport.setTcpNoDelay(True)
        self._patience = self._server.reactor.callLater(HEADER_SECONDS, self._give_up, "no request")

    @override
    def lineReceived(self, line: bytes) -> None:
        if not self._open:
            return  # given up: what else has come in the same packet is not read any more
        text = line.decode("utf-8", "replace").rstrip("\r")
        try:
            if self._in_headers:
                self._take_header(text)
            else:
                self._take_reply(text)
        except WireError as error:
            self._give_up(str(error))

    @override
    def lineLengthExceeded(self, line: bytes) -> None:
        self._give_up("line too long")

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._open = False
        self._calm()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.errback(LineGoneError())

    def send(self, command: bytes) -> Deferred[Reply]:
        """Send one command. Fails with LineGoneError when the connection is or gets lost."""
        if not self._open:
            return fail(LineGoneError())
        if self._waiting is not None:
            raise RuntimeError("a command is already under way")
        self._waiting = Deferred()
        self.transport.write(command)
        return self._waiting

    def close(self) -> None:
        """Leave the channel to the dialplan."""
        self.transport.loseConnection()

    def _take_header(self, text: str) -> None:
        if text:
            name, value = read_header(text)
            if name in self._headers or len(self._headers) >= MOST_HEADERS:
                raise WireError("header given twice, or too many of them")
            self._headers[name] = value
            return
        self._in_headers = False
        self._calm()
        self._server.take_call(self, self._headers)

    def _take_reply(self, text: str) -> None:
        if text.startswith("HANGUP"):  # the caller is gone; the next command that needs the line will say so
            return
        reply = read_reply(text)
        if reply is None:
            return
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            raise WireError("a reply to no command")
        waiting.callback(reply)

    def _give_up(self, why: str) -> None:
        log.warning("agi.cut_off", why=why)
        self._open = False
        self._calm()
        self.transport.abortConnection()

    def _calm(self) -> None:
        if self._patience.active():
            self._patience.cancel()


class _Connections(ServerFactory[AgiConnection]):
    noisy = False

    def __init__(self, server: "FastAgiServer") -> None:
        self._server = server

    @override
    def buildProtocol(self, addr: IAddress | None) -> AgiConnection:
        return AgiConnection(self._server)


class FastAgiServer(Service):
    """Listens for calls and has each of them answered, until the service stops."""

    def __init__(self, reactor: IReactor, *, interface: str, port: int, answer: Answer) -> None:
        """`answer` talks with the caller; when it returns or fails the call goes back to the dialplan."""
        self.reactor = reactor
        self._interface = interface
        self._port = port
        self._answer = answer
        self._listening: IListeningPort | None = None
        self._calls: set[Deferred[None]] = set()

    @property
    def port(self) -> int:
        """The port listened on (the one chosen by the system when 0 was asked for)."""
        if self._listening is None:
            raise RuntimeError("not started")
        return int(cast("IPv4Address", self._listening.getHost()).port)

    @property
    def live(self) -> int:
        """How many calls are being answered."""
        return len(self._calls)

    @override
    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        factory: Any = _Connections(self)  # Twisted's own annotation of listenTCP refuses its factories
        self._listening = self.reactor.listenTCP(self._port, factory, backlog=500, interface=self._interface)

    @override
    def stopService(self) -> Deferred[None]:
        """Stop listening, let calls end for a moment, leave the others to the dialplan."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        if self._listening is not None:
            await maybeDeferred(self._listening.stopListening)
        try:
            await within(GRACE_SECONDS, DeferredList(list(self._calls)), reactor=self.reactor)
        except TooLateError:
            log.warning("agi.calls_cut", live=self.live)

    def take_call(self, connection: AgiConnection, headers: Mapping[str, str]) -> None:
        """Have a call answered, whose request is complete."""
        if len(self._calls) >= MOST_CALLS:
            log.warning("agi.too_many_calls", live=len(self._calls))
            connection.close()
            return
        call = Deferred.fromCoroutine(self._serve(connection, Channel(headers, connection.send)))
        if not call.called:
            self._calls.add(call)
            call.addBoth(self._forget, call)

    async def _serve(self, connection: AgiConnection, channel: Channel) -> None:
        try:
            await self._answer(channel)
        except LineGoneError:
            pass
        except Exception:
            log.exception("agi.call_failed", call=channel.reference)
        finally:
            connection.close()

    def _forget(self, result: None, call: Deferred[None]) -> None:
        self._calls.discard(call)
        return result
