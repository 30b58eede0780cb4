"""The demonstration as a newcomer runs it, on a machine that reaches nothing but itself."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.territory.addresses import write_addresses
from simulators.territory.district import draw_district
from tests.features import feature

# A network of its own, where there is the machine alone: whatever called outside would fail.
CUT_OFF = ("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", "--")
FIRST_PUNCH = "premier pointage compris"
LONGEST_SECONDS = 300.0


@pytest.fixture(scope="module")
def roads() -> Iterator[Path]:
    """The front doors of a small district, without its roads: travel is estimated."""
    with tempfile.TemporaryDirectory() as folder:
        write_addresses(
            Path(folder) / "addresses.csv", draw_district(seed=1, addresses=1500).list_addresses()
        )
        yield Path(folder)


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        yield Path(folder)


def run_until(text: str, *, state: Path, roads: Path) -> str:
    """Run the demonstration until it says `text`, press Ctrl-C, return all that it said."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [
            *CUT_OFF, sys.executable, "-m", "simulators.demo", "--state", str(state), "--speed", "60",
            "--planning-seconds", "2",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PONCTUEL_ROADS_DIR": str(roads)},
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if text in line:
                os.kill(child_of(process.pid), signal.SIGINT)
        assert process.wait(LONGEST_SECONDS) == 0, "".join(said)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    return "".join(said)


def child_of(pid: int) -> int:
    """Return the process that the sandbox runs: a Ctrl-C is meant for it."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@feature("N30")
def test_one_command_leads_to_a_first_punch_without_calling_outside_and_ctrl_c_stops_it_all(
    state: Path, roads: Path
) -> None:
    said = run_until(FIRST_PUNCH, state=state, roads=roads)
    assert re.search(r"http://127\.0\.0\.1:\d+", said)
    assert "garde@ponctuel.example" in said
    assert FIRST_PUNCH in said
    assert not (state / "env").exists()
    assert not running_from(state)


def test_a_second_start_makes_nothing_again_and_goes_on_where_it_stopped(state: Path, roads: Path) -> None:
    said = run_until(FIRST_PUNCH, state=state, roads=roads)
    assert "bénéficiaires" not in said
    assert "planifiées" not in said
    assert FIRST_PUNCH in said


def test_ctrl_c_breaks_off_what_is_being_prepared_and_tells_nothing_that_was_not_done(roads: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        seeding = run_until("bénéficiaires et", state=Path(folder), roads=roads)
        planning = run_until("tournées du jour…", state=Path(folder), roads=roads)
        assert not running_from(Path(folder))
    for said in (seeding, planning):
        assert "rien n’a été joué" in said
        assert "Tout est juste" not in said
        assert "Traceback" not in said
    assert "tournées du jour" not in seeding
    assert "bénéficiaires et" in planning
    assert "à jouer" not in planning


def running_from(state: Path) -> list[str]:
    """Return the command lines of processes that name the state folder."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(state) in command:
            found.append(command)
    return found
