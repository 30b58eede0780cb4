"""Takes a server away in the middle of the day: `database:08:10:60s` stops PostgreSQL for 60 real seconds."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from docker.rootfs.control import ask
from homecare.kernel.calendar import paris_instant
from simulators.day.model import Outage
from simulators.day.tempo import Tempo

_SERVERS = {"database": "postgresql", "broker": "mosquitto", "core": "realtime", "web": "web"}
_FORM = re.compile(r"(?P<server>[a-z]+):(?P<at>\d\d:\d\d):(?P<seconds>\d+)s")
_WITHIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the running system stops, at which wall time of the day, for how many real seconds."""

    part: str
    at: time
    seconds: int

    def outage(self, day: date, tempo: Tempo) -> Outage:
        """Return when it is away, on the agency's clock."""
        begins_at = paris_instant(day, self.at)
        return Outage(self.part, begins_at, begins_at + tempo.shown(self.seconds))


def read_cut(text: str) -> Cut:
    """Read `server:HH:MM:SECONDSs`. Raises ValueError with what may be written instead."""
    found = _FORM.fullmatch(text)
    if found is None or found["server"] not in _SERVERS:
        raise ValueError(f"{text!r}: write for instance database:08:10:60s ({', '.join(_SERVERS)})")
    return Cut(_SERVERS[found["server"]], time.fromisoformat(found["at"]), int(found["seconds"]))


def perform_cut(cut: Cut, state: Path, *, say: Callable[[str], None], over: threading.Event) -> None:
    """Stop the part, wait, start it again, even when the day is given up meanwhile. Blocks."""
    say(f"coupure : {cut.part} est arrêté pour {cut.seconds} s")
    answer = ask(state, f"stop {cut.part}", within=_WITHIN_SECONDS)
    over.wait(cut.seconds)
    answer = ask(state, f"start {cut.part}", within=_WITHIN_SECONDS) if answer.get("ok") else answer
    say(f"coupure : {cut.part} est revenu" if answer.get("ok") else f"coupure : {answer.get('error')}")
