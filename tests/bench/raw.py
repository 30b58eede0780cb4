"""The raw limit of the same database: single-row commits by pgbench, a C client."""

import re
import subprocess
import tempfile
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from docker.rootfs.build import build_rootfs
from docker.rootfs.sandbox import Bind, in_rootfs
from tests.supervised import Supervised

_SCRIPT = """INSERT INTO bench_rows (organisation_id, channel, source_ref, punched_at, claim)
VALUES (1, 'phone', gen_random_uuid()::text, now(), '{"where": ["line", "+33555100001"]}');
"""


def prepare(core: Supervised) -> None:
    """Make the table: like the raw punches, with their key and no policy."""
    import psycopg  # noqa: PLC0415 - the rest of the module needs a program only

    with psycopg.connect(core.settings.owner_database_url) as conn:
        conn.execute(
            """CREATE TABLE bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                   organisation_id bigint NOT NULL, channel text NOT NULL, source_ref text NOT NULL,
                   punched_at timestamptz NOT NULL, claim jsonb NOT NULL,
                   UNIQUE (organisation_id, channel, source_ref))"""
        )


def commits_per_second(core: Supervised, seconds: float, *, connections: int) -> float:
    """Return how many single-row transactions a second the database commits."""
    return pgbench(core.settings.owner_database_url, _SCRIPT, clients=connections, seconds=seconds)[1]


def pgbench(
    conninfo: str, script: str, *, clients: int, seconds: float, options: str = ""
) -> tuple[int, float]:
    """Run `script`, its statements prepared; return its transactions, and how many a second.

    `options` are the server's, for each session.
    """
    to = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder, "script.sql").write_text(script)
        Path(folder, "pgpass").write_text(f"{to['host']}:{to['port']}:*:{to['user']}:{to['password']}\n")
        Path(folder, "pgpass").chmod(0o600)
        command = in_rootfs(
            build_rootfs() / "root",
            [
                "env",
                "PGPASSFILE=/srv/bench/pgpass",
                f"PGOPTIONS={options}",
                "/usr/lib/postgresql/18/bin/pgbench",
                *("-n", "-M", "prepared", "-f", "/srv/bench/script.sql", "-c", str(clients), "-j", "2"),
                *("-T", str(max(1, round(seconds))), "-h", to["host"], "-p", to["port"], "-U", to["user"]),
                to["dbname"],
            ],
            user="postgres",
            binds=[Bind(Path(folder), "/srv/bench")],
            told=False,
        )
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"actually processed: (\d+)[\s\S]*tps = ([0-9.]+)", said.stdout)
    if said.returncode or found is None:
        raise RuntimeError(said.stdout + said.stderr)
    return int(found[1]), float(found[2])
