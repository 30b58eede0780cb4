"""Which visits a punch that waits may belong to, best first, each with what speaks for and against it. Pure.

Here doubt is the rule: a person chooses. So more is considered than the matching does, another worker's visit
or another home's included, and nothing is ever linked by being first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from homecare.kernel.ids import HomeId, WorkerId
from homecare.punches.matching import LONGEST_VISIT
from homecare.punches.model import Edge
from homecare.visits.model import Visit

# Each thing that does not fit weighs like being that much further from the plan.
_MISFIT = timedelta(minutes=90)
# Nobody to be replaced: less odd than somebody else's visit.
_NOBODY = timedelta(minutes=45)
MOST = 4
"""Proposals of one punch."""


class Obstacle(StrEnum):
    """Why a visit cannot have this end at this instant."""

    CANCELLED = "cancelled"
    HAS_ARRIVAL = "has_arrival"
    HAS_DEPARTURE = "has_departure"
    BEFORE_ARRIVAL = "before_arrival"
    AFTER_DEPARTURE = "after_departure"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Known:
    """What a punch tells: `homes` are those that its place names; `edge` and `worker` None: it does not."""

    at: datetime
    edge: Edge | None
    homes: frozenset[HomeId]
    worker: WorkerId | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A visit and the end that the punch would mark; `other_edge` is the other one, when it may be that too.

    `apart` is how long after the planned start or end it was punched, negative before. `is_same_home` and
    `is_same_worker` are None when the punch does not tell. `is_other_edge`: the punch said the other end.
    """

    visit: Visit
    edge: Edge
    other_edge: Edge | None
    apart: timedelta
    is_same_home: bool | None
    is_same_worker: bool | None
    is_other_edge: bool

    @property
    def distance(self) -> timedelta:
        """How far it is from a perfect fit."""
        misfits = [self.is_same_home is False, self.is_other_edge]
        worker = _NOBODY if self.visit.worker_id is None else _MISFIT
        return abs(self.apart) + sum(misfits) * _MISFIT + (self.is_same_worker is False) * worker


def propose(known: Known, visits: Sequence[Visit]) -> list[Proposal]:
    """Return the visits that may have this punch, the best first, one proposal each."""
    fitting = [found for visit in visits if (found := fit(known, visit)) is not None]
    return sorted(fitting, key=lambda one: (one.distance, one.visit.starts_at, one.visit.id))


def fit(known: Known, visit: Visit) -> Proposal | None:
    """Return what the punch would be for this visit, None when it can be neither of its ends."""
    edges = sorted(_open_edges(known, visit), key=lambda edge: _rank(known, visit, edge))
    if not edges:
        return None
    return Proposal(
        visit=visit,
        edge=edges[0],
        other_edge=edges[1] if len(edges) > 1 else None,
        apart=known.at - _planned(visit, edges[0]),
        is_same_home=visit.home_id in known.homes if known.homes else None,
        is_same_worker=None if known.worker is None else visit.worker_id == known.worker,
        is_other_edge=known.edge not in (None, edges[0]),
    )


def obstacle(visit: Visit, edge: Edge, at: datetime) -> Obstacle | None:
    """Return what keeps this instant from being that end of the visit."""
    own = visit.arrived_at if edge is Edge.ARRIVAL else visit.left_at
    if visit.cancelled_at is not None:
        return Obstacle.CANCELLED
    if own is not None:
        return Obstacle.HAS_ARRIVAL if edge is Edge.ARRIVAL else Obstacle.HAS_DEPARTURE
    if edge is Edge.DEPARTURE and visit.arrived_at is not None and at <= visit.arrived_at:
        return Obstacle.BEFORE_ARRIVAL
    if edge is Edge.ARRIVAL and visit.left_at is not None and at >= visit.left_at:
        return Obstacle.AFTER_DEPARTURE
    return Obstacle.TOO_FAR if abs(at - _planned(visit, edge)) > LONGEST_VISIT else None


def _open_edges(known: Known, visit: Visit) -> Iterator[Edge]:
    return (edge for edge in Edge if obstacle(visit, edge, known.at) is None)


def _rank(known: Known, visit: Visit, edge: Edge) -> tuple[bool, bool, timedelta]:
    """Sort the end that the punch said first, then that of a visit already begun, then by time."""
    is_begun = visit.arrived_at is not None and edge is Edge.DEPARTURE
    return known.edge not in (None, edge), not is_begun, abs(known.at - _planned(visit, edge))


def _planned(visit: Visit, edge: Edge) -> datetime:
    return visit.starts_at if edge is Edge.ARRIVAL else visit.ends_at
