"""Root filesystems of older package lists go when nobody uses them any more, and never before."""

import fcntl
import os
from pathlib import Path

import pytest

from docker.rootfs.build import find_rootfs
from docker.rootfs.used import remove_unused, use_rootfs
from tests.supervised import running_supervisor

NOW = 1_800_000_000.0
DAY = 86_400.0


def make_rootfs(cache: Path, name: str, *, days_ago: float) -> Path:
    folder = cache / name
    (folder / "root/usr").mkdir(parents=True)
    (folder / "packages.txt").write_text("asterisk\n")
    os.utime(folder, (NOW, NOW - days_ago * DAY))
    return folder


def test_what_was_not_used_for_a_month_goes_with_what_stood_beside_it(tmp_path: Path) -> None:
    own = make_rootfs(tmp_path, "rootfs-aaaaaaaaaaaa", days_ago=90)
    recent = make_rootfs(tmp_path, "rootfs-bbbbbbbbbbbb", days_ago=29)
    make_rootfs(tmp_path, "rootfs-cccccccccccc", days_ago=31)
    make_rootfs(tmp_path, "rootfs-dddddddddddd.building", days_ago=31)
    lock = tmp_path / "rootfs-cccccccccccc.lock"
    lock.touch()
    os.utime(lock, (NOW, NOW - 31 * DAY))
    (tmp_path / "other").mkdir()
    os.utime(tmp_path / "other", (NOW, 0))
    remove_unused(own, now=NOW)
    assert {path.name for path in tmp_path.iterdir()} == {own.name, recent.name, "other"}


def test_one_in_use_stays_however_old_it_is(tmp_path: Path) -> None:
    own = make_rootfs(tmp_path, "rootfs-aaaaaaaaaaaa", days_ago=0)
    old = make_rootfs(tmp_path, "rootfs-cccccccccccc", days_ago=400)
    folder = os.open(old, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_SH)
    remove_unused(own, now=NOW)
    assert (old / "root/usr").is_dir()
    os.close(folder)
    remove_unused(own, now=NOW)
    assert not old.exists()


def test_using_one_notes_its_time_and_lets_it_go_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "ponctuel").mkdir()
    made = make_rootfs(tmp_path / "ponctuel", find_rootfs().name, days_ago=400)
    before = made.stat().st_mtime
    with use_rootfs() as rootfs:
        assert rootfs == made
        assert is_held(rootfs)
        assert rootfs.stat().st_mtime > before
    assert not is_held(made)


def test_a_running_system_holds_the_one_that_it_runs_on() -> None:
    with running_supervisor("--only", "mosquitto"):
        assert is_held(find_rootfs())


def is_held(rootfs: Path) -> bool:
    folder = os.open(rootfs, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False
