"""The small parts of the root filesystem's tooling that need no server."""

import json
import socket
from pathlib import Path

import pytest

from docker.rootfs.choices import load_choices
from docker.rootfs.environment import ForeignFileError, check_ours, remove_env_file, write_env_file
from docker.rootfs.mirror import NoMirrorError, find_mirror
from docker.rootfs.offered import offered_servers
from docker.rootfs.packages import fingerprint
from docker.rootfs.templates import fill, fill_file


def test_a_placeholder_without_a_value_is_an_error() -> None:
    assert fill("port = @PG_PORT@ # me@home", {"PG_PORT": "5432"}) == "port = 5432 # me@home"
    with pytest.raises(KeyError, match="UNKNOWN"):
        fill("@UNKNOWN@", {})


def test_a_filled_configuration_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "template").write_text("secret = @SECRET@")
    fill_file(tmp_path / "template", tmp_path / "filled", {"SECRET": "x"})
    assert (tmp_path / "filled").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sources.list.d/debian.sources", "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\n"),
        ("sources.list", "# mine\ndeb [signed-by=/x.gpg] http://mirror.example/debian trixie main\n"),
    ],
)
def test_the_mirror_is_the_one_of_the_machine(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/other.list").write_text("deb http://other.example/vendor stable main\n")
    (tmp_path / name).write_text(text)
    assert find_mirror(tmp_path) == "http://mirror.example/debian"


def test_a_machine_without_a_debian_mirror_is_told_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(NoMirrorError, match="PONCTUEL_DEBIAN_MIRROR"):
        find_mirror(tmp_path)


def test_ports_and_secrets_are_chosen_once(tmp_path: Path) -> None:
    first = load_choices(tmp_path, preferred={})
    second = load_choices(tmp_path, preferred={})
    assert (second.ports, second.secrets) == (first.ports, first.secrets)
    assert len(set(first.ports.values())) == len(first.ports)
    assert all(len(secret) >= 32 for secret in first.secrets.values())


def test_a_port_that_somebody_took_is_chosen_anew(tmp_path: Path) -> None:
    taken = load_choices(tmp_path, preferred={}).ports["mqtt"]
    with socket.create_server(("127.0.0.1", taken)):
        assert load_choices(tmp_path, preferred={}).ports["mqtt"] != taken


def test_a_preferred_port_is_taken_when_it_is_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        assert load_choices(tmp_path, preferred={"front": port}).ports["front"] != port
    assert load_choices(tmp_path, preferred={"front": port}).ports["front"] == port


def test_the_choices_are_for_their_owner_alone(tmp_path: Path) -> None:
    load_choices(tmp_path, preferred={}).device_password("gw-0001")
    kept = tmp_path / "secrets.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert list(json.loads(kept.read_text())["devices"]) == ["gw-0001"]


def test_a_settings_file_of_somebody_else_is_neither_written_nor_removed(tmp_path: Path) -> None:
    theirs = tmp_path / ".env"
    theirs.write_text("PONCTUEL_DATABASE_URL=postgresql://mine\n")
    with pytest.raises(ForeignFileError):
        check_ours(theirs)
    with pytest.raises(ForeignFileError):
        write_env_file(theirs, {})
    remove_env_file(theirs)
    assert theirs.read_text() == "PONCTUEL_DATABASE_URL=postgresql://mine\n"


def test_our_settings_file_is_written_again_and_removed(tmp_path: Path) -> None:
    ours = tmp_path / ".env"
    write_env_file(ours, {"PONCTUEL_DEMO": "false"})
    write_env_file(ours, {"PONCTUEL_DEMO": "true"})
    assert "PONCTUEL_DEMO=true\n" in ours.read_text()
    remove_env_file(ours)
    assert not ours.exists()


def test_a_server_that_settings_name_is_not_ours_to_start() -> None:
    named = {"PONCTUEL_DATABASE_URL": "postgresql://elsewhere", "PONCTUEL_MQTT_HOST": ""}
    assert offered_servers(named) == {"postgresql"}


def test_another_package_list_makes_another_root_filesystem(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    monkeypatch.setattr("docker.rootfs.packages.PACKAGES", ("postgresql-18",))
    assert fingerprint() != before
