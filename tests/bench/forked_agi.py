"""The same call as a script that Asterisk starts for each caller (AGI over standard input and output).

The baseline: a process, a connection and its few statements a call. It writes the key, the link of the chain,
the raw punch, its match and the visit's end, as the core does, and leaves out what else the core does (audit,
boards, lock-out, languages). It imports nothing but the database driver.
"""

import hashlib
import hmac
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg

type Conn = psycopg.Connection[tuple[Any, ...]]


def ask(command: str) -> str:
    """Give a command; return the word after `result=`."""
    print(command, flush=True)
    return sys.stdin.readline().split("result=")[1].split(" ")[0].strip()


def main() -> None:
    """Take one call."""
    headers = {}
    while line := sys.stdin.readline().strip():
        name, _, value = line.partition(": ")
        headers[name] = value
    with psycopg.connect(os.environ["DATABASE_URL"]) as conn:
        (organisation,) = _row(conn, "SELECT find_called_line(%s)", headers["agi_extension"])
        _row(conn, "SELECT set_config('app.organisation_id', %s, false)", str(organisation))
        (home,) = _row(
            conn, "SELECT home_id FROM home_lines WHERE number = %s LIMIT 1", headers["agi_callerid"]
        )
        conn.commit()
        code = ask('GET DATA "/srv/prompts/fr/code" "5000" "6"')
        hash_ = hmac.digest(os.environ["CODE_KEY"].encode(), f"{organisation}|{code}".encode(), "sha256")
        worker, name = _row(
            conn,
            "SELECT id, first_name FROM workers WHERE code_hash = %s AND coalesce(left_on > now(), true)",
            hash_,
        )
        at = datetime.fromtimestamp(int(headers["agi_arg_1"]), UTC)
        _store(conn, headers, organisation, home, worker, hash_, at)
        conn.commit()
    ask('SET VARIABLE PONCTUEL_DONE "1"')
    for sound in ("arrival_at", "said/time", "thanks", f"said/{name}", "goodbye"):
        ask(f'STREAM FILE "/srv/prompts/fr/{sound}" ""')
    ask("HANGUP")


def _row(conn: Conn, sql: LiteralString, *parameters: object) -> Any:
    return conn.execute(sql, parameters).fetchone()


def _store(
    conn: Conn,
    headers: Mapping[str, str],
    organisation: int,
    home: int,
    worker: int,
    hash_: bytes,
    at: datetime,
) -> None:
    claim = json.dumps(
        {
            "organisation": organisation,
            "channel": "phone",
            "source_ref": headers["agi_uniqueid"],
            "punched_at": at.isoformat(),
            "where": ["line", headers["agi_callerid"]],
            "who": ["code", hash_.hex()],
            "edge": None,
            "place_check": "unknown",
            "details": {"called": headers["agi_extension"], "caller": headers["agi_callerid"]},
        }
    )
    digest = hashlib.sha256(claim.encode()).digest()
    (punch,) = _row(
        conn,
        """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
           VALUES ('phone', %s, nextval('punch_ids'), %s, %s) RETURNING punch_id""",
        *(headers["agi_uniqueid"], at, digest),
    )
    conn.execute(
        "INSERT INTO punch_chains (core_instance, number, hash) VALUES ('agi', 0, %s) ON CONFLICT DO NOTHING",
        (bytes(32),),
    )
    number, before = _row(
        conn, "SELECT number, hash FROM punch_chains WHERE core_instance = 'agi' FOR UPDATE"
    )
    number += 1
    link = hashlib.sha256(bytes(before) + number.to_bytes(8, "big") + digest).digest()
    conn.execute("UPDATE punch_chains SET number = %s, hash = %s WHERE core_instance = 'agi'", (number, link))
    conn.execute(
        """INSERT INTO punches (id, channel, source_ref, punched_at, received_at, claim, digest, proof,
                                core_instance, chain_number, chain_hash)
           VALUES (%s, 'phone', %s, %s, now(), %s, %s, 'B', 'agi', %s, %s)""",
        (punch, headers["agi_uniqueid"], at, claim, digest, number, link),
    )
    visit = _row(
        conn,
        """SELECT id, arrived_at FROM visits
           WHERE worker_id = %s AND home_id = %s AND cancelled_at IS NULL
             AND starts_at < %s AND starts_at > %s AND ends_at >= %s
           ORDER BY starts_at LIMIT 1""",
        *(worker, home, at + timedelta(minutes=30), at - timedelta(days=1), at - timedelta(minutes=30)),
    )
    id_, arrived = visit or (None, None)
    edge = None if id_ is None else "arrival" if arrived is None else "departure"
    if edge is not None:
        conn.execute(
            """UPDATE visits SET arrived_at = CASE WHEN %(edge)s = 'arrival' THEN %(at)s ELSE arrived_at END,
                                 left_at = CASE WHEN %(edge)s = 'arrival' THEN left_at
                                                WHEN arrived_at <= %(at)s THEN %(at)s ELSE left_at END
               WHERE id = %(visit)s""",
            {"edge": edge, "at": at, "visit": id_},
        )
    conn.execute(
        """INSERT INTO punch_matches (punch_id, punched_at, channel, home_id, worker_id, edge, visit_id,
                                      doubt, settled_at)
           VALUES (%s, %s, 'phone', %s, %s, %s, %s, %s, now())""",
        (punch, at, home, worker, edge, id_, "no_visit" if id_ is None else None),
    )


main()
