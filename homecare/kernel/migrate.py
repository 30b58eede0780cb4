"""Apply the migrations: `python -m homecare.kernel.migrate [--demo]`, as the owner of the schema.

Files `homecare/migrations/NNNN_subject.sql` are applied in order, one transaction each, forward only. The
checksum of each applied file is kept: a file that was changed afterwards stops the start. The job queue's own
schema (procrastinate) comes first and is recorded in the same way.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from homecare.kernel import db
from homecare.kernel.settings import read_settings

FOLDER = Path(__file__).parent.parent / "migrations"
# No two starts migrate at once; the number is arbitrary and ours.
LOCK_KEY = 7_031_994


class MigrationError(Exception):
    """An applied migration was changed or is unknown to this version."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A script to apply once."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the script, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> Iterator[Migration]:
    """Yield the migrations in the order in which they apply."""
    grants = (
        "\nGRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ponctuel_app;"
        "\nGRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ponctuel_app;"
        "\nREVOKE ALL ON migrations FROM ponctuel_app;"  # it stands beside the queue's tables already
    )
    yield Migration("0000_jobs", SchemaManager.get_schema() + grants)
    for path in sorted(FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        yield Migration(path.stem, path.read_text())


def migrate(conn: db.Conn, *, demo: bool, said: Callable[[str], None]) -> int:
    """Apply what is missing and return how many scripts ran. `conn` is in autocommit, as the owner.

    `demo` marks the installation for good: a demonstration can never become a real one, nor the reverse.
    """
    conn.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
    try:
        applied = _applied(conn)
        count = 0
        for migration in migrations():
            if migration.name in applied:
                if applied[migration.name] != migration.checksum:
                    raise MigrationError(f"{migration.name} was changed after it had been applied")
                continue
            said(migration.name)
            _apply(conn, migration)
            count += 1
        conn.execute("INSERT INTO installation (demo) VALUES (%s) ON CONFLICT DO NOTHING", (demo,))
        if db.value(conn, bool, "SELECT demo FROM installation") != demo:
            raise MigrationError("this database was installed for the other purpose (demo or real)")
        return count
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK_KEY,))


def _applied(conn: db.Conn) -> dict[str, str]:
    conn.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL)")
    return dict(conn.execute("SELECT name, checksum FROM migrations").fetchall())


def _apply(conn: db.Conn, migration: Migration) -> None:
    with conn.transaction():
        conn.execute("SET LOCAL lock_timeout = '5s'")
        # A script is our own text, read whole from a file of ours.
        conn.execute(migration.sql.encode())
        conn.execute(
            "INSERT INTO migrations (name, checksum) VALUES (%s, %s)", (migration.name, migration.checksum)
        )


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")


def main() -> None:
    """Migrate the database that the settings name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--demo", action="store_true", help="mark the installation as a demonstration")
    arguments = parser.parse_args()
    settings = read_settings()
    with psycopg.connect(settings.owner_database_url, autocommit=True) as conn:
        count = migrate(
            conn, demo=arguments.demo or settings.demo, said=lambda name: _say(f"migration {name}")
        )
    _say(f"{count} migrations" if count else "schéma à jour")


if __name__ == "__main__":
    main()
