"""Supervision of Asterisk: health, live calls, calls that we end or place.

Never part of the call flow: calls are served while the link is down.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import override

from twisted.application.service import Service
from twisted.internet.defer import Deferred

from telephony.ami_client import ManagerAction, Pack
from telephony.ami_link import Address, AmiLink
from telephony.reactor import IReactor
from telephony.ring import e164


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A channel that is up. `reference` is its unique id; `caller` is a stranger's word."""

    reference: str
    channel: str
    caller: str
    called: str


@dataclass(frozen=True, slots=True)
class CallBegan:
    """A channel came up."""

    call: LiveCall


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A channel is gone. `cause` is that of Q.850, 0 when unknown."""

    reference: str
    cause: int


@dataclass(frozen=True, slots=True)
class LineHeard:
    """One of our numbers, rung by us, has answered. `line` is what we called it; `is_voice`: it was heard."""

    line: str
    is_voice: bool


@dataclass(frozen=True, slots=True)
class OrderFailed:
    """A call that we placed towards `extension` was not answered: nobody there, busy, no such number."""

    context: str
    extension: str


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call to a number (E.164) that only rings was taken by a core."""

    called: str


type CallEvent = CallBegan | CallEnded | LineHeard | CallSeen | OrderFailed


@dataclass(frozen=True, slots=True)
class Health:
    """Whether Asterisk answers, and how many channels are up (as last known when it does not)."""

    up: bool
    live_calls: int


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A call that we place: `channel` is rung, then sent to `extension` of `context` in the dialplan."""

    channel: str
    context: str
    extension: str
    caller_id: str
    ring_seconds: float = 30.0
    variables: Mapping[str, str] = field(default_factory=dict)


class Supervision(Service):
    """Watches Asterisk from start to stop. `tell` gets calls that begin and end, in the reactor's thread."""

    def __init__(self, address: Address, *, reactor: IReactor, tell: Callable[[CallEvent], None]) -> None:
        self._tell = tell
        self._live: dict[str, LiveCall] = {}
        self._link = AmiLink(address, reactor=reactor, risen=self._take_stock, heard=self._on_event)

    @property
    def health(self) -> Health:
        """The state of the link now; it is at most a deadline old."""
        return Health(self._link.up, len(self._live))

    @property
    def live_calls(self) -> tuple[LiveCall, ...]:
        """The channels that are up."""
        return tuple(self._live.values())

    def hang_up(self, channel: str) -> Deferred[None]:
        """End a call. Fails with AmiError."""
        return self._link.ask(ManagerAction("Hangup", {"Channel": channel})).addCallback(lambda _: None)

    def place(self, call: OutgoingCall) -> Deferred[None]:
        """Place a call; answers when Asterisk has taken the order. Fails with AmiError."""
        order = ManagerAction(
            "Originate",
            {
                "Channel": call.channel,
                "Context": call.context,
                "Exten": call.extension,
                "Priority": "1",
                "CallerID": call.caller_id,
                "Timeout": str(round(call.ring_seconds * 1000)),
                "Async": "true",
            },
            call.variables,
        )
        return self._link.ask(order).addCallback(lambda _: None)

    @override
    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._link.start()

    @override
    def stopService(self) -> None:
        super().stopService()  # type: ignore[no-untyped-call]
        self._link.stop()

    def _take_stock(self) -> None:
        """What began and ended while the link was down was told by nobody: ask for the list."""
        listing = self._link.ask(ManagerAction("CoreShowChannels"))
        listing.addCallbacks(self._take_listing, lambda _: None)

    def _take_listing(self, packs: tuple[Pack, ...]) -> None:
        self._live = {
            call.reference: call for pack in packs if pack.name == "CoreShowChannel" for call in [_live(pack)]
        }

    def _on_event(self, pack: Pack) -> None:
        match pack.name:
            case "Newchannel":
                call = _live(pack)
                self._live[call.reference] = call
                self._tell(CallBegan(call))
            case "Hangup":
                reference, cause = pack.keys.get("Uniqueid", ""), pack.keys.get("Cause", "")
                self._live.pop(reference, None)
                self._tell(CallEnded(reference, int(cause) if cause.isascii() and cause.isdigit() else 0))
            case "OriginateResponse" if pack.keys.get("Response") == "Failure":
                self._tell(OrderFailed(pack.keys.get("Context", ""), pack.keys.get("Exten", "")))
            case "UserEvent" if pack.keys.get("UserEvent") == "LineCheck":
                line, heard = pack.keys.get("Line", ""), pack.keys.get("Heard", "")
                self._tell(LineHeard(line, is_voice=heard == "NOISE"))
            case "UserEvent" if pack.keys.get("UserEvent") == "CallSeen":
                self._tell(CallSeen(e164(pack.keys.get("Called", ""))))
            case _:
                pass


def _live(pack: Pack) -> LiveCall:
    return LiveCall(
        reference=pack.keys.get("Uniqueid", ""),
        channel=pack.keys.get("Channel", ""),
        caller=pack.keys.get("CallerIDNum", ""),
        called=pack.keys.get("Exten", ""),
    )
