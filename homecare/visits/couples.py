"""A couple at one address, who may be visited together: two clients, each with their own visit.

It is sure of two homes that share an address and a telephone line which names no third home
(docs/dev/decisions/0021). A day centre's clients and the neighbours behind one switchboard are no couple.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from homecare.kernel import db
from homecare.kernel.ids import HomeId, WorkerId

type Couples = frozenset[tuple[HomeId, HomeId]]
"""Pairs of homes, the lower id first."""


class Engaging(Protocol):
    """A visit as far as it takes its worker's time somewhere."""

    @property
    def worker_id(self) -> WorkerId | None:
        """Who makes it, if anybody yet."""

    @property
    def home_id(self) -> HomeId:
        """Where."""

    @property
    def starts_at(self) -> datetime:
        """Planned start."""

    @property
    def ends_at(self) -> datetime:
        """Planned end."""


def find_couples(conn: db.Conn, visits: Iterable[Engaging]) -> Couples:
    """Return the couples to whom workers have visits that overlap. No query when none overlaps."""
    return couples_among(conn, {visit.home_id for pair in pairs_at_once(visits) for visit in pair})


def pairs_at_once[V: Engaging](visits: Iterable[V]) -> Iterator[tuple[V, V]]:
    """Yield each pair of visits that one worker has at the same time."""
    by_worker: dict[WorkerId, list[V]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.starts_at):
        if visit.worker_id is None:
            continue
        begun = [one for one in by_worker[visit.worker_id] if one.ends_at > visit.starts_at]
        yield from ((one, visit) for one in begun)
        by_worker[visit.worker_id] = [*begun, visit]


def couples_among(conn: db.Conn, homes: Iterable[HomeId]) -> Couples:
    """Return the couples whose two homes are among these."""
    asked = sorted(set(homes))
    if len(asked) <= 1:
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
        {"homes": asked},
    ).fetchall()
    return frozenset((HomeId(one), HomeId(other)) for one, other in rows)


def are_couple(couples: Couples, one: HomeId, other: HomeId) -> bool:
    """Tell whether the two homes are a couple's."""
    return (min(one, other), max(one, other)) in couples
