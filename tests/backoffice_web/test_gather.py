"""What is gathered for browsers is complete, versioned, and the same when it is done again."""

import json
from pathlib import Path

import pytest

from backoffice_web.gather import MODULES, SOURCES, MissingFileError, gather, publish, vendor_file


def test_gathering_twice_changes_nothing(tmp_path: Path) -> None:
    files = {"a.css": b"one", "js/b.js": b"two"}
    version = publish(files, tmp_path)
    first = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")}
    assert publish(files, tmp_path) == version
    assert {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*")} == first


def test_a_changed_file_changes_every_address_and_keeps_the_version_before(tmp_path: Path) -> None:
    versions = [publish({"a.css": content}, tmp_path) for content in (b"one", b"two", b"three")]
    assert len(set(versions)) == 3
    assert json.loads((tmp_path / "manifest.json").read_text())["version"] == versions[2]
    assert {f.name for f in tmp_path.iterdir() if f.is_dir()} == set(versions[1:])


def test_every_package_comes_with_its_licence() -> None:
    files = dict(gather(SOURCES, MODULES))
    licences = files["vendor/LICENCES.txt"].decode()
    for package in json.loads(Path("package.json").read_text())["dependencies"]:
        assert f"\n{package} " in licences


def test_a_missing_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="npm ci"):
        vendor_file(tmp_path, "leaflet/dist/leaflet.js")


def test_the_lock_file_records_no_download_address() -> None:
    lock = json.loads(Path("package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
