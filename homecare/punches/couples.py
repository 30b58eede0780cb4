"""A couple's two visits by one worker: one punch marks both, so for the matching they are one.

Only visits whose plans overlap are. Where the first of two that follow one another ends is for a punch to
tell (docs/dev/decisions/0021).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from homecare.kernel.ids import HomeId, VisitId
from homecare.visits.couples import Couples, are_couple
from homecare.visits.model import Candidate


def fold(
    visits: Sequence[Candidate], homes: Sequence[HomeId], couples: Couples
) -> tuple[list[Candidate], Mapping[VisitId, VisitId]]:
    """Return the visits with one left of each couple's two, and the other one by the one that is left.

    The one at a home that the punch names is left, of two such the first. Visits that were marked apart, by
    two punches or by a correction, stay apart, as do those with an outing.
    """
    other_of: dict[VisitId, VisitId] = {}
    folded: set[VisitId] = set()
    ranked = sorted(visits, key=lambda visit: (visit.home_id not in homes, visit.starts_at, visit.id))
    for kept, other in combinations(ranked, 2):
        if (
            are_couple(couples, kept.home_id, other.home_id)
            and _are_made_together(kept, other)
            and not folded & {kept.id, other.id}
        ):
            other_of[kept.id] = other.id
            folded |= {kept.id, other.id}
    hidden = set(other_of.values())
    return [visit for visit in visits if visit.id not in hidden], other_of


def _are_made_together(one: Candidate, other: Candidate) -> bool:
    return (
        one.worker_id == other.worker_id
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and (one.arrived_at, one.left_at) == (other.arrived_at, other.left_at)
        and not (one.has_outing or other.has_outing)
    )
