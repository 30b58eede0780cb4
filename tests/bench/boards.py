"""Live boards: from the moment a check-in is sent to its event on each open board."""

import http.client
import json
import threading
import time
import uuid
from statistics import quantiles

import psycopg

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel import db
from homecare.kernel.clock import system_now
from homecare.kernel.ids import OrganisationId
from tests.bench.agency import Person
from tests.bench.arm import Line
from tests.bench.part import Measured, Scene
from tests.builders import make_user
from tests.realtime.browser import OpenBoard
from tests.supervised import Supervised

PUNCHES_A_SECOND = 10


def measure(scene: Scene) -> Measured:
    """From check-in to event during a peak of punches, with fifty open boards, beside the same with one."""
    alone = delays(scene.core, scene.organisation, scene.people, boards=1)
    many = delays(scene.core, scene.organisation, scene.people, boards=50)
    names = ("p50", "p95", "p99")
    peak = f"{PUNCHES_A_SECOND}/s, 50 ouverts contre 1"
    return Measured(
        [
            Line(f"geste → tableau {name}, {peak}", ours, baseline, "ms")
            for name, ours, baseline in zip(names, many, alone, strict=True)
        ]
    )


def delays(
    core: Supervised, organisation: OrganisationId, people: list[Person], *, boards: int
) -> tuple[float, float, float]:
    """Return p50, p95 and p99 in ms over every (punch, board): one punch of each person, ten a second.

    Every punch must be seen on every board, or this fails.
    """
    with psycopg.connect(core.settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        session = open_session(conn, make_user(conn, role=Role.COORDINATOR), now=system_now())
    open_ = [OpenBoard(core.settings, session) for _ in range(boards)]
    try:
        sent = _punch(core, people)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not all(_count(board) >= len(sent) for board in open_):
            time.sleep(0.05)
        return _spread([(sent, board) for board in open_])
    finally:
        for board in open_:
            board.close()


def _punch(core: Supervised, people: list[Person]) -> dict[int, float]:
    """Send a check-in of each person in an open loop and return when each was sent, by visit."""
    sent: list[tuple[float, int]] = []
    lock = threading.Lock()
    began = time.monotonic()
    threads = []
    for number, person in enumerate(people):
        wait = began + number / PUNCHES_A_SECOND - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        thread = threading.Thread(target=_send, args=(core, person, sent, lock))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return {visit: at for at, visit in sent}


def _send(core: Supervised, person: Person, sent: list[tuple[float, int]], lock: threading.Lock) -> None:
    link = http.client.HTTPConnection(core.settings.realtime_host, core.settings.realtime_port, timeout=30)
    body = json.dumps({"v": 1, "at": next(person.times).isoformat(), "qr": person.home.qr_token})
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"ponctuel_session={person.session}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    at = time.monotonic()
    link.request("POST", "/punch", body, headers)
    answer = json.loads(link.getresponse().read())
    link.close()
    with lock:
        sent.append((at, int(answer["visit"])))


def _count(board: OpenBoard) -> int:
    return len({data["id"] for _, kind, data in list(board.events) if kind == "visit"})


def _spread(watched: list[tuple[dict[int, float], OpenBoard]]) -> tuple[float, float, float]:
    found: list[float] = []
    for sent, board in watched:
        seen: dict[object, float] = {}
        for at, kind, data in board.events:
            if kind == "visit":
                seen[data["id"]] = at
        missing = sent.keys() - seen.keys()
        if missing:
            raise RuntimeError(f"{len(missing)} punches were not seen on a board")
        found += [1_000 * (seen[visit] - at) for visit, at in sent.items()]
    cut = quantiles(found, n=100)
    return cut[49], cut[94], cut[98]
