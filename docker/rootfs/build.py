"""Builds the Debian root filesystem of the servers, once per machine and package list.

Needs nothing but the standard library, so that it can run before the project's own environment exists.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.rootfs import packages
from docker.rootfs.mirror import find_mirror


class BuildError(Exception):
    """The root filesystem could not be built; the message says what is missing."""


def find_rootfs() -> Path:
    """Where the root filesystem of this package list is, built or not."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "ponctuel" / f"rootfs-{packages.fingerprint()}"


def build_rootfs() -> Path:
    """Build the root filesystem unless it is there. Returns its folder; safe to call several times at once.

    The folder holds `root/` (the filesystem), `packages.txt` (what it is made of) and `build.log`.
    """
    rootfs = find_rootfs()
    if rootfs.exists():
        return rootfs
    _require_tools()
    rootfs.parent.mkdir(parents=True, exist_ok=True)
    with _locked(rootfs.with_suffix(".lock")):
        if not rootfs.exists():  # somebody else may have built it while we waited
            _build(rootfs)
    return rootfs


def _build(rootfs: Path) -> None:
    work = rootfs.with_suffix(".building")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    started = time.monotonic()
    print(f"Building the root filesystem of the servers in {rootfs} (about a minute)…", flush=True)
    log = work / "build.log"
    with log.open("w") as out:
        done = subprocess.run(
            _mmdebstrap(work), stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        )
    if done.returncode:
        kept = shutil.copy(log, rootfs.with_suffix(".failed.log"))
        raise BuildError(f"mmdebstrap failed, see {kept}; its last words:\n{_tail(log)}")
    if os.geteuid():
        _unpack(work / "root.tar", work / "root")
    _note_packages(work)
    work.rename(rootfs)
    print(f"Root filesystem built in {time.monotonic() - started:.0f} s.", flush=True)


def _mmdebstrap(work: Path) -> list[str]:
    """Root makes the folder itself; without root, mmdebstrap can only hand over an archive."""
    is_root = os.geteuid() == 0
    return [
        *(
            "setpriv",
            "--pdeathsig",
            "TERM",
            "--",
        ),  # an interrupted build leaves nobody behind that goes on writing
        "mmdebstrap",
        "--mode=root" if is_root else "--mode=unshare",
        "--variant=minbase",
        f"--include={','.join(packages.PACKAGES)}",
        *(f"--aptopt={option}" for option in packages.APT_OPTIONS),
        *(f"--dpkgopt={option}" for option in packages.DPKG_OPTIONS),
        f"--essential-hook={packages.ESSENTIAL_HOOK}",
        packages.SUITE,
        str(work / ("root" if is_root else "root.tar")),
        find_mirror(),
    ]


def _unpack(archive: Path, root: Path) -> None:
    """Give every file to the caller, whom the sandbox maps to the server's user; devices are its own."""
    root.mkdir()
    options = ["--no-same-owner", "--exclude=./dev/*", "--directory", str(root)]
    subprocess.run(["tar", "--extract", "--file", str(archive), *options], check=True)
    archive.unlink()


def _note_packages(work: Path) -> None:
    # The suite moves: this is what a bug report about a server needs to say.
    query = ["dpkg-query", f"--admindir={work}/root/var/lib/dpkg", "--show"]
    listed = subprocess.run(query, check=True, capture_output=True, text=True)
    (work / "packages.txt").write_text(listed.stdout)


def _require_tools() -> None:
    missing = [tool for tool in ("mmdebstrap", "bwrap", "setsid") if shutil.which(tool) is None]
    if missing:
        raise BuildError(f"missing: {', '.join(missing)}; `make setup` installs them, or says how")
    if os.geteuid() and not _has_subordinate_ids():
        raise BuildError(
            "building without root needs newuidmap (package uidmap) and a line "
            f"'{_user()}:200000:65536' in both /etc/subuid and /etc/subgid"
        )


def _has_subordinate_ids() -> bool:
    if shutil.which("newuidmap") is None:
        return False
    owners = (_user(), str(os.geteuid()))
    return all(
        any(line.split(":")[0] in owners for line in table.read_text().splitlines())
        for table in (Path("/etc/subuid"), Path("/etc/subgid"))
        if table.exists()
    )


def _user() -> str:
    return os.environ.get("USER") or str(os.geteuid())


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
