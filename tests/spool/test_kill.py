"""A program killed at any instant leaves every entry that it had been told was kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from spool.spool import Spool


@pytest.mark.parametrize("lines_before_the_kill", [1, 7, 50, 300])
def test_what_was_kept_before_a_kill_is_there_after_it(tmp_path: Path, lines_before_the_kill: int) -> None:
    path = tmp_path / "spool.sqlite3"
    kept: set[str] = set()
    for _ in range(2):
        kept |= _write_and_kill(path, lines_before_the_kill)

    with Spool(path) as spool:
        entries = spool.peek(1_000_000)

    assert kept <= {entry.key for entry in entries}
    assert [entry.body for entry in entries] == [f"punch {entry.key}".encode() for entry in entries]
    # the kill may fall between the commit and the saying, so one more than was said may be there: per kill
    assert len(entries) <= len(kept) + 2


def _write_and_kill(path: Path, lines: int) -> set[str]:
    """Run the writer, kill it with SIGKILL once it has said that many entries, return all that it said."""
    writer = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.spool.writer", str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(lines)]
    writer.kill()
    said += writer.stdout.readlines()
    writer.stdout.close()
    assert writer.wait() < 0
    return {line.strip() for line in said if line.endswith("\n")}
