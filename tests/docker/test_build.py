"""Building the root filesystem: once for all, whole or not at all. `mmdebstrap` itself is stood in for."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# Makes an empty filesystem in the place that it is told, and notes that it ran. The last words are ours.
MMDEBSTRAP = """#!/bin/sh
echo run >> "$RUNS"
sleep 0.3
for last; do target=$before; before=$last; done
{failure}
mkdir -p "$target.files/var/lib/dpkg" && touch "$target.files/var/lib/dpkg/status"
case $target in
    *.tar) tar --create --file "$target" --directory "$target.files" . ;;
    *) mv "$target.files" "$target" ;;
esac
"""

type Build = Callable[[], "subprocess.Popen[str]"]


def build_with(folder: Path, failure: str) -> Build:
    tool = folder / "mmdebstrap"
    tool.write_text(MMDEBSTRAP.replace("{failure}", failure))
    tool.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "RUNS": str(folder / "runs"),
    }

    def build() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "docker.rootfs", "build"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return build


def test_two_that_build_at_once_get_the_same_one_built_once(tmp_path: Path) -> None:
    build = build_with(tmp_path, failure="")
    both = [build(), build()]
    said = [process.communicate(timeout=30)[0].splitlines()[-1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    assert (tmp_path / "runs").read_text() == "run\n"
    assert {path.name for path in Path(said[0]).iterdir()} == {"root", "packages.txt", "build.log"}


def test_a_failed_build_tells_why_and_the_next_one_starts_afresh(tmp_path: Path) -> None:
    failed = build_with(tmp_path, failure="echo 'E: no space left' >&2; exit 25")()
    _, said = failed.communicate(timeout=30)
    assert failed.returncode == 1
    assert "E: no space left" in said

    mended = build_with(tmp_path, failure="")()
    mended.communicate(timeout=30)
    assert mended.returncode == 0


def test_a_machine_without_the_tools_is_told_what_installs_them(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "docker.rootfs", "build"],
        env={"PATH": str(tmp_path / "nothing"), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert "missing: mmdebstrap, bwrap" in process.stderr
    assert "make setup" in process.stderr
