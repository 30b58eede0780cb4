"""Sealing days that are over, and reading what was sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from psycopg.types.json import Jsonb

from homecare.kernel import audit, db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import OrganisationId
from homecare.punches.ledger.tree import FIRST_SEAL, leaf, merkle_root, seal, write_line

QUIET = timedelta(hours=1)
"""After midnight, as a punch is received before it is committed: by then the last of the day is."""
_ACTOR = audit.BySystem("ledger")
_ROWS = 5_000
_NO_HEAD = (0, "")

type Heads = Mapping[str, tuple[int, str]]
"""The last link of each core's chain: its number, and its hash in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed day. `heads`: where the chains stood at its end."""

    day: date
    lines: int
    root: bytes
    seal: bytes
    heads: Heads


def seal_days(conn: db.Conn, organisation: OrganisationId, *, now: datetime) -> list[Seal]:
    """Seal every day of the organisation that is over and not sealed yet, in order; return the new seals.

    A day on which nothing was received is sealed too: an empty day cannot be filled afterwards. Of two that
    seal at once the second waits, and finds nothing left to do.
    """
    conn.execute("SELECT pg_advisory_xact_lock(hashtext('ledger'), %s)", (organisation % 2**31,))
    last = last_seal(conn)
    day = _first_day(conn) if last is None else last.day + timedelta(days=1)
    made: list[Seal] = []
    while day is not None and day_bounds(day)[1] + QUIET <= now:
        last = _seal_day(conn, day, last)
        audit.record(conn, _ACTOR, "punches.seal_day", day.toordinal(), now=now)
        made.append(last)
        day += timedelta(days=1)
    return made


def _seal_day(conn: db.Conn, day: date, last: Seal | None) -> Seal:
    before = {} if last is None else last.heads
    heads = dict(before) | _find_heads(conn, before, until=day_bounds(day)[1])
    root, lines = merkle_root(leaf(line) for line in read_lines(conn, day, before, heads))
    sealed = seal(FIRST_SEAL if last is None else last.seal, day, root=root, lines=lines)
    conn.execute(
        "INSERT INTO ledger_seals (day, lines, root, seal, heads) VALUES (%s, %s, %s, %s, %s)",
        (day, lines, root, sealed, Jsonb(heads)),
    )
    return Seal(day, lines, root, sealed, heads)


def list_seals(conn: db.Conn, *, since: date, until: date) -> list[Seal]:
    """Return the sealed days of [since, until), in order."""
    return db.many(
        conn,
        Seal,
        """SELECT day, lines, root, seal, heads FROM ledger_seals
           WHERE day >= %s AND day < %s ORDER BY day""",
        (since, until),
    )


def last_seal(conn: db.Conn) -> Seal | None:
    """Return the latest sealed day, None while there is none."""
    return db.maybe(
        conn, Seal, "SELECT day, lines, root, seal, heads FROM ledger_seals ORDER BY day DESC LIMIT 1"
    )


def read_lines(conn: db.Conn, day: date, before: Heads, heads: Heads) -> Iterator[bytes]:
    """Read the lines of a day: of each core in turn, what follows its head `before` up to its head, in order.

    A few thousand are in memory at a time.
    """
    for core in sorted(heads):
        with conn.cursor("ledger") as cursor:
            cursor.itersize = _ROWS
            cursor.execute(
                """SELECT chain_number, received_at, proof, claim, digest, chain_hash FROM punches
                   WHERE core_instance = %s AND chain_number > %s AND chain_number <= %s
                   ORDER BY chain_number""",
                (core, before.get(core, _NO_HEAD)[0], heads[core][0]),
            )
            for number, received_at, proof, claim, digest, chain_hash in cursor:
                yield write_line(
                    {
                        "day": day.isoformat(),
                        "core": core,
                        "number": number,
                        "received_at": received_at.astimezone(UTC).isoformat(),
                        "proof": proof,
                        "claim": claim,
                        "digest": bytes(digest).hex(),
                        "hash": bytes(chain_hash).hex(),
                    }
                )


def _find_heads(conn: db.Conn, before: Heads, *, until: datetime) -> dict[str, tuple[int, str]]:
    """Return the last link of each chain that was received before an instant, where there is a new one.

    All links up to it belong to the day, whatever a clock that was set back made of their instants: what is
    sealed is a piece of the chain, and nothing can be received into it any more.
    """
    heads: dict[str, tuple[int, str]] = {}
    for core in db.values(conn, str, "SELECT core_instance FROM punch_chains"):
        row = conn.execute(
            """SELECT chain_number, chain_hash FROM punches
               WHERE core_instance = %s AND chain_number > %s AND received_at < %s
               ORDER BY chain_number DESC LIMIT 1""",
            (core, before.get(core, _NO_HEAD)[0], until),
        ).fetchone()
        if row is not None:
            heads[core] = (row[0], bytes(row[1]).hex())
    return heads


def _first_day(conn: db.Conn) -> date | None:
    first = db.value(conn, datetime, "SELECT min(received_at) FROM punches")
    return None if first is None else paris_day(first)
