"""Programs that load the core's own door, each in a process of its own: `python -m tests.bench.load WAY …`.

`door` sends claims through the recorder, a number of them in flight, each followed by the next when its
receipt is there. `singles` keeps each claim in a transaction of its own, on a number of connections. Both
write the same tables under row-level security, and print how many they were acknowledged and in how long.
"""

import argparse
import itertools
import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import psycopg
from twisted.internet.defer import Deferred, gatherResults
from twisted.python.failure import Failure

from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.kernel.sealing import Sealer
from homecare.punches.keeping import keep
from homecare.punches.model import Channel, Claim, Line, Receipt, WorkerCode
from realtime.db import Database
from realtime.reactor import IReactor
from realtime.recording import Recorder
from spool.spool import Spool

SENT_AGAIN = 50
"""One in so many claims is sent a second time, as a source does that saw no answer."""


def make_claims(organisation: OrganisationId) -> Iterator[Claim]:
    """Yield calls of the last day without end, one in fifty of them twice."""
    run, now, code = uuid.uuid4().hex[:12], datetime.now(UTC), bytes(32)
    for number in itertools.count():
        claim = Claim(
            organisation,
            Channel.PHONE,
            f"{run}-{number}",
            now - timedelta(seconds=number % 86_400),
            Line(f"+33155{number % 10_000:06d}"),
            WorkerCode(code),
        )
        yield claim
        if number % SENT_AGAIN == 0:
            yield claim


async def send(recorder: Recorder, claims: Iterator[Claim], *, in_flight: int, seconds: float) -> int:
    """Keep `in_flight` claims on their way for `seconds`; return how many were stored."""
    until = time.perf_counter() + seconds
    stored = 0

    async def go_on() -> None:
        nonlocal stored
        while time.perf_counter() < until:
            receipt = await recorder.record(next(claims))
            if not isinstance(receipt, Receipt):
                raise TypeError("kept, not stored: the database went away")
            stored += receipt.status == "stored"

    await gatherResults([Deferred.fromCoroutine(go_on()) for _ in range(in_flight)])
    return stored


def through_door(conninfo: str, organisation: OrganisationId, *, number: int, seconds: float) -> None:
    """Load the recorder with `number` claims in flight."""
    from twisted.internet import reactor as global_reactor  # noqa: PLC0415 - importing it installs it

    reactor = cast("IReactor", global_reactor)
    database = Database(conninfo, reactor)
    folder = tempfile.TemporaryDirectory(prefix="bench-")
    spool = Spool(Path(folder.name) / "spool.sqlite3")
    recorder = Recorder(database, spool, clock=Clock(), core_instance="bench", sealer=Sealer())
    # Made beforehand: a claim comes from a channel, whose work is measured elsewhere.
    claims = iter(list(itertools.islice(make_claims(organisation), round(40_000 * (seconds + 1)))))
    failed: list[Failure] = []

    async def measure() -> None:
        await send(recorder, claims, in_flight=number, seconds=1)  # connections, prepared statements
        began = time.perf_counter()
        stored = await send(recorder, claims, in_flight=number, seconds=seconds)
        print(json.dumps({"stored": stored, "seconds": time.perf_counter() - began}))

    def begin() -> None:
        database.startService()
        recorder.startService()
        measuring = Deferred.fromCoroutine(measure()).addErrback(failed.append)
        measuring.addBoth(lambda _: database.stopService()).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    reactor.run()
    spool.close()
    folder.cleanup()
    if failed:
        failed[0].raiseException()


def one_by_one(conninfo: str, organisation: OrganisationId, *, number: int, seconds: float) -> None:
    """Keep each claim in its own transaction on `number` connections, each with a chain of its own."""
    stored = [0] * number

    def work(place: int, until: float) -> None:
        claims, instance, count = make_claims(organisation), f"bench-{place}", 0
        with psycopg.connect(conninfo, prepare_threshold=0) as conn:
            while time.perf_counter() < until:
                with conn.pipeline():
                    db.use_organisation(conn, organisation)
                kept = keep(conn, [next(claims)], core_instance=instance, now=datetime.now(UTC))
                conn.commit()
                count += kept[0].status == "stored"
        stored[place] = count

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(place, began + seconds)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"stored": sum(stored), "seconds": time.perf_counter() - began}))


def main() -> int:
    """Load one way or the other; the database's address comes on the standard input."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("way", choices=("door", "singles"))
    parser.add_argument("--organisation", type=int, required=True)
    parser.add_argument("--number", type=int, required=True, help="in flight, or connections")
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    run = through_door if options.way == "door" else one_by_one
    run(
        sys.stdin.read(),
        OrganisationId(options.organisation),
        number=options.number,
        seconds=options.seconds,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
