"""A couple at one address: two clients, each with their own visit, and one punch that marks both.

For the matching the two visits are one. That is sure of two homes that share an address and a telephone line
which names no third home, and of two visits of one worker whose plans overlap. Visits that follow one another
are not: where the first ends is what a punch has to tell (docs/dev/decisions/0021).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from homecare.kernel import db
from homecare.kernel.ids import HomeId, VisitId
from homecare.visits.model import Candidate

type Couples = frozenset[tuple[HomeId, HomeId]]
"""Pairs of homes, the lower id first."""


def find_couples(conn: db.Conn, visits: Sequence[Candidate]) -> Couples:
    """Return the couples whom these visits may be made to together. No query unless two of them overlap."""
    homes = sorted({visit.home_id for pair in combinations(visits, 2) if _overlap(*pair) for visit in pair})
    if not homes:
        return frozenset()
    rows = conn.execute(
        """SELECT a.home_id, b.home_id
           FROM home_lines a
           JOIN home_lines b ON b.organisation_id = a.organisation_id AND b.number = a.number
                            AND b.home_id > a.home_id
           JOIN homes x ON x.id = a.home_id
           JOIN homes y ON y.id = b.home_id AND y.client_id <> x.client_id
                       AND (y.street, y.postal_code, y.city) = (x.street, x.postal_code, x.city)
           WHERE a.home_id = ANY (%(homes)s) AND b.home_id = ANY (%(homes)s)
             AND NOT EXISTS (SELECT FROM home_lines c
                             WHERE c.organisation_id = a.organisation_id AND c.number = a.number
                               AND c.home_id NOT IN (a.home_id, b.home_id))""",
        {"homes": homes},
    ).fetchall()
    return frozenset((HomeId(one), HomeId(other)) for one, other in rows)


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
        pair = (min(kept.home_id, other.home_id), max(kept.home_id, other.home_id))
        if pair in couples and _are_made_together(kept, other) and not folded & {kept.id, other.id}:
            other_of[kept.id] = other.id
            folded |= {kept.id, other.id}
    hidden = set(other_of.values())
    return [visit for visit in visits if visit.id not in hidden], other_of


def _overlap(one: Candidate, other: Candidate) -> bool:
    return (
        one.worker_id == other.worker_id
        and one.home_id != other.home_id
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )


def _are_made_together(one: Candidate, other: Candidate) -> bool:
    return (
        _overlap(one, other)
        and (one.arrived_at, one.left_at) == (other.arrived_at, other.left_at)
        and not (one.has_outing or other.has_outing)
    )
