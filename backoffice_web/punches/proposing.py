"""Proposed visits as a coordinator reads them: what fits, what does not, what linking would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homecare.kernel import db
from homecare.kernel.ids import PunchId
from homecare.kernel.text import plain
from homecare.punches.matching import LONGEST_VISIT
from homecare.punches.proposals import Known, Proposal, propose
from homecare.punches.waiting import find_proposals
from homecare.visits.model import Visit
from homecare.visits.queries import list_between

MOST_FOUND = 20
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposal; `is_replacement` when linking gives the visit to the one who punched."""

    proposal: Proposal

    @property
    def visit(self) -> Visit:
        """The visit."""
        return self.proposal.visit

    @property
    def is_replacement(self) -> bool:
        """Tell whether the plan had somebody else, or nobody, while the punch tells who was there."""
        return self.proposal.is_same_worker is False

    @property
    def is_replaceable(self) -> bool:
        """Tell whether nobody whom the plan had has begun it."""
        return self.visit.arrived_at is None and self.visit.left_at is None

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing speaks against it, so that one tap in the list is enough."""
        one = self.proposal
        return one.is_same_home is not False and one.is_same_worker is not False and not one.is_other_edge


def propose_for(conn: db.Conn, known: Mapping[PunchId, Known]) -> dict[PunchId, list[Choice]]:
    """Return the best choices for each punch."""
    found = find_proposals(conn, known)
    return {punch: [Choice(one) for one in proposals] for punch, proposals in found.items()}


def find_others(conn: db.Conn, known: Known, search: str, *, but: Sequence[Choice]) -> list[Choice]:
    """Return visits around the punch whose client or worker has these letters, the best first."""
    wanted, shown = plain(search), {choice.visit.id for choice in but}
    if len(wanted) < SHORTEST_SEARCH:
        return []
    around = list_between(conn, known.at - LONGEST_VISIT, known.at + LONGEST_VISIT)
    named = [
        visit
        for visit in around
        if visit.id not in shown and (wanted in plain(visit.client) or wanted in plain(visit.worker or ""))
    ]
    return [Choice(one) for one in propose(known, named)[:MOST_FOUND]]
