"""The containers, as far as can be checked where no engine runs: same templates, packages, settings."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from docker.rootfs import packages
from docker.rootfs.compose import write_compose_settings
from docker.rootfs.site import CHECKOUT, TEMPLATES
from docker.rootfs.templates import fill
from homecare.kernel.settings import Settings

SERVERS = ("postgresql", "mosquitto", "asterisk", "nginx")
FILLED = sorted(
    path
    for server in SERVERS
    for path in (TEMPLATES / server).rglob("*")
    if path.is_file() and path.parent.name != "guide" and path.name != "tls.conf"
)
COMPOSE: dict[str, Any] = yaml.safe_load((TEMPLATES / "compose.yaml").read_text())
DOCKERFILE = (TEMPLATES / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_compose_settings(tmp_path_factory.mktemp("compose"), front_port=None)


@pytest.fixture(scope="module")
def said(written: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in written.read_text().splitlines())


@pytest.mark.parametrize("template", FILLED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_container_fills_a_template_as_the_root_filesystem_does(
    template: Path, said: dict[str, str]
) -> None:
    filled = subprocess.run(  # noqa: S603 - our own program
        [TEMPLATES / "fill", template],
        env={**os.environ, **said},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert filled.strip() == fill(template.read_text(), said).strip()


def test_a_container_stops_at_a_placeholder_without_a_value(tmp_path: Path) -> None:
    (tmp_path / "template").write_text("port = @NO_SUCH_PORT@\n")
    filled = subprocess.run(  # noqa: S603 - our own program
        [TEMPLATES / "fill", tmp_path / "template"], capture_output=True, text=True, check=False
    )
    assert filled.returncode == 1
    assert "@NO_SUCH_PORT@" in filled.stderr


def test_the_images_take_suite_and_packages_of_the_root_filesystem() -> None:
    assert f"debian:{packages.SUITE}-slim" in DOCKERFILE
    installed = re.findall(r"install --yes --no-install-recommends ([a-z0-9 -]+)", DOCKERFILE)
    assert len(installed) == len(SERVERS) + 1  # and the second voice, beside the programs
    assert {name for line in installed for name in line.split()} <= set(packages.PACKAGES)


def test_every_service_builds_a_target_that_exists() -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE))
    assert {service["build"]["target"] for service in COMPOSE["services"].values()} <= targets


def test_compose_runs_the_servers_and_the_programs() -> None:
    commands = {name: service.get("command") for name, service in COMPOSE["services"].items()}
    assert set(SERVERS) <= set(commands)
    modules = {command[-1] for command in commands.values() if command}
    assert {"realtime", "worker", "backoffice_web", "homecare.kernel.migrate"} == modules


def test_the_settings_are_complete_for_the_programs_and_for_their_owner_alone(written: Path) -> None:
    settings = Settings(_env_file=written)  # type: ignore[call-arg]
    assert "ponctuel_app" in settings.database_url
    assert written.stat().st_mode & 0o077 == 0


def test_what_compose_mounts_lies_in_the_checkout() -> None:
    mounted = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith(".")
    ]
    assert mounted
    assert all((TEMPLATES / folder).resolve().is_relative_to(CHECKOUT) for folder in mounted)
