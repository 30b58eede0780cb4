"""The spool's tables, and how its file is opened so that a returned write is a durable one."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from spool.errors import SpoolBusyError, SpoolError

VERSION = 1

# AUTOINCREMENT: a position is never given twice, so that the order survives the removal of the last entry.
TABLES = """
CREATE TABLE IF NOT EXISTS waiting (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT NOT NULL UNIQUE,
    body     BLOB NOT NULL,
    put_at   TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS dead_letters (
    position     INTEGER PRIMARY KEY,
    key          TEXT NOT NULL,
    body         BLOB NOT NULL,
    put_at       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    set_aside_at TEXT NOT NULL
) STRICT;
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open or create the file, readable by its owner only. Raises SpoolBusyError, or SpoolError if unusable.

    WAL with synchronous FULL: a commit returns after the log's fsync, and a kill at any instant leaves the
    last commit. Locking EXCLUSIVE: two programs would otherwise hand the same entry on twice.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # autocommit: transactions are begun by name, in `Spool`; check_same_thread: its lock orders the threads
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.Error as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise SpoolBusyError(f"{path} is held open by another program") from error
        raise SpoolError(f"{path} is not a usable spool: {error}") from error
    except SpoolError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with closing(connection.execute("PRAGMA user_version")) as answer:
        version = int(answer.fetchone()[0])
    if version > VERSION:
        raise SpoolError(f"a newer program wrote this spool: version {version}, not {VERSION}")
    connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT")
