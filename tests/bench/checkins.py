"""Codes scanned with phones: HTTP check-ins, one connection a phone, each waiting for its receipt."""

import http.client
import json
import threading
import time
import uuid

from tests.bench.agency import Person
from tests.supervised import Supervised


def per_second(core: Supervised, people: list[Person], seconds: float) -> float:
    """Return how many check-ins a second were answered 201."""
    done = [0] * len(people)
    until = time.monotonic() + seconds
    phones = [
        threading.Thread(target=_phone, args=(core, person, until, done, number))
        for number, person in enumerate(people)
    ]
    began = time.monotonic()
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    return sum(done) / (time.monotonic() - began)


def _phone(core: Supervised, person: Person, until: float, done: list[int], number: int) -> None:
    link = http.client.HTTPConnection(core.settings.realtime_host, core.settings.realtime_port, timeout=30)
    while time.monotonic() < until:
        body = json.dumps({"v": 1, "at": next(person.times).isoformat(), "qr": person.home.qr_token})
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"ponctuel_session={person.session}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        link.request("POST", "/punch", body, headers)
        answer = link.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"answered {answer.status}")
        done[number] += 1
    link.close()
