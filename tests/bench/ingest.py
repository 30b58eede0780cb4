"""Keeping punches durably: the core's own door beside what the same database does without it.

Every arm writes the same tables, keys and chain, starts with none, and fails unless it left exactly one row
for each key and at least as many as were acknowledged.
"""

import io
import itertools
import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache, partial
from statistics import median
from time import perf_counter

import psycopg

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId, PunchId, code_hash
from homecare.punches.keeping import GENESIS, link_hash
from homecare.punches.model import Channel, Claim, WorkerCode, claim_text
from homecare.punches.model import Line as HomeLine
from homecare.punches.operations import record, settle_range
from tests.bench import raw
from tests.bench.agency import Person, found_organisation
from tests.bench.arm import Arm, Line, Target, compare, run_in_turns
from tests.bench.counted import counted
from tests.bench.load import make_claims
from tests.bench.part import Measured, Scene
from tests.supervised import Supervised

COPIED = 50_000
JOB = 500
DOOR_64, DOOR_1000 = "porte du noyau, 64 en vol", "porte du noyau, 1000 en vol"
SINGLES_8, SINGLES_32 = (
    "une transaction par pointage, 8 connexions",
    "une transaction par pointage, 32 connexions",
)
PGBENCH, COPY = "pgbench, 64 clients, une ligne par COMMIT", "COPY, empreintes déjà calculées"

TARGETS = (
    Target(DOOR_64, SINGLES_8, 5),
    Target(DOOR_64, SINGLES_32, 3.5),
    Target(DOOR_1000, PGBENCH, 2),
    Target(DOOR_1000, COPY, 0.25),
)

_ONE_ROW = """WITH given AS (
    SELECT gen_random_uuid()::text AS ref, now() - random() * interval '1 day' AS at,
           'pgbench-' || :client_id AS core),
stated AS (
    SELECT *, jsonb_build_object('organisation', current_organisation(), 'channel', 'phone',
        'source_ref', ref, 'punched_at', at, 'where', '["line", "+33155000000"]'::jsonb,
        'who', '["code", "00"]'::jsonb, 'edge', NULL, 'place_check', 'unknown',
        'details', '{}'::jsonb) AS claim
    FROM given),
key AS (
    INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
    SELECT 'phone', ref, nextval('punch_ids'), at, sha256(claim::text::bytea) FROM stated
    ON CONFLICT DO NOTHING RETURNING punch_id, digest),
head AS (
    UPDATE punch_chains c SET number = c.number + 1,
           hash = sha256(c.hash || int8send(c.number + 1) || key.digest)
    FROM key, given WHERE c.core_instance = given.core RETURNING c.number, c.hash)
INSERT INTO punches (id, channel, source_ref, punched_at, received_at, claim, digest, proof,
                     core_instance, chain_number, chain_hash)
SELECT punch_id, 'phone', ref, at, now(), claim, digest, 'B', core, number, hash FROM stated, key, head;
"""


def measure(scene: Scene) -> Measured:
    """Measure the door and what it is beside; and settling, apart."""
    samples = run_in_turns(arms(scene.core), rounds=scene.rounds, seconds=scene.seconds)
    settled = settled_per_second(scene.core, scene.organisation, scene.people)
    apart = Line("rattachement (à part) / porte, 1000", settled, median(samples[DOOR_1000]), "p/s")
    return Measured([*compare(samples, TARGETS), apart], samples)


def arms(core: Supervised) -> list[Arm]:
    """Return the arms; makes their organisation and the tables that COPY fills."""
    organisation = found_organisation(core, "Débit")
    with psycopg.connect(core.settings.owner_database_url) as conn:
        conn.execute("CREATE TABLE copied_punches (LIKE punches INCLUDING ALL)")
        conn.execute(
            """SELECT create_hypertable('copied_punches', 'punched_at',
                                        chunk_time_interval => INTERVAL '1 week',
                                        create_default_indexes => false)"""
        )
        conn.execute("CREATE TABLE copied_keys (LIKE punch_keys INCLUDING ALL)")
    program, durable = partial(_program, core, organisation), partial(counted, core)
    return [
        Arm(SINGLES_8, durable(partial(program, "singles", 8))),
        Arm(SINGLES_32, durable(partial(program, "singles", 32))),
        Arm(DOOR_64, durable(partial(program, "door", 64))),
        Arm(PGBENCH, durable(partial(_pgbench, core, organisation))),
        Arm(COPY, partial(_copy, core, organisation)),
        Arm(DOOR_1000, durable(partial(program, "door", 1000))),
    ]


def _program(
    core: Supervised, organisation: OrganisationId, way: str, number: int, seconds: float
) -> tuple[int, float]:
    said = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.load", way, "--organisation", str(organisation)),
            *("--number", str(number), "--seconds", str(seconds)),
        ],
        input=core.settings.database_url,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer = json.loads(said.stdout.splitlines()[-1])
    return answer["stored"], answer["seconds"]


def _pgbench(core: Supervised, organisation: OrganisationId, seconds: float) -> tuple[int, float]:
    clients = 64
    with psycopg.connect(core.settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        conn.execute(
            """INSERT INTO punch_chains (core_instance, number, hash)
               SELECT 'pgbench-' || n, 0, %s FROM generate_series(0, %s) AS n""",
            (GENESIS, clients - 1),
        )
    made, rate = raw.pgbench(
        core.settings.database_url,
        _ONE_ROW,
        clients=clients,
        seconds=seconds,
        options=f"-c app.organisation_id={organisation}",
    )
    return made, made / rate


def _copy(core: Supervised, organisation: OrganisationId, _seconds: float) -> float:
    rows, keys = _copied(organisation)
    with psycopg.connect(core.settings.owner_database_url) as conn:
        conn.execute("TRUNCATE copied_punches, copied_keys")
        conn.commit()
        began = perf_counter()
        with conn.cursor() as cursor:
            with cursor.copy("COPY copied_keys FROM STDIN") as copy:
                copy.write(keys)
            with cursor.copy("COPY copied_punches FROM STDIN") as copy:
                copy.write(rows)
        conn.commit()
        passed = perf_counter() - began
        counts = conn.execute(
            "SELECT (SELECT count(*) FROM copied_punches), (SELECT count(*) FROM copied_keys)"
        ).fetchone()
    if counts != (COPIED, COPIED):
        raise RuntimeError(f"copied {counts}")
    return COPIED / passed


@cache
def _copied(organisation: OrganisationId) -> tuple[bytes, bytes]:
    """Return COPIED punches and their keys in COPY's text format, hashes computed."""
    rows, keys, hash_ = io.StringIO(), io.StringIO(), GENESIS
    # A claim that is sent twice is equal to the one before it.
    fresh = (claim for claim, _ in itertools.groupby(make_claims(organisation)))
    for number, claim in enumerate(itertools.islice(fresh, COPIED), 1):
        at, ref, digest = claim.punched_at.isoformat(), claim.source_ref, claim.digest()
        hash_ = link_hash(hash_, number, digest)
        keys.write(f"{organisation}\tphone\t{ref}\t{number}\t{at}\t\\\\x{digest.hex()}\n")
        rows.write(
            f"{organisation}\t{number}\tphone\t{ref}\t{at}\t{at}\t{claim_text(claim)}\t\\\\x{digest.hex()}\tB"
            f"\tbench\t{number}\t\\\\x{hash_.hex()}\n"
        )
    return rows.getvalue().encode(), keys.getvalue().encode()


def settled_per_second(core: Supervised, organisation: OrganisationId, people: list[Person]) -> float:
    """Return how many punches a second the job settles, of batches that were kept first."""
    ranges: list[tuple[PunchId, PunchId]] = []
    with psycopg.connect(core.settings.database_url) as conn:
        made = _calls(core, organisation, people)
        for start in range(0, len(made), JOB):
            batch = made[start : start + JOB]
            db.use_organisation(conn, organisation)
            receipts = record(conn, batch, core_instance="bench", now=datetime.now(UTC))
            conn.commit()
            punches = [receipt.punch for receipt in receipts if receipt.punch is not None]
            ranges.append((min(punches), max(punches)))
        began = perf_counter()
        for since, until in ranges:
            db.use_organisation(conn, organisation)
            settle_range(conn, since, until, now=datetime.now(UTC))
            conn.commit()
        return len(made) / (perf_counter() - began)


def _calls(core: Supervised, organisation: OrganisationId, people: list[Person]) -> list[Claim]:
    """Return ten batches of calls: an arrival and a departure of visit after visit of each person."""
    each = 10 * JOB // len(people)
    return [
        Claim(
            organisation,
            Channel.PHONE,
            f"settle-{number}-{count}",
            next(person.times),
            HomeLine(person.home.line),
            WorkerCode(code_hash(core.settings.code_key, organisation, person.code)),
        )
        for count in range(each)
        for number, person in enumerate(people)
    ]
