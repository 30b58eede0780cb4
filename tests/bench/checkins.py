"""Codes scanned with phones: durable check-ins over HTTP, beside a usual program that commits each by itself.

TLS is off (nginx carries it for both), everything else is on: session, place, strict reading, limits. Each
arm starts with empty tables and fails unless it left one row for each key and none but 201 and 200 were
answered.
"""

import itertools
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from docker.rootfs.ports import choose_port
from tests.bench.agency import WORKERS, Person
from tests.bench.arm import Arm, Line, Target, compare, run_in_turns
from tests.bench.checkin_load import CheckIn, Order, Report, read_report, write_order
from tests.bench.counted import compare_rows, counted, empty
from tests.bench.load import SENT_AGAIN
from tests.bench.part import Measured, Scene
from tests.supervised import Supervised

IN_FLIGHT = 64
RATE = 1500
"""Check-ins a second in the open loop."""
MOST_MS = 50
FASTEST = 8000
"""More a second than any arm takes: requests are made beforehand."""
OPEN_CONNECTIONS = 256
WORKER_PROCESSES = 2
OURS = f"pointage HTTP, {IN_FLIGHT} en vol"
PEER = f"Flask/granian, une transaction par requête, {IN_FLIGHT} en vol"
STARTED_WITHIN = 30.0


def measure(scene: Scene) -> Measured:
    """Measure both doors: as fast as they go, then at a given rate."""
    core, people = scene.core, scene.people
    with running_peer(core) as peer:
        doors = {OURS: core.settings.realtime_port, PEER: peer}
        arms = [
            Arm(name, counted(core, partial(_closed, people, port, connections=IN_FLIGHT)))
            for name, port in doors.items()
        ]
        samples = run_in_turns(arms, rounds=scene.rounds, seconds=scene.seconds)
        delays = {name: f"p99 {name}, {RATE}/s" for name in doors}
        for _ in range(scene.rounds):
            for name, port in doors.items():
                late = _open(core, people, port, scene.seconds)
                samples.setdefault(delays[name], []).append(late.p99_ms)
    p99 = Line(
        f"du geste au COMMIT p99, {RATE}/s en boucle ouverte / Flask/granian",
        median(samples[delays[OURS]]),
        median(samples[delays[PEER]]),
        "ms",
        most=MOST_MS,
    )
    return Measured([*compare(samples, [Target(OURS, PEER, 3)], unit="pointages/s"), p99], samples)


def per_second(core: Supervised, people: list[Person], seconds: float) -> float:
    """Return how many check-ins a second were answered 201, a phone for each worker."""
    stored, passed = _closed(people, core.settings.realtime_port, seconds, connections=WORKERS)
    return stored / passed


@contextmanager
def running_peer(core: Supervised) -> Iterator[int]:
    """Run the peer on the core's database; yields its port."""
    port = choose_port(set())
    command = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", "tests.bench.checkin_peer"]
    peer = subprocess.Popen(
        [*command, str(port), str(WORKER_PROCESSES)],
        env={**os.environ, "PONCTUEL_ENV_FILE": str(core.state / "env")},
    )
    try:
        _wait_for(port, peer)
        yield port
    finally:
        peer.terminate()
        peer.wait(timeout=30)


def _wait_for(port: int, peer: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until or peer.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def make_check_ins(people: list[Person]) -> Iterator[CheckIn]:
    """Yield check-ins of each in turn without end, one in fifty of them twice."""
    for number, person in enumerate(itertools.cycle(people)):
        at = next(person.times).isoformat()
        one = CheckIn(person.session, uuid.uuid4().hex, at, person.home.qr_token)
        yield one
        if number % SENT_AGAIN == 0:
            yield one


def _closed(people: list[Person], port: int, seconds: float, *, connections: int) -> tuple[int, float]:
    many = round(FASTEST * seconds)
    report = _run(Order("127.0.0.1", port, connections, seconds, _take(people, many)))
    return report.stored, report.seconds


def _open(core: Supervised, people: list[Person], port: int, seconds: float) -> Report:
    empty(core)
    many = round(RATE * (seconds + 1))
    report = _run(Order("127.0.0.1", port, OPEN_CONNECTIONS, seconds, _take(people, many), rate=RATE))
    compare_rows(core, report.stored)
    return report


def _take(people: list[Person], many: int) -> list[CheckIn]:
    return list(itertools.islice(make_check_ins(people), many))


def _run(order: Order) -> Report:
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.checkin_load"],
        input=write_order(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    report = read_report(said.stdout)
    if report.others or not report.stored:
        raise RuntimeError(f"{report.others} answers were neither 201 nor 200; {report.stored} stored")
    return report
