"""How long things take in a played day: a real call lasts real seconds, however fast the clock runs. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from simulators.day.model import Way

_SECONDS = {Way.CALL: 6.0, Way.READER: 3.0}
_ELSE_SECONDS = 1.5
_HIDDEN_SECONDS, _MISTYPED_SECONDS = 4.0, 5.0
MARGIN_SECONDS = 2.0
"""Real seconds by which the script stays clear of an instant that decides something."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The clock's speed: shown seconds in a real one."""

    speed: float

    def shown(self, real_seconds: float) -> timedelta:
        """Return how much of the shown day passes in that many real seconds."""
        return timedelta(seconds=real_seconds * self.speed)

    @property
    def margin(self) -> timedelta:
        """How far the script stays from an instant that decides something."""
        return self.shown(MARGIN_SECONDS)

    def until_known(self, way: Way, *, hidden: bool = False, mistyped: bool = False) -> timedelta:
        """Return how much of the day passes at most between a gesture and its storing."""
        seconds = _SECONDS.get(way, _ELSE_SECONDS)
        seconds += _HIDDEN_SECONDS if hidden else 0.0
        seconds += _MISTYPED_SECONDS if mistyped else 0.0
        return self.shown(seconds)
