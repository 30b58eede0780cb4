"""Supervision as a program of its own: says what it sees as JSON lines, obeys lines from standard input."""

import json
import sys
from typing import Any, override

from twisted.internet import reactor as installed
from twisted.internet.protocol import connectionDone
from twisted.internet.stdio import StandardIO
from twisted.internet.task import LoopingCall
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from telephony.ami import CallBegan, CallEnded, CallEvent, OutgoingCall, Supervision
from telephony.ami_link import Address

reactor: Any = installed


def say(what: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, **more}) + "\n")
    sys.stdout.flush()


def tell(event: CallEvent) -> None:
    if isinstance(event, CallBegan):
        say("began", reference=event.call.reference, channel=event.call.channel)
    elif isinstance(event, CallEnded):
        say("ended", reference=event.reference)


class Orders(LineOnlyReceiver):
    delimiter = b"\n"

    def __init__(self, supervision: Supervision) -> None:
        self._supervision = supervision

    @override
    def lineReceived(self, line: bytes) -> None:
        order, argument = json.loads(line)
        if order == "hang_up":
            done = self._supervision.hang_up(argument)
        else:
            done = self._supervision.place(OutgoingCall(argument, "from-operator", "+33801020304", "x", 1.0))
        done.addCallbacks(
            lambda _: say("done", order=order), lambda failure: say("failed", why=str(failure.value))
        )

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        reactor.stop()


def main(port: str, user: str, secret: str) -> None:
    supervision = Supervision(Address("127.0.0.1", int(port), user, secret), reactor=reactor, tell=tell)
    seen: list[tuple[bool, int]] = []

    def look() -> None:
        now = (supervision.health.up, supervision.health.live_calls)
        if seen[-1:] != [now]:
            seen.append(now)
            say("health", up=now[0], live=now[1])

    supervision.startService()
    reactor.addSystemEventTrigger("before", "shutdown", supervision.stopService)
    LoopingCall(look).start(0.05)
    StandardIO(Orders(supervision))
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
