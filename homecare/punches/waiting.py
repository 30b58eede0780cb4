"""What is known of punches that wait, and the visits proposed for each: a few queries for any number."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import HomeId, PunchId, WorkerId
from homecare.punches.finding import find_homes, find_workers
from homecare.punches.matching import LONGEST_VISIT
from homecare.punches.model import Edge, read_claim
from homecare.punches.proposals import MOST, Known, Proposal, propose
from homecare.visits.queries import list_near


def read_known(conn: db.Conn, punches: Sequence[tuple[PunchId, datetime]]) -> dict[PunchId, Known]:
    """Return what each punch tells today, given with its time: a badge enrolled since names its worker."""
    if not punches:
        return {}
    rows = conn.execute(
        """SELECT p.id, p.claim, m.edge, m.home_id, m.worker_id
           FROM punches p JOIN punch_matches m ON m.punch_id = p.id AND m.punched_at = p.punched_at
           WHERE p.id = ANY (%(ids)s) AND p.punched_at BETWEEN %(first)s AND %(last)s""",
        {
            "ids": [punch for punch, _ in punches],
            "first": min(at for _, at in punches),
            "last": max(at for _, at in punches),
        },
    ).fetchall()
    claims = {PunchId(row[0]): read_claim(row[1]) for row in rows}
    homes = find_homes(conn, {claim.where for claim in claims.values()})
    workers = find_workers(conn, {claim.who for claim in claims.values()})
    known: dict[PunchId, Known] = {}
    for punch, _, edge, home, worker in rows:
        claim = claims[PunchId(punch)]
        met = workers.get(claim.who)
        known[PunchId(punch)] = Known(
            at=claim.punched_at,
            edge=None if edge is None else Edge(edge),
            homes=frozenset([*homes.get(claim.where, ()), *([] if home is None else [HomeId(home)])]),
            worker=WorkerId(worker) if worker is not None else None if met is None else met.id,
        )
    return known


def find_proposals(
    conn: db.Conn, known: Mapping[PunchId, Known], *, most: int = MOST
) -> dict[PunchId, list[Proposal]]:
    """Return the best proposals for each punch, within the actor's areas; none for one that tells nothing."""
    workers = {one.worker for one in known.values() if one.worker is not None}
    homes = {home for one in known.values() for home in one.homes}
    if not workers and not homes:
        return {punch: [] for punch in known}
    times = [one.at for one in known.values()]
    near = list_near(
        conn,
        workers=sorted(workers),
        homes=sorted(homes),
        # A visit that began a day before may end now.
        since=min(times) - 2 * LONGEST_VISIT,
        until=max(times) + LONGEST_VISIT,
    )
    return {
        punch: propose(
            one,
            [
                visit
                for visit in near
                if visit.home_id in one.homes or (one.worker is not None and visit.worker_id == one.worker)
            ],
        )[:most]
        for punch, one in known.items()
    }
