"""Two legs for each call: who called, and the number's telephone. What one end does is told to the other."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.operator.wire import Message, NotSipError, read, write

type Address = tuple[str, int]

RINGING, OK, FIRST_REFUSAL = 180, 200, 300


@dataclass(slots=True)
class _Leg:
    """One dialogue with the exchange. `ours` and `theirs` are the parties as From and To name them."""

    call_id: str
    ours: str
    theirs: str
    target: str
    sequence: int = 1


@dataclass(slots=True)
class _Call:
    invite: Message
    called: _Leg
    caller: _Leg
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    is_up: bool = False


class Operator:
    """Serves `numbers`, which ring at `exchange`; others are unknown (404). `send` puts a datagram out."""

    def __init__(
        self, own: Address, exchange: Address, numbers: frozenset[str], send: Callable[[bytes, Address], None]
    ) -> None:
        """`own` is where we are reached."""
        self._own = f"{own[0]}:{own[1]}"
        self._exchange = exchange
        self._numbers = numbers
        self._send = send
        self._by_caller: dict[str, _Call] = {}
        self._by_called: dict[str, _Call] = {}
        self.carried = 0
        """How many calls were answered through us."""

    def take(self, data: bytes) -> None:
        """Take one datagram; what is no SIP is passed over."""
        try:
            message = read(data)
            call_id = message.one("Call-ID")
            if message.is_response:
                self._on_response(message, call_id)
            else:
                self._on_request(message, call_id)
        except NotSipError:
            return

    def _on_request(self, request: Message, call_id: str) -> None:
        match request.method:
            case "INVITE":
                self._on_invite(request, call_id)
            case "ACK":
                pass
            case "CANCEL" | "BYE":
                self._answer(request, "200 OK")
                self._on_end(request, call_id)
            case _:
                self._answer(request, "200 OK")

    def _on_invite(self, request: Message, call_id: str) -> None:
        if call_id in self._by_caller or call_id in self._by_called:
            return  # sent again, or a change of media that is not needed here
        if request.number not in self._numbers:
            self._answer(request, "404 Not Found")
            return
        host, port = self._exchange
        called = _Leg(
            call_id=f"{secrets.token_hex(8)}@{self._own}",
            ours=f"{_address_of(request.one('From'))};tag={secrets.token_hex(4)}",
            theirs=f"<sip:{request.number}@{host}:{port}>",
            target=f"sip:{request.number}@{host}:{port}",
        )
        call = _Call(request, called, _Leg(call_id, "", request.one("From"), _uri(request.one("Contact"))))
        self._by_caller[call_id] = self._by_called[called.call_id] = call
        self._answer(request, "100 Trying")
        self._ask(called, "INVITE", body=request.body)

    def _on_response(self, response: Message, call_id: str) -> None:
        call = self._by_called.get(call_id)
        if call is None or response.method != "INVITE":
            return
        status = response.status
        if status >= OK:
            call.called.theirs = response.one("To")
            if status < FIRST_REFUSAL:
                call.called.target = _uri(response.one("Contact"))
            # To a refusal it belongs to the INVITE's own transaction, to an answer it is one of its own.
            self._ask(call.called, "ACK", sequence=1, within="invite" if status >= FIRST_REFUSAL else "ack")
        if status == OK and not call.is_up:
            call.is_up = True
            self.carried += 1
            call.caller.ours = f"{call.invite.one('To')};tag={call.tag}"
            self._answer(call.invite, "200 OK", tag=call.tag, body=response.body)
        elif RINGING <= status < OK:
            self._answer(call.invite, "180 Ringing", tag=call.tag)
        elif status >= FIRST_REFUSAL:
            self._answer(call.invite, response.first.removeprefix("SIP/2.0 "), tag=call.tag)
            self._forget(call)

    def _on_end(self, request: Message, call_id: str) -> None:
        call = self._by_caller.get(call_id) or self._by_called.get(call_id)
        if call is None:
            return
        if request.method == "CANCEL":
            self._answer(call.invite, "487 Request Terminated", tag=call.tag)
            self._ask(call.called, "CANCEL", sequence=1, within="invite")
            return
        self._ask(call.caller if call_id == call.called.call_id else call.called, "BYE")
        self._forget(call)

    def _forget(self, call: _Call) -> None:
        self._by_caller.pop(call.caller.call_id, None)
        self._by_called.pop(call.called.call_id, None)

    def _answer(self, request: Message, status: str, *, tag: str = "", body: bytes = b"") -> None:
        to = request.one("To")
        if tag and "tag=" not in to:
            to = f"{to};tag={tag}"
        headers = [("Via", via) for via in request.all("Via")]
        headers += [("From", request.one("From")), ("To", to), ("Call-ID", request.one("Call-ID"))]
        headers += [("CSeq", request.one("CSeq")), ("Contact", f"<sip:{self._own}>")]
        if body:
            headers.append(("Content-Type", "application/sdp"))
        self._send(write(f"SIP/2.0 {status}", headers, body), self._exchange)

    def _ask(
        self, leg: _Leg, method: str, *, sequence: int | None = None, within: str = "", body: bytes = b""
    ) -> None:
        if sequence is None and method != "INVITE":
            leg.sequence += 1
        branch = within or method.lower()
        headers = [
            ("Via", f"SIP/2.0/UDP {self._own};branch=z9hG4bK-{leg.call_id[:16]}-{branch}"),
            ("Max-Forwards", "60"),
            ("From", leg.ours),
            ("To", leg.theirs),
            ("Call-ID", leg.call_id),
            ("CSeq", f"{sequence or leg.sequence} {method}"),
            ("Contact", f"<sip:{self._own}>"),
        ]
        if body:
            headers.append(("Content-Type", "application/sdp"))
        self._send(write(f"{method} {leg.target} SIP/2.0", headers, body), self._exchange)


def _address_of(party: str) -> str:
    return party.partition(">")[0] + ">"


def _uri(contact: str) -> str:
    return contact.partition("<")[2].partition(">")[0] or contact
