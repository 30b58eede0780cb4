"""Settling punches: find home and worker, match the visit, advance it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import HomeId, PunchId, VisitId, WorkerId
from homecare.punches.matching import (
    EARLIEST_ARRIVAL,
    LATEST_DEPARTURE,
    LONGEST_VISIT,
    Match,
    advance,
    match,
)
from homecare.punches.model import (
    Badge,
    Claim,
    Device,
    Doubt,
    Edge,
    Home,
    HomeCode,
    Line,
    Nobody,
    Nowhere,
    Qr,
    SignedInWorker,
    Tag,
    WorkerCode,
)
from homecare.visits.model import Candidate
from homecare.visits.operations import note_arrival, note_departure
from homecare.visits.queries import candidates


@dataclass(frozen=True, slots=True)
class Settled:
    """What was made of one punch."""

    punch: PunchId
    homes: tuple[HomeId, ...]
    worker: WorkerId | None
    worker_first_name: str | None
    match: Match


def settle(conn: db.Conn, punches: Sequence[tuple[PunchId, Claim]], *, now: datetime) -> list[Settled]:
    """Settle punches of one organisation and write their matches; answers in the order given.

    A punch that is settled already keeps its match. They are taken in the order in which they were made, not
    received, so that an arrival and a departure sent together by a phone that was offline find each other.
    """
    ordered = sorted(punches, key=lambda punch: (punch[1].punched_at, punch[0]))
    homes = {id_: _homes(conn, claim) for id_, claim in ordered}
    workers = {id_: _worker(conn, claim) for id_, claim in ordered}
    rounds = _rounds(conn, ordered, {found[0] for found in workers.values() if found is not None})
    settled: dict[PunchId, Settled] = {}
    for id_, claim in ordered:
        worker = workers[id_]
        if worker is None:
            found = Match(edge=claim.edge, doubt=Doubt.UNKNOWN_WORKER)
        else:
            round_ = rounds[worker[0]]
            found = match(claim.punched_at, claim.edge, homes[id_], round_)
            rounds[worker[0]] = advance(round_, found, claim.punched_at)
        settled[id_] = Settled(
            id_,
            homes[id_],
            None if worker is None else worker[0],
            None if worker is None else worker[1],
            found,
        )
        _write(conn, claim, settled[id_], now=now)
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


def _homes(conn: db.Conn, claim: Claim) -> tuple[HomeId, ...]:
    match claim.where:
        case Line(number):
            found = db.values(conn, HomeId, "SELECT home_id FROM home_lines WHERE number = %s", (number,))
        case HomeCode(code):
            found = db.values(conn, HomeId, "SELECT id FROM homes WHERE home_code = %s", (code,))
        case Tag(token):
            found = db.values(
                conn,
                HomeId,
                "SELECT home_id FROM home_tags WHERE token = %s AND retired_at IS NULL",
                (token,),
            )
        case Qr(token):
            found = db.values(conn, HomeId, "SELECT id FROM homes WHERE qr_token = %s", (token,))
        case Device(name):
            found = db.values(
                conn,
                HomeId,
                "SELECT home_id FROM devices WHERE name = %s AND home_id IS NOT NULL",
                (name,),
            )
        case Home(id=home):
            found = db.values(conn, HomeId, "SELECT id FROM homes WHERE id = %s", (home,))
        case Nowhere():
            found = []
    return tuple(sorted(found))


def _worker(conn: db.Conn, claim: Claim) -> tuple[WorkerId, str] | None:
    match claim.who:
        case WorkerCode(hash=code):
            row = conn.execute("SELECT id, first_name FROM workers WHERE code_hash = %s", (code,)).fetchone()
        case Badge(token):
            row = conn.execute(
                """SELECT w.id, w.first_name FROM worker_badges b JOIN workers w ON w.id = b.worker_id
                   WHERE b.token = %s AND b.retired_at IS NULL""",
                (token,),
            ).fetchone()
        case SignedInWorker(id=worker):
            row = conn.execute("SELECT id, first_name FROM workers WHERE id = %s", (worker,)).fetchone()
        case Nobody():
            row = None
    return None if row is None else (WorkerId(row[0]), row[1])


def _write(conn: db.Conn, claim: Claim, settled: Settled, *, now: datetime) -> None:
    found = settled.match
    written = db.write(
        conn,
        """INSERT INTO punch_matches (punch_id, punched_at, channel, home_id, worker_id, edge, visit_id,
                                      doubt, settled_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (punch_id) DO NOTHING""",
        (
            settled.punch,
            claim.punched_at,
            claim.channel.value,
            settled.homes[0] if len(settled.homes) == 1 else _home_of(conn, found.visit),
            settled.worker,
            found.edge and found.edge.value,
            found.visit,
            found.doubt and found.doubt.value,
            now,
        ),
    )
    if not written or found.visit is None or found.doubt is not None:
        return
    if found.edge is Edge.ARRIVAL:
        note_arrival(conn, found.visit, claim.punched_at)
    else:
        note_departure(conn, found.visit, claim.punched_at)


def _home_of(conn: db.Conn, visit: VisitId | None) -> HomeId | None:
    if visit is None:
        return None
    return db.value(conn, HomeId, "SELECT home_id FROM visits WHERE id = %s", (visit,))
