"""Boxes at homes: workers hold their badge before them; what the core does not answer is sent again."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from simulators.day.ledger import Ledger, Sent
from simulators.day.model import Gesture
from simulators.mqtt_box.box import Box
from simulators.seed.keepsakes import PlacedDevice

_AGAIN_SECONDS = 0.4


class Boxes:
    """The boxes of one organisation, each with its memory in a folder."""

    def __init__(
        self,
        devices: Mapping[str, PlacedDevice],
        badges: Mapping[int, str],
        *,
        organisation: int,
        memory: Path,
        ledger: Ledger,
    ) -> None:
        """Take the boxes whose password is known."""
        memory.mkdir(parents=True, exist_ok=True)
        self._boxes = {
            name: Box(
                name,
                organisation=str(organisation),
                password=device.password,
                memory=memory / f"{name}.journal",
            )
            for name, device in devices.items()
            if name.startswith("box-") and device.password is not None
        }
        self._badges = badges
        self._ledger = ledger
        self._made: list[tuple[Gesture, Box, str, datetime]] = []

    @property
    def are_known(self) -> bool:
        """Whether there is a box at all."""
        return bool(self._boxes)

    def start(self, host: str, port: int) -> None:
        """Plug all of them in."""
        for box in self._boxes.values():
            box.start(host, port)

    def punch(self, gesture: Gesture) -> None:
        """Hold the worker's badge before the home's box; every second worker presses arrival or departure."""
        self._hold(gesture)
        if gesture.twice:
            time.sleep(_AGAIN_SECONDS)
            self._hold(gesture)

    @property
    def waiting(self) -> int:
        """How many punches have no answer yet."""
        return sum(box.waiting for box in self._boxes.values())

    @property
    def counts(self) -> tuple[int, int]:
        """How many punches were made, and how many of them have an answer."""
        return len(self._made), len(self._made) - self.waiting

    def finish(self, *, within: float) -> None:
        """Wait for the answers, write them down, unplug."""
        until = time.monotonic() + within
        for box in self._boxes.values():
            box.wait_until_answered(timeout=max(0.0, until - time.monotonic()))
        for gesture, box, ref, made in self._made:
            answer = box.answers.get(ref)
            instant = made.timestamp()
            status = None if answer is None else answer.status
            device = gesture.stop.device
            self._ledger.note(Sent(gesture, instant, instant, status, reference=f"{device}/{ref}"))
        for box in self._boxes.values():
            box.stop()

    def _hold(self, gesture: Gesture) -> None:
        box = self._boxes[gesture.stop.device or ""]
        made = datetime.now(UTC)
        edge = gesture.edge.value if gesture.stop.worker % 2 else None
        ref = box.punch(at=made, badge=self._badges[gesture.stop.worker], edge=edge)
        self._made.append((gesture, box, ref, made))
