"""The faults. Each does its harm, holds it, heals it, and returns what shows that it had its effect.

One that had none raises `NoEffectError`; what does not come back afterwards raises `NotBackError`.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from simulators.faults.journal import Journal
from simulators.faults.load import Load
from simulators.faults.programs import NoEffectError, wait_for
from simulators.faults.rig import Rig
from simulators.faults.strangers import Strangers
from simulators.faults.wire import Harm, Wire

type Fault = Callable[[], str]

_AWAY_SECONDS = (2.0, 4.0)
_CUT_SECONDS = (0.5, 2.5)
_DELAY_SECONDS = 0.2
_SKEWS = (-48 * 3600.0, -3600.0, -90.0, 45.0, 240.0)
_SKEWED_SECONDS = 2.0
_ACKNOWLEDGED_WITHIN = 60.0
_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Drain:
    """A spool that emptied: so many claims in so many seconds after the database answered again."""

    claims: int
    seconds: float


@dataclass(slots=True)
class Figures:
    """What was measured beside."""

    first_acknowledgement: list[float] = field(default_factory=list)
    """Seconds from the database's first answer to the first punch acknowledged as committed."""
    drains: list[Drain] = field(default_factory=list)


class Faults:
    """All kinds of fault by name."""

    def __init__(self, rig: Rig, load: Load, journal: Journal, strangers: Strangers, *, seed: int) -> None:
        """Break `rig` under `load`."""
        self._rig = rig
        self._load = load
        self._journal = journal
        self._strangers = strangers
        self._chance = random.Random(f"{seed}/faults")
        self.figures = Figures()

    def kinds(self) -> Mapping[str, Fault]:
        """Return what can be done here."""
        kinds: dict[str, Fault] = {
            "core killed": self._kill_core,
            "both cores killed": lambda: ", ".join([core.program.kill() for core in self._rig.cores]),
            "database killed": self._kill_database,
            "connection's process killed": self._kill_backend,
            "database away": self._take_database_away,
            "broker killed": partial(self._rig.servers.kill, "mosquitto"),
            "front killed": partial(self._rig.servers.kill, "nginx"),
            "gateway killed": self._rig.gateway.kill,
            "database link harmed": partial(self._harm, self._rig.database_link),
            "broker link harmed": partial(self._harm, self._rig.broker_link),
            "homes' link harmed": partial(self._harm, self._rig.home_link),
            "clocks skewed": self._skew,
            "deliveries replayed": lambda: self._when_well(self._strangers.replay),
            "deliveries reordered": self._strangers.reorder,
            "forgeries": lambda: self._when_well(self._strangers.forge),
        }
        if all(core.disk.is_bounded for core in self._rig.cores):
            kinds["spool's disk full"] = self._fill_disks
        return kinds

    def shuffle(self, names: list[str]) -> list[str]:
        """Return all of these kinds in an order of chance."""
        return self._chance.sample(names, len(names))

    def choose(self, names: list[str]) -> str:
        """Return the next kind."""
        return self._chance.choice(names)

    def pause(self, most: float) -> float:
        """Return how many seconds to wait before the next fault."""
        return self._chance.uniform(0.0, most)

    def _when_well(self, act: Fault) -> str:
        self._rig.wait_until_well()
        try:
            return act()
        except OSError as error:  # the front is not back yet
            raise NoEffectError(str(error)) from error

    def _kill_core(self) -> str:
        return self._chance.choice(self._rig.cores).program.kill()

    def _kill_database(self) -> str:
        died = self._rig.servers.kill("postgresql")
        self._note_first_acknowledgement(self._rig.servers.wait_for_database())
        return died

    def _kill_backend(self) -> str:
        died = self._rig.servers.kill_backend()
        self._rig.servers.wait_for_database()
        return died

    def _take_database_away(self) -> str:
        """Stop it for some seconds; measure how fast the spools empty afterwards."""
        self._rig.servers.command("stop postgresql")
        if self._rig.servers.answers():
            raise NoEffectError("the database answers")
        away = self._chance.uniform(*_AWAY_SECONDS)
        time.sleep(away)
        waited = self._spooled()
        self._rig.servers.command("start postgresql")
        back = self._rig.servers.wait_for_database()
        wait_for("spools", lambda: self._spooled() == 0, seconds=_ACKNOWLEDGED_WITHIN)
        if waited:
            self.figures.drains.append(Drain(waited, time.time() - back))
        self._note_first_acknowledgement(back)
        return f"connection refused for {away:.1f} s, {waited} punches in the spools"

    def _note_first_acknowledgement(self, back: float) -> None:
        wait_for(
            "acknowledgement",
            lambda: self._journal.first_stored_since(back) is not None,
            seconds=_ACKNOWLEDGED_WITHIN,
        )
        first = self._journal.first_stored_since(back)
        if first is not None:
            self.figures.first_acknowledgement.append(first - back)

    def _spooled(self) -> int:
        time.sleep(_POLL_SECONDS)
        return sum(core.spooled() or 0 for core in self._rig.cores)

    def _harm(self, link: Wire) -> str:
        harm = self._chance.choice(list(Harm))
        link.harm(harm, seconds=_DELAY_SECONDS)
        held = self._chance.uniform(*_CUT_SECONDS)
        time.sleep(held)
        touched = link.touched
        link.heal()
        if not touched:
            raise NoEffectError(f"{link.name} {harm}: nothing passed")
        return f"{harm} for {held:.1f} s met {touched} connections and pieces of data"

    def _fill_disks(self) -> str:
        """Let the database be away while nothing can be kept: nobody may be told that it is."""
        shown = [core.disk.fill() for core in self._rig.cores]
        before = self._load.phones.unanswered
        try:
            self._rig.database_link.harm(Harm.RESET)
            time.sleep(self._chance.uniform(*_CUT_SECONDS))
            refused = self._load.phones.unanswered - before
        finally:
            self._rig.database_link.heal()
            for core in self._rig.cores:
                core.disk.relieve()
        if not refused:
            raise NoEffectError("nobody was refused")
        return f"{', '.join(shown)}; {refused} check-ins turned away"

    def _skew(self) -> str:
        skew = self._chance.choice(_SKEWS)
        before = len(self._journal.intents)
        self._load.phones.skew = self._load.boxes.skew = skew
        time.sleep(_SKEWED_SECONDS)
        self._load.phones.skew = self._load.boxes.skew = 0.0
        now = time.time()
        off = sum(
            abs(intent.at - now - skew) < 2 * _SKEWED_SECONDS for intent in self._journal.intents[before:]
        )
        if not off:
            raise NoEffectError("no punch was made")
        return f"{off} punches by clocks {skew:+.0f} s off"
