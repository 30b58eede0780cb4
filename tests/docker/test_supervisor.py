"""The supervisor with a real PostgreSQL: what it keeps alive, and what it leaves behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from docker.rootfs.control import ask
from tests.docker.processes import descendants, is_running
from tests.supervised import Supervised, running_supervisor, wait_until


@pytest.fixture
def running() -> Iterator[Supervised]:
    with running_supervisor("--only", "postgresql") as supervised:
        yield supervised


def answers(database_url: str) -> bool:
    try:
        with psycopg.connect(database_url, connect_timeout=2) as conn:
            conn.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def test_what_it_says_in_its_file_leads_to_a_running_database(running: Supervised) -> None:
    assert answers(running.settings.database_url)
    assert answers(running.settings.owner_database_url)


def test_its_secrets_are_for_the_owner_of_the_folder_alone(running: Supervised) -> None:
    for name in ("secrets.json", "env", "control.sock"):
        assert (running.state / name).stat().st_mode & 0o077 == 0, name


def test_a_killed_server_is_started_again_with_what_it_had_acknowledged(running: Supervised) -> None:
    with psycopg.connect(running.settings.owner_database_url) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    before = running.pid("postgresql")

    running.command("kill postgresql")

    wait_until(lambda: running.pid("postgresql") not in (None, before))
    wait_until(lambda: answers(running.settings.database_url))
    with psycopg.connect(running.settings.owner_database_url) as conn:
        assert conn.execute("SELECT answer FROM kept").fetchall() == [(42,)]


def test_a_stopped_server_stays_stopped_until_it_is_started(running: Supervised) -> None:
    running.command("stop postgresql")
    assert running.pid("postgresql") is None
    assert not answers(running.settings.database_url)

    running.command("start postgresql")
    assert answers(running.settings.database_url)


def test_an_unknown_part_or_command_is_refused_with_the_known_ones(running: Supervised) -> None:
    assert ask(running.state, "stop oracle") == {
        "ok": False,
        "error": "no part 'oracle'; there are postgresql",
    }
    assert not ask(running.state, "dance postgresql")["ok"]


def test_a_second_one_on_the_same_folder_is_refused(running: Supervised) -> None:
    second = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-m",
            "docker.rootfs",
            "up",
            "--state",
            running.state,
            "--env-file",
            running.state / "e",
        ],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert f"in use by process {running.process.pid}" in second.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running_however_it_ends(end: signal.Signals, tmp_path: Path) -> None:
    with running_supervisor("--only", "postgresql,mosquitto", state=tmp_path) as supervised:
        family = descendants(supervised.process.pid)
        assert len(family) > 5, "the supervisor, two sandboxes, two servers and PostgreSQL's own processes"

        supervised.process.send_signal(end)
        supervised.process.wait(timeout=30)

        wait_until(lambda: not any(is_running(pid) for pid in family), seconds=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_impatient_person_changes_nothing(number: signal.Signals, tmp_path: Path) -> None:
    with running_supervisor("--only", "postgresql,mosquitto", state=tmp_path) as supervised:
        for _ in range(3):
            supervised.process.send_signal(number)
        assert supervised.process.wait(timeout=30) == 0
    said = (tmp_path / "up.log").read_text()
    assert "Traceback" not in said
    assert "postgresql   stopped" in said


def test_our_programs_and_their_children_die_with_the_supervisor_too(tmp_path: Path) -> None:
    with running_supervisor("--only", "postgresql", "--programs", "worker,web", state=tmp_path) as supervised:
        assert supervised.pid("web") is not None
        family = descendants(supervised.process.pid)

        supervised.process.kill()

        wait_until(lambda: not any(is_running(pid) for pid in family), seconds=5)


def test_a_database_that_the_settings_name_is_used_instead_of_being_started(running: Supervised) -> None:
    theirs = {
        "PONCTUEL_DATABASE_URL": running.settings.database_url,
        "PONCTUEL_OWNER_DATABASE_URL": running.settings.owner_database_url,
    }
    with running_supervisor("--only", "postgresql,mosquitto", environment=theirs) as second:
        assert second.settings.database_url == running.settings.database_url
        parts = second.command("status")["parts"]
        assert isinstance(parts, dict)
        assert set(parts) == {"mosquitto"}


def test_a_clean_end_takes_the_settings_away(tmp_path: Path) -> None:
    with running_supervisor("--only", "mosquitto", state=tmp_path) as supervised:
        supervised.command("quit")
        assert supervised.process.wait(timeout=30) == 0
        assert not (tmp_path / "env").exists()


def test_a_folder_keeps_its_data_ports_and_secrets_from_one_start_to_the_next(tmp_path: Path) -> None:
    with (
        running_supervisor("--only", "postgresql", state=tmp_path) as first,
        psycopg.connect(first.settings.owner_database_url) as conn,
    ):
        conn.execute("CREATE TABLE kept AS SELECT 1 AS a")
        conn.commit()
    with running_supervisor("--only", "postgresql", state=tmp_path) as second:
        assert second.settings == first.settings
        with psycopg.connect(second.settings.owner_database_url) as conn:
            assert conn.execute("SELECT a FROM kept").fetchall() == [(1,)]
