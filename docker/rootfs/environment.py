"""The settings of what runs: given to our programs, and written to a file for whoever talks to them."""

import os
from collections.abc import Mapping
from pathlib import Path

from docker.rootfs.choices import CORE_USERS
from docker.rootfs.kept_calls import KEY
from docker.rootfs.private import write_private
from docker.rootfs.site import HOST, Site
from docker.rootfs.voice import espeak_command

_MARK = "# Written by docker.rootfs, removed when it stops. Do not edit.\n"
GATEWAY = "gw-0001"
"""The one gateway that we run ourselves."""

_NEVER_GIVEN = frozenset(
    f"PONCTUEL_{name}"
    for name in (
        *("ENV_FILE", "DEBIAN_MIRROR", "STATE_DIR", "FRONT_URL"),
        *("REALTIME_HOST", "REALTIME_PORT", "WEB_HOST", "WEB_PORT"),
    )
)


class ForeignFileError(Exception):
    """The file to write was made by somebody else."""


class NoFolderError(Exception):
    """The folder of the file to write is not there."""


def settings_of(site: Site, *, demo: bool) -> dict[str, str]:
    """Every `PONCTUEL_…` setting of this system.

    What the environment says wins, where it names a server that is not ours; where ours listen, we say.
    """
    ports, secrets = site.choices.ports, site.choices.secrets
    database = f"{HOST}:{ports['postgresql']}/ponctuel"
    ours = {
        "DATABASE_URL": f"postgresql://ponctuel_app:{secrets['app']}@{database}",
        "OWNER_DATABASE_URL": f"postgresql://ponctuel_owner:{secrets['owner']}@{database}",
        "MQTT_HOST": HOST,
        "MQTT_PORT": str(ports["mqtt"]),
        "MQTT_USER": CORE_USERS[0],
        "MQTT_PASSWORD": secrets["mqtt"],
        "SIP_HOST": HOST,
        "SIP_PORT": str(ports["sip"]),
        "TRUNK_PORT": str(ports["trunk"]),
        "SECOND_TRUNK_HOST": site.values()["SECOND_TRUNK_HOST"],
        "AMI_HOST": HOST,
        "AMI_PORT": str(ports["ami"]),
        "AMI_USER": "ponctuel",
        "AMI_SECRET": secrets["ami"],
        "FASTAGI_HOST": HOST,
        "FASTAGI_PORT": str(ports["fastagi"]),
        "REALTIME_HOST": HOST,
        "REALTIME_PORT": str(ports["realtime"]),
        "WEB_HOST": HOST,
        "WEB_PORT": str(ports["web"]),
        "FRONT_URL": site.front_url,
        "STATE_DIR": str(site.state),
        "PROMPTS_DIR": str(site.prompts),
        "ESPEAK": espeak_command(site.root),
        "STATIC_DIR": str(site.static),
        "ROADS_DIR": str(site.roads),
        "KEPT_CALLS_DIR": str(site.folder("asterisk") / "kept"),
        "KEPT_CALLS_KEY": str(site.keys / KEY),
        "GATEWAY_DEVICE": GATEWAY,
        "GATEWAY_PASSWORD": site.choices.device_password(GATEWAY),
        # a simulated reader unless the environment names a real one, such as `usb`
        "GATEWAY_READER": f"udp:{HOST}:{ports['nfc']}",
        "CODE_KEY": secrets["code_key"],
        "SESSION_KEY": secrets["session_key"],
        "TAG_KEY": secrets["tag_key"],
        "DEMO": str(demo).lower(),
    }
    prefixed = {f"PONCTUEL_{name}": value for name, value in ours.items()}
    given = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PONCTUEL_") and name not in _NEVER_GIVEN
    }
    return prefixed | given


def write_env_file(path: Path, settings: Mapping[str, str]) -> None:
    """Write the settings, for the owner's eyes only. Raises as `check_ours` does."""
    check_ours(path)
    lines = [f"{name}={value}\n" for name, value in sorted(settings.items())]
    write_private(path, _MARK + "".join(lines))


def remove_env_file(path: Path) -> None:
    """Remove the file, if it is there and ours."""
    if path.exists() and _is_ours(path):
        path.unlink()


def check_ours(path: Path) -> None:
    """Raise ForeignFileError if `path` is a file that we did not write, NoFolderError if it cannot be."""
    if not path.absolute().parent.is_dir():
        raise NoFolderError(
            f"{path.parent} n’est pas un dossier : créez-le, ou nommez un autre fichier avec --env-file"
        )
    if path.exists() and not _is_ours(path):
        raise ForeignFileError(f"{path} was not written by us: name another with --env-file")


def _is_ours(path: Path) -> bool:
    return path.read_bytes().startswith(_MARK.encode())
