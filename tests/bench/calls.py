"""Calls without their sound: a peer speaks FastAGI as Asterisk does, and answers every command at once.

The ceiling of our side of a call (dialogue, look-ups, durable punch). Real calls over SIP last their seconds
and are bounded by Asterisk; `simulators.handset` places those.
"""

import socket
import threading
import time
import uuid

from tests.bench.agency import CALLED, Person
from tests.supervised import Supervised


def per_second(core: Supervised, people: list[Person], seconds: float) -> float:
    """Return how many calls a second ended with PONCTUEL_DONE, that is with a stored punch."""
    done = [0] * len(people)
    began = time.monotonic()
    threads = [
        threading.Thread(target=_call_until, args=(core, person, began + seconds, done, number))
        for number, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - began)


def _call_until(core: Supervised, person: Person, until: float, done: list[int], number: int) -> None:
    while time.monotonic() < until:
        done[number] += _call(core, person)


def _call(core: Supervised, person: Person) -> bool:
    """Place one call and key the code; return whether the core said that it is done."""
    answered_at = int(next(person.times).timestamp())
    headers = {
        "agi_request": "agi://core/punch",
        "agi_channel": "PJSIP/bench",
        "agi_uniqueid": f"bench-{uuid.uuid4().hex}",
        "agi_callerid": person.home.line,
        "agi_callingpres": "0",
        "agi_extension": CALLED,
        "agi_arg_1": str(answered_at),
        "agi_arg_2": "/srv/prompts",
        "agi_arg_3": "/srv/notes",
    }
    address = (core.settings.fastagi_host, core.settings.fastagi_port)
    with socket.create_connection(address, timeout=30) as link, link.makefile("rwb", buffering=0) as stream:
        stream.write("".join(f"{key}: {value}\n" for key, value in headers.items()).encode() + b"\n")
        done = keyed = False
        for raw in stream:
            command = raw.decode()
            if command.startswith('SET VARIABLE "PONCTUEL_DONE"') or "PONCTUEL_DONE" in command:
                done = True
            reply = b"200 result=0 endpos=8000\n"
            if command.startswith("GET DATA"):
                reply = f"200 result={'' if keyed else person.code}\n".encode()
                keyed = True
            stream.write(reply)
            if command.startswith("HANGUP"):
                break
        return done
