"""The spool itself: ordered, bounded, durable, shared by the threads of one program.

It never reads a body, never drops an entry on its own and never asks what time it is.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from spool.errors import KeyTakenError, NoEntryError, SpoolError, SpoolFullError
from spool.schema import open_database

CAPACITY = 100_000  # entries: at 2 kB each, about 400 MB with its index at the very worst


@dataclass(frozen=True, slots=True)
class Entry:
    """What waits. Positions grow in the order in which entries were put and are never given twice."""

    position: int
    key: str
    body: bytes
    put_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What nobody will take, and why."""

    entry: Entry
    reason: str
    set_aside_at: datetime


class Spool:
    """One file of waiting entries. Every method may be called from any thread."""

    def __init__(self, path: Path, *, capacity: int = CAPACITY) -> None:
        """Open or create the spool at `path`. `capacity` bounds waiting entries and dead letters together.

        Raises SpoolBusyError when another program holds it, SpoolError when the file is no spool.
        """
        self._capacity = capacity
        self._lock = threading.Lock()
        self._db = open_database(path)
        self._waiting = self._count("SELECT count(*) FROM waiting")
        self._dead = self._count("SELECT count(*) FROM dead_letters")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """How many entries wait."""
        return self._waiting

    @property
    def dead(self) -> int:
        """How many dead letters are kept."""
        return self._dead

    def put(self, key: str, body: bytes, *, now: datetime) -> None:
        """Keep one entry. It is on the disk when this returns; see `put_all`."""
        self.put_all([(key, body)], now=now)

    def put_all(self, entries: Sequence[tuple[str, bytes]], *, now: datetime) -> None:
        """Keep all of these (key, body), in this order, or none: one commit, thus one fsync, for the lot.

        An entry that waits already under its key with the same body is left as it is.
        Raises SpoolFullError, or KeyTakenError when another body waits under one of the keys.
        """
        with self._transaction() as db:
            added = sum(_insert(db, key, body, now) for key, body in entries)
            if added and self._waiting + self._dead + added > self._capacity:
                raise SpoolFullError(f"the spool is full: {self._capacity} entries")
            db.execute("COMMIT")
            self._waiting += added

    def peek(self, limit: int, *, after: int = 0) -> list[Entry]:
        """Return the oldest waiting entries, at most `limit`, with a position beyond `after`."""
        with self._lock:
            rows = self._db.execute(
                """SELECT position, key, body, put_at FROM waiting
                   WHERE position > ? ORDER BY position LIMIT ?""",
                (after, limit),
            ).fetchall()
        return [_entry(row) for row in rows]

    def ack(self, keys: Iterable[str]) -> int:
        """Let go of these entries: their receiver has them for good. Return how many of them waited."""
        with self._transaction() as db:
            gone = sum(db.execute("DELETE FROM waiting WHERE key = ?", (key,)).rowcount for key in keys)
            db.execute("COMMIT")
            self._waiting -= gone
        return gone

    def set_aside(self, key: str, *, reason: str, now: datetime) -> None:
        """Make the entry a dead letter: it waits no longer, its reason is kept. Raises NoEntryError."""
        with self._transaction() as db:
            moved = db.execute(
                """INSERT INTO dead_letters (position, key, body, put_at, reason, set_aside_at)
                   SELECT position, key, body, put_at, ?, ? FROM waiting WHERE key = ?""",
                (reason, now.isoformat(), key),
            ).rowcount
            if not moved:
                raise NoEntryError(f"nothing waits under {key!r}")
            db.execute("DELETE FROM waiting WHERE key = ?", (key,))
            db.execute("COMMIT")
            self._waiting -= 1
            self._dead += 1

    def dead_letters(self, limit: int, *, after: int = 0) -> list[DeadLetter]:
        """Return the oldest dead letters, at most `limit`, with a position beyond `after`."""
        with self._lock:
            rows = self._db.execute(
                """SELECT position, key, body, put_at, reason, set_aside_at FROM dead_letters
                   WHERE position > ? ORDER BY position LIMIT ?""",
                (after, limit),
            ).fetchall()
        return [DeadLetter(_entry(row[:4]), row[4], datetime.fromisoformat(row[5])) for row in rows]

    def forget_dead_letters(self, *, before: datetime) -> int:
        """Delete the dead letters set aside before this instant (retention). Return how many there were."""
        with self._transaction() as db:
            gone = db.execute(
                "DELETE FROM dead_letters WHERE julianday(set_aside_at) < julianday(?)", (before.isoformat(),)
            ).rowcount
            db.execute("COMMIT")
            self._dead -= gone
        return gone

    def close(self) -> None:
        """Close the file. What waits goes on waiting."""
        with self._lock:
            self._db.close()

    def _count(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the lock and a transaction that the body commits; anything raised rolls it back."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
            except sqlite3.Error as error:
                raise _translate(error) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _insert(db: sqlite3.Connection, key: str, body: bytes, now: datetime) -> int:
    added = db.execute(
        "INSERT INTO waiting (key, body, put_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (key, body, now.isoformat()),
    ).rowcount
    if not added:
        [kept] = db.execute("SELECT body FROM waiting WHERE key = ?", (key,)).fetchone()
        if kept != body:
            raise KeyTakenError(f"another body waits under {key!r}")
    return added


def _entry(row: Sequence[Any]) -> Entry:
    position, key, body, put_at = row
    return Entry(position, key, body, datetime.fromisoformat(put_at))


def _translate(error: sqlite3.Error) -> SpoolError:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return SpoolFullError(f"the spool's disk takes no more: {error}")
    return SpoolError(f"the spool failed: {error}")
