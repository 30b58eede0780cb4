"""Who must be calling from a home, when the call says nothing but where it comes from. Pure.

Stricter than the matching of a worker who has said who they are: only a visit that is open, or about to
begin, names anybody, and a second worker names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel.ids import HomeId, WorkerId
from homecare.punches.couples import fold
from homecare.punches.matching import LONGEST_VISIT, SAME_GESTURE, infer_edge
from homecare.punches.model import Edge
from homecare.visits.couples import Couples
from homecare.visits.model import Candidate

SOON = timedelta(minutes=30)
"""How long before its planned start a visit may name who calls."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The only worker who can be there, and what calling now means."""

    worker: WorkerId
    edge: Edge


def find_expected(
    at: datetime, homes: Sequence[HomeId], visits: Sequence[Candidate], couples: Couples
) -> Expected | None:
    """Return who calls from these homes at an instant, None when that is not clear.

    `visits` are those at the homes, whoever's: not cancelled, `couples` among them.
    """
    possible = [visit for visit in visits if visit.home_id in homes and _may_call(visit, at)]
    workers = {visit.worker_id for visit in possible}
    if len(workers) != 1:
        return None
    (worker,) = workers
    apart, _ = fold(possible, homes, couples)
    edge = infer_edge(at, homes, apart)
    return None if edge is None else Expected(worker, edge)


def _may_call(visit: Candidate, at: datetime) -> bool:
    stamps = (stamp for stamp in (visit.arrived_at, visit.left_at) if stamp is not None)
    if any(abs(at - stamp) <= SAME_GESTURE for stamp in stamps):
        return True
    if visit.left_at is not None:
        return False
    if visit.arrived_at is not None:
        return visit.arrived_at <= at <= visit.arrived_at + LONGEST_VISIT
    return visit.starts_at - SOON <= at <= visit.ends_at
