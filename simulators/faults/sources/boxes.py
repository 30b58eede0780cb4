"""Boxes at homes: the punches that the core does not answer are sent again, over MQTT."""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from simulators.faults.agency import Agency, Person
from simulators.faults.journal import Intent, Journal
from simulators.mqtt_box.box import Answer, Box

CHANNEL = "box"
_REFUSED = ("refused", "conflict")


class Boxes:
    """One box for each of these people, each with its memory in `folder`. `skew`: seconds of their clocks."""

    def __init__(
        self,
        agency: Agency,
        journal: Journal,
        people: list[Person],
        *,
        folder: Path,
        seed: int,
        every: float,
        make: Callable[..., Box] = Box,
    ) -> None:
        """Each box makes a punch `every` so many seconds."""
        self._journal = journal
        self._every = every
        self._over = threading.Event()
        self.skew = 0.0
        self._boxes = [
            make(
                person.device,
                organisation=str(agency.organisation),
                password=person.password,
                memory=folder / person.device,
                on_answer=partial(self._answered, person.device),
            )
            for person in people
        ]
        self._threads = [
            threading.Thread(
                target=self._punch_on, args=(box, person, random.Random(f"{seed}/{person.device}"))
            )
            for box, person in zip(self._boxes, people, strict=True)
        ]

    def start(self, host: str, port: int) -> None:
        """Plug them in."""
        for box in self._boxes:
            box.start(host, port)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Make no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def waiting(self) -> int:
        """How many punches have no answer."""
        return sum(box.waiting for box in self._boxes)

    def unplug(self) -> None:
        """Let the boxes end."""
        for box in self._boxes:
            box.stop()

    def _answered(self, device: str, ref: str, answer: Answer) -> None:
        if answer.status in _REFUSED:
            self._journal.refuse(f"{device}/{ref}", answer.status)
        else:
            self._journal.acknowledge(CHANNEL, f"{device}/{ref}", answer.status)

    def _punch_on(self, box: Box, person: Person, chance: random.Random) -> None:
        while not self._over.wait(chance.uniform(0.5, 1.5) * self._every):
            at, ref = round(time.time() + self.skew, 3), uuid4().hex
            where: list[object] = ["device", person.device]
            self._journal.intend(
                Intent(CHANNEL, f"{person.device}/{ref}", at, where, ["badge", person.badge])
            )
            box.punch(at=datetime.fromtimestamp(at, UTC), badge=person.badge, ref=ref)
