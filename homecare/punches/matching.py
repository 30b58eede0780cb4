"""Which visit a punch belongs to, and which end of it. Pure: doubt is a value, a wrong link is a fault.

Only the worker's own visits at the very home are considered, so that a punch is linked when exactly one visit
fits and waits for a person otherwise. A visit with an outing may end anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homecare.kernel.ids import HomeId, VisitId
from homecare.punches.model import Doubt, Edge
from homecare.visits.model import Candidate

# How far from the plan a punch may be and still be taken for that visit's.
EARLIEST_ARRIVAL = timedelta(minutes=90)
LONGEST_VISIT = timedelta(hours=16)
LATEST_DEPARTURE = timedelta(hours=3)
# A second punch so soon is the same gesture again (a double tap, a call repeated to be sure).
SAME_GESTURE = timedelta(minutes=2)
# Two visits are told apart when the second nearest starts this much further away than the nearest.
CLEAR_MARGIN = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Match:
    """The visit and the edge found, or the doubt. A repeated gesture keeps the visit it repeats."""

    visit: VisitId | None = None
    edge: Edge | None = None
    doubt: Doubt | None = None


def match(at: datetime, edge: Edge | None, homes: Sequence[HomeId], visits: Sequence[Candidate]) -> Match:
    """Match a punch of a known worker. `visits` are the worker's, cancelled ones left out.

    `edge` is what the source stated, None when it is to be inferred: the departure of the visit that is open
    at this home, else an arrival.
    """
    here = [visit for visit in visits if visit.home_id in homes]
    repeated = _repeated(at, edge, [visit for visit in visits if visit in here or visit.has_outing])
    if repeated is not None:
        return repeated
    away = [visit for visit in visits if visit.has_outing and _is_open(visit, at)]
    if not homes:
        if away and edge is not Edge.ARRIVAL:
            return _only(away, Edge.DEPARTURE)
        return Match(edge=edge, doubt=Doubt.UNKNOWN_HOME)
    if edge is not Edge.ARRIVAL:
        begun = [visit for visit in here if _is_open(visit, at)]
        if begun:
            return _only(begun, Edge.DEPARTURE)
        if away and (edge is Edge.DEPARTURE or not any(_may_begin(visit, at) for visit in here)):
            return _only(away, Edge.DEPARTURE)
    if edge is not Edge.DEPARTURE:
        expected = [visit for visit in here if _may_begin(visit, at)]
        if expected:
            return _nearest(expected, at)
        if edge is Edge.ARRIVAL:
            return _said_again(at, here) or Match(edge=edge, doubt=Doubt.NO_VISIT)
    ending = [visit for visit in here if _may_end_unseen(visit, at)]
    return _only(ending, Edge.DEPARTURE) if ending else Match(edge=edge, doubt=Doubt.NO_VISIT)


def infer_edge(at: datetime, homes: Sequence[HomeId], visits: Sequence[Candidate]) -> Edge | None:
    """Return the edge that a punch would mark, None when a person had better be asked.

    Unclear: nothing fits, or the visit has no arrival and more of it is over than is left, so that a very
    late arrival and a departure after a forgotten arrival look alike. The same gesture again is clear.
    """
    found = match(at, None, homes, visits)
    if found.doubt is Doubt.REPEATED:
        return found.edge
    if found.visit is None or found.doubt is not None:
        return None
    if found.edge is Edge.ARRIVAL:
        visit = next(one for one in visits if one.id == found.visit)
        if at - visit.starts_at > visit.ends_at - at:
            return None
    return found.edge


def advance(visits: Sequence[Candidate], found: Match, at: datetime) -> list[Candidate]:
    """Return the candidates as they are once the punch is taken, for the next punch of the same batch."""
    return [
        visit
        if visit.id != found.visit or found.doubt is not None
        else replace(visit, arrived_at=visit.arrived_at or at)
        if found.edge is Edge.ARRIVAL
        else replace(visit, left_at=visit.left_at or at)
        for visit in visits
    ]


def _repeated(at: datetime, edge: Edge | None, here: Sequence[Candidate]) -> Match | None:
    for visit in here:
        for end, stamp in ((Edge.ARRIVAL, visit.arrived_at), (Edge.DEPARTURE, visit.left_at)):
            if stamp is not None and abs(at - stamp) <= SAME_GESTURE and edge in (None, end):
                return Match(visit.id, end, Doubt.REPEATED)
    return None


def _said_again(at: datetime, here: Sequence[Candidate]) -> Match | None:
    """An arrival stated while one visit goes on as planned, with no other to come: it has arrived already."""
    begun = [visit for visit in here if _is_open(visit, at) and at <= visit.ends_at]
    return Match(begun[0].id, Edge.ARRIVAL, Doubt.REPEATED) if len(begun) == 1 else None


def _is_open(visit: Candidate, at: datetime) -> bool:
    return (
        visit.arrived_at is not None
        and visit.left_at is None
        and visit.arrived_at <= at <= visit.arrived_at + LONGEST_VISIT
    )


def _may_begin(visit: Candidate, at: datetime) -> bool:
    return (
        visit.arrived_at is None
        and (visit.left_at is None or at <= visit.left_at)
        and visit.starts_at - EARLIEST_ARRIVAL <= at <= visit.ends_at
    )


def _may_end_unseen(visit: Candidate, at: datetime) -> bool:
    """Whether `at` may be the departure of a visit whose arrival was forgotten."""
    return (
        visit.arrived_at is None
        and visit.left_at is None
        and visit.starts_at < at <= visit.ends_at + LATEST_DEPARTURE
    )


def _only(visits: Sequence[Candidate], edge: Edge) -> Match:
    if len(visits) > 1:
        return Match(edge=edge, doubt=Doubt.SEVERAL_VISITS)
    return Match(visits[0].id, edge)


def _nearest(visits: Sequence[Candidate], at: datetime) -> Match:
    ranked = sorted(visits, key=lambda visit: (abs(at - visit.starts_at), visit.id))
    if len(ranked) > 1 and abs(at - ranked[1].starts_at) - abs(at - ranked[0].starts_at) < CLEAR_MARGIN:
        return Match(edge=Edge.ARRIVAL, doubt=Doubt.SEVERAL_VISITS)
    return Match(ranked[0].id, Edge.ARRIVAL)
