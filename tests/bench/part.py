"""A part of the bench: what it is given to measure with, and what it hands back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from homecare.kernel.ids import OrganisationId
from tests.bench.agency import Person
from tests.bench.arm import Line
from tests.supervised import Supervised


@dataclass(frozen=True, slots=True)
class Scene:
    """A running core, an agency in it, and how long to measure: `rounds` times `seconds` for each arm."""

    core: Supervised
    organisation: OrganisationId
    people: list[Person]
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Lines of the table, and the samples behind them by name of arm."""

    lines: list[Line]
    samples: dict[str, list[float]] = field(default_factory=dict)


type Part = Callable[[Scene], Measured]
