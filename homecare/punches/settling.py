"""Settling punches: find home and worker, match the visit, advance it.

A batch of any size costs the same handful of statements; the matching between them is pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import HomeId, PunchId, VisitId, WorkerId
from homecare.punches.couples import fold
from homecare.punches.finding import WorkerMet, find_agency_readers, find_homes, find_workers
from homecare.punches.matching import (
    EARLIEST_ARRIVAL,
    LATEST_DEPARTURE,
    LONGEST_VISIT,
    Match,
    advance,
    match,
)
from homecare.punches.model import Claim, Doubt, Edge
from homecare.visits.couples import find_couples
from homecare.visits.model import Candidate
from homecare.visits.operations import note_ends
from homecare.visits.queries import candidates


@dataclass(frozen=True, slots=True)
class Settled:
    """What was made of one punch. `other` is the visit to the other of a couple, marked by the same punch."""

    punch: PunchId
    home: HomeId | None
    worker: WorkerMet | None
    match: Match
    other: VisitId | None = None


def settle(conn: db.Conn, punches: Sequence[tuple[PunchId, Claim]], *, now: datetime) -> list[Settled]:
    """Settle punches of one organisation and write their matches; answers in the order given.

    A punch that is settled already keeps its match. They are taken in the order in which they were made, not
    received, so that an arrival and a departure sent together by a phone that was offline find each other.
    """
    ordered = sorted(punches, key=lambda punch: (punch[1].punched_at, punch[0]))
    homes = find_homes(conn, {claim.where for _, claim in ordered})
    at_agency = find_agency_readers(conn, {claim.where for _, claim in ordered} - homes.keys())
    workers = find_workers(conn, {claim.who for _, claim in ordered})
    rounds = _rounds(conn, ordered, {worker.id for worker in workers.values()})
    couples = {id_: find_couples(conn, round_) for id_, round_ in rounds.items()}
    settled: dict[PunchId, Settled] = {}
    for id_, claim in ordered:
        worker = workers.get(claim.who)
        here = homes.get(claim.where, ())
        if worker is None:
            home = here[0] if len(here) == 1 else None
            settled[id_] = Settled(id_, home, None, Match(edge=claim.edge, doubt=Doubt.UNKNOWN_WORKER))
            continue
        if claim.where in at_agency:
            settled[id_] = Settled(id_, None, worker, Match(edge=claim.edge, doubt=Doubt.AT_AGENCY))
            continue
        round_ = rounds[worker.id]
        apart, others = fold(round_, here, couples[worker.id])
        found = match(claim.punched_at, claim.edge, here, apart)
        other = others.get(found.visit) if found.visit is not None and found.doubt is None else None
        settled[id_] = Settled(id_, _home_met(here, found, round_), worker, found, other)
        for marked in (found, replace(found, visit=other)) if other is not None else (found,):
            rounds[worker.id] = advance(rounds[worker.id], marked, claim.punched_at)
    _write(conn, [(claim, settled[id_]) for id_, claim in ordered], now=now)
    return [settled[id_] for id_, _ in punches]


def _rounds(
    conn: db.Conn, ordered: Sequence[tuple[PunchId, Claim]], workers: set[WorkerId]
) -> dict[WorkerId, list[Candidate]]:
    times = [claim.punched_at for _, claim in ordered]
    rounds: dict[WorkerId, list[Candidate]] = {worker: [] for worker in workers}
    if workers:
        around = candidates(
            conn,
            sorted(workers),
            since=min(times) - max(LATEST_DEPARTURE, LONGEST_VISIT),
            until=max(times) + EARLIEST_ARRIVAL,
        )
        for visit in around:
            rounds[visit.worker_id].append(visit)
    return rounds


def _home_met(here: tuple[HomeId, ...], found: Match, round_: Sequence[Candidate]) -> HomeId | None:
    """Return the home of the punch: the only one its place names, else that of the visit it belongs to."""
    if len(here) == 1:
        return here[0]
    return next((visit.home_id for visit in round_ if visit.id == found.visit), None)


def _write(conn: db.Conn, settled: Sequence[tuple[Claim, Settled]], *, now: datetime) -> None:
    written = set(
        db.values(
            conn,
            PunchId,
            """INSERT INTO punch_matches (punch_id, punched_at, channel, home_id, worker_id, edge, visit_id,
                                          doubt, settled_at)
               SELECT punch, punched_at, channel, home, worker, edge, visit, doubt, %s
               FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bigint[],
                           %s::text[], %s::bigint[], %s::text[])
                    AS m (punch, punched_at, channel, home, worker, edge, visit, doubt)
               ON CONFLICT (punch_id) DO NOTHING RETURNING punch_id""",
            (
                now,
                [one.punch for _, one in settled],
                [claim.punched_at for claim, _ in settled],
                [claim.channel.value for claim, _ in settled],
                [one.home for _, one in settled],
                [one.worker and one.worker.id for _, one in settled],
                [one.match.edge and one.match.edge.value for _, one in settled],
                [one.match.visit for _, one in settled],
                [one.match.doubt and one.match.doubt.value for _, one in settled],
            ),
        )
    )
    ends: dict[Edge, dict[VisitId, datetime]] = {Edge.ARRIVAL: {}, Edge.DEPARTURE: {}}
    shared: list[tuple[PunchId, VisitId]] = []
    for claim, one in settled:
        found = one.match
        if one.punch not in written or found.visit is None or found.edge is None or found.doubt is not None:
            continue
        for visit in (found.visit, one.other):
            if visit is not None:
                ends[found.edge].setdefault(visit, claim.punched_at)
        if one.other is not None:
            shared.append((one.punch, one.other))
    if shared:
        conn.execute(
            """INSERT INTO shared_punches (punch_id, visit_id)
               SELECT * FROM unnest(%s::bigint[], %s::bigint[])""",
            ([punch for punch, _ in shared], [visit for _, visit in shared]),
        )
    note_ends(conn, arrivals=ends[Edge.ARRIVAL], departures=ends[Edge.DEPARTURE])
