"""One day of one area as the solver sees it: visits to do, workers who can, journeys between the places.

Frozen values, no input or output. Times are whole seconds since midnight in Paris of `Problem.day` (elapsed,
so a day of change has 23 or 25 hours); lengths are whole seconds; prices are whole cents. Every field beyond
the first ones has a default that means "no effect".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from homecare.kernel.calendar import day_bounds
from homecare.law.model import Agreement
from optimizer.modes import Mode

NOTHING: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitJob:
    """A visit to give to somebody. It starts within [`earliest`, `latest`] and lasts `seconds`."""

    id: int
    place: int
    seconds: int
    earliest: int
    latest: int
    wished: int | None = None
    """The start that the client asked for; being away from it has a price."""
    skills: Mapping[int, int] = NOTHING
    """Skill to the least level that the worker must hold."""
    refused: frozenset[int] = frozenset()
    """Workers who may not go there: refused by the client, or who cannot bear the dog."""
    known: frozenset[int] | None = None
    """Workers who know the client; sending another one has a price. None: not looked at."""
    fixed_to: int | None = None
    """The worker who keeps it, at its `earliest`: already begun, pinned by a person, or another area's."""
    fragile: bool = False

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.latest < self.earliest:
            raise ValueError(f"visit {self.id}: no such time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a worker does on the days around, which bounds rest and weekly hours. Times may be negative."""

    start: int
    end: int
    travel_after: int = 0
    fragile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What labour law and the agreement allow one worker, in seconds. None: not limited."""

    work_day: int | None = None
    work_week: int | None = None
    span: int | None = None
    span_fragile: int | None = None
    """The span when every visit is at a fragile person's, where the agreement gives more."""
    work_before_break: int | None = None
    break_: int = 0
    rest: int | None = None
    paid_wait: int = 0
    """A wait up to this long, travel deducted, is work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDay:
    """A worker on that day, leaving from and back to `place`."""

    id: int
    place: int
    mode: Mode = Mode.CAR
    hours: tuple[tuple[int, int], ...] | None = None
    """Periods in which a visit may lie, whole. None: any time."""
    skills: Mapping[int, int] = NOTHING
    agreement: Agreement | None = None
    """The text by which the evaluation judges the day. None: not judged."""
    limits: Limits = field(default_factory=Limits)
    around: tuple[Commitment, ...] = ()
    """What they do on other days of the week, and just before and after: never on the day itself."""
    contract: int | None = None
    """Work of that day beyond which each hour has a price. None: no such price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """Seconds and metres between all pairs of places, n × n int32; row = from, column = to. Read-only."""

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]

    def __post_init__(self) -> None:
        if self.seconds.shape != self.metres.shape or self.seconds.ndim != 2:  # noqa: PLR2004 - a matrix
            raise ValueError("seconds and metres are square matrices of one size")
        self.seconds.setflags(write=False)
        self.metres.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What the planner weighs, in whole cents, so that a trade-off can be argued about."""

    travel_hour: int = 1_800
    """Travel and short waits between visits are paid as work."""
    commute_hour: int = 300
    """The way from home and back is not paid, but nobody wants it long."""
    waiting_hour: int = 400
    beyond_contract_hour: int = 500
    moved_hour: int = 600
    stranger: int = 300
    unassigned: int = 20_000
    kilometre_by_car: int = 35
    """What is weighed; what is paid is a matter of the agreement, and of payroll."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """One day of one area. Two problems are equal when their archives are (`optimizer.instances`)."""

    day: date
    visits: tuple[VisitJob, ...]
    workers: tuple[WorkerDay, ...]
    travel: Mapping[Mode, Journeys]
    prices: Prices = field(default_factory=Prices)
    estimated: bool = False
    """Whether the journeys are guessed and not measured on the roads: the plan then says so."""

    def __post_init__(self) -> None:
        for kind, ids in (
            ("visit", [visit.id for visit in self.visits]),
            ("worker", [worker.id for worker in self.workers]),
        ):
            if len(ids) != len(set(ids)):
                raise ValueError(f"a {kind} is there twice")
        for worker in self.workers:
            if any(0 <= beside.start < self.day_seconds for beside in worker.around):
                raise ValueError(f"worker {worker.id}: what is done on the day itself is a fixed visit")
        missing = {worker.mode for worker in self.workers} - self.travel.keys()
        if missing:
            raise ValueError(f"no journeys for {sorted(missing)}")

    @property
    def day_seconds(self) -> int:
        """Length of the day: 23, 24 or 25 hours."""
        start, end = day_bounds(self.day)
        return (end - start) // timedelta(seconds=1)

    def instant(self, seconds: int) -> datetime:
        """Return the instant, in UTC, of an offset of this problem."""
        return day_bounds(self.day)[0] + timedelta(seconds=seconds)

    def offset(self, instant: datetime) -> int:
        """Return the offset in whole seconds of an instant."""
        return (instant - day_bounds(self.day)[0]) // timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """One visit given to a worker, and its start."""

    worker: int
    start: int
    visit: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what and when. `rounds`: how far the search went, which is what a replay needs to know."""

    stops: tuple[Stop, ...] = ()
    rounds: int = 0

    def __post_init__(self) -> None:
        if len({stop.visit for stop in self.stops}) != len(self.stops):
            raise ValueError("a visit is given twice")

    def routes(self) -> Mapping[int, tuple[Stop, ...]]:
        """The stops of each worker who has any, in order of start."""
        routes: dict[int, list[Stop]] = {}
        for stop in sorted(self.stops):
            routes.setdefault(stop.worker, []).append(stop)
        return {worker: tuple(stops) for worker, stops in routes.items()}
