"""Lives the weeks before: who went to whom, so that continuity means something from the first day on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random

from homecare.kernel import db
from homecare.kernel.audit import BySystem
from homecare.kernel.calendar import PARIS, day_bounds
from homecare.kernel.ids import ClientId, WorkerId
from homecare.visits import history
from homecare.visits.model import Visit
from homecare.visits.queries import list_between
from simulators.seed.catalogue import OFFERS
from simulators.seed.sketch import ClientSketch, WorkerSketch

_USUAL = 2  # workers whom a client knows for one kind of visit
_ACTOR = BySystem("seed")


class Past:
    """The workers and clients of the agency, and who came to know whom."""

    def __init__(
        self, clients: Mapping[ClientId, ClientSketch], workers: Mapping[WorkerId, WorkerSketch], *, seed: int
    ) -> None:
        """Begin when nobody knows anybody."""
        self._clients = clients
        self._workers = workers
        self._random = Random(seed)
        self._teams: dict[tuple[ClientId, str], list[WorkerId]] = {}

    def live(self, conn: db.Conn, *, since: date, until: date, now: datetime) -> int:
        """Let the visits of the days [since, until) have been done; return how many were."""
        done = [
            one
            for offset in range((until - since).days)
            for one in self._live_day(conn, since + timedelta(days=offset))
        ]
        return history.take_over(conn, _ACTOR, done, now=now)

    def _live_day(self, conn: db.Conn, day: date) -> Iterator[history.PastVisit]:
        starts, ends = day_bounds(day)
        busy: dict[WorkerId, datetime] = defaultdict(lambda: starts)
        for visit in list_between(conn, starts, ends):
            able = [
                id_
                for id_, worker in self._workers.items()
                if busy[id_] <= visit.starts_at and may_go(worker, self._clients[visit.client_id], visit)
            ]
            if able:
                worker = self._choose((visit.client_id, visit.service), able)
                busy[worker] = visit.ends_at
                arrived = visit.starts_at + timedelta(minutes=self._random.randint(-4, 6))
                left = visit.ends_at + timedelta(minutes=self._random.randint(-3, 8))
                yield history.PastVisit(visit.id, worker, arrived, left)

    def _choose(self, need: tuple[ClientId, str], able: list[WorkerId]) -> WorkerId:
        team = self._teams.setdefault(need, [])
        known = [worker for worker in team if worker in able]
        if known:
            return known[0]
        worker = self._random.choice(able)
        if len(team) < _USUAL:
            team.append(worker)
        return worker


def may_go(worker: WorkerSketch, client: ClientSketch, visit: Visit) -> bool:
    """Tell whether the worker may be sent: sector, hours, skills on that day, nothing to avoid. Pure."""
    if worker.sector != client.sector or set(worker.bans) & set(client.traits):
        return False
    begins, ends = visit.starts_at.astimezone(PARIS), visit.ends_at.astimezone(PARIS)
    levels = {
        skill.name: skill.level
        for skill in worker.skills
        if skill.since <= begins.date() and (skill.until is None or begins.date() < skill.until)
    }
    return any(
        hours.weekday == begins.isoweekday() and hours.starts <= begins.time() and ends.time() <= hours.ends
        for hours in worker.hours
    ) and all(
        levels.get(skill.value, 0) >= level
        for skill, (level, mandatory) in OFFERS[visit.service].skills.items()
        if mandatory
    )
