"""Logs do not grow without end, and whoever writes one notices nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from docker.rootfs.logs import MOST_BYTES, rotate, rotate_all
from tests.supervised import running_supervisor, wait_until

# Writes a line into its standard output for each line that it gets.
ECHO = """
import sys
for line in sys.stdin:
    print(line, end="", flush=True)
    print(file=sys.stderr, flush=True)
"""


def test_a_short_log_is_left_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("début\n")
    rotate(log, most=100)
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]
    assert log.read_text() == "début\n"


def test_a_long_one_is_set_aside_and_only_the_newest_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for number in range(5):
        log.write_text(f"{number}" * 200)
        rotate(log, most=100, older=2)
    assert log.read_text() == ""
    assert {path.name: path.read_text()[0] for path in tmp_path.glob("*.log.*")} == {
        "web.log.1": "4",
        "web.log.2": "3",
    }


def test_a_program_goes_on_writing_into_the_same_log(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with (
        log.open("ab") as out,
        subprocess.Popen(  # noqa: S603 - our own few lines
            [sys.executable, "-c", ECHO],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        ) as program,
    ):
        assert program.stdin is not None
        assert program.stderr is not None
        for line in ("avant", "après"):
            program.stdin.write(f"{line}\n")
            program.stdin.flush()
            program.stderr.readline()
            if line == "avant":
                rotate(log, most=3)
        program.stdin.close()
    assert log.read_text() == "après\n"
    assert (tmp_path / "web.log.1").read_text() == "avant\n"


def test_one_that_cannot_be_set_aside_does_not_keep_the_others_long(tmp_path: Path) -> None:
    for name in ("asterisk/log/messages.log", "log/web.log"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x" * (MOST_BYTES + 1))
    (tmp_path / "log/web.log.1").mkdir()
    (tmp_path / "log/web.log.2").write_text("a file, where a folder cannot go")
    with pytest.raises(OSError, match=r"web\.log"):
        rotate_all(tmp_path)
    assert (tmp_path / "asterisk/log/messages.log").stat().st_size == 0


def test_the_supervisor_keeps_the_logs_of_its_parts_short(tmp_path: Path) -> None:
    log = tmp_path / "log" / "mosquitto.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * (MOST_BYTES + 1))
    with running_supervisor("--only", "mosquitto", state=tmp_path):
        wait_until(log.with_name("mosquitto.log.1").exists)
        wait_until(lambda: log.stat().st_size < MOST_BYTES)
