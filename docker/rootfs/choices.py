"""The ports and secrets of one state folder: chosen at its first start, kept for the next ones."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docker.rootfs.ports import choose_port, choose_rtp_start, is_free
from docker.rootfs.private import write_private

PORTS = (
    *("postgresql", "mqtt", "sip", "trunk", "ami", "fastagi", "realtime", "web", "front", "guide", "nfc"),
    *("fastagi-2", "realtime-2"),  # of a second core
)
SECRETS = ("superuser", "owner", "app", "mqtt", "ami", "code_key", "session_key", "tag_key")

CORE_USERS = ("core", "core-2")
"""Who the realtime programs are to Mosquitto, the second one when there are two."""
WATCH_USER = "watch"
"""Who asks Mosquitto whether it is there: it may hear and say nothing."""
_DEVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class DamagedChoicesError(Exception):
    """The file of ports and secrets cannot be read; without it the database cannot be opened."""


@dataclass(slots=True)
class Choices:
    """What was chosen for one state folder; `devices` maps a device's name to its MQTT password."""

    path: Path
    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def device_password(self, name: str) -> str:
        """Password of device `name`, drawn and saved when it is new.

        Raises ValueError for a name that is unfit for a topic, or is not a device's.
        """
        if not _DEVICE.fullmatch(name) or name in (*CORE_USERS, WATCH_USER):
            raise ValueError(f"not a device name: {name!r} (lower-case letters, digits and hyphens)")
        if name not in self.devices:
            self.devices[name] = secrets.token_urlsafe(24)
            self.save()
        return self.devices[name]

    def save(self) -> None:
        """Write to the state folder."""
        said = {"ports": self.ports, "secrets": self.secrets, "devices": self.devices}
        write_private(self.path, json.dumps(said, indent=1))


def load_choices(state: Path, *, preferred: Mapping[str, int]) -> Choices:
    """Read the choices of `state` and make those that are missing.

    A port is chosen anew if somebody else has taken it or if another one is `preferred`. Raises
    DamagedChoicesError.
    """
    choices = Choices(state / "secrets.json")
    if choices.path.exists():
        _read_into(choices)
    for name in PORTS:
        port = choices.ports.get(name)
        if port is None or port != preferred.get(name, port) or not is_free(port):
            choices.ports[name] = choose_port(set(choices.ports.values()), preferred.get(name))
    choices.ports.setdefault("rtp", choose_rtp_start())
    for name in SECRETS:
        choices.secrets.setdefault(name, secrets.token_hex(24))
    choices.save()
    return choices


def _read_into(choices: Choices) -> None:
    try:
        kept = json.loads(choices.path.read_bytes())
        choices.ports = {str(name): int(port) for name, port in kept["ports"].items()}
        choices.secrets = {str(name): str(secret) for name, secret in kept["secrets"].items()}
        choices.devices = {str(name): str(password) for name, password in kept["devices"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as damage:
        raise DamagedChoicesError(
            f"{choices.path} est endommagé : remettez-en une copie. Sans lui la base ne s’ouvre plus ; "
            f"si rien n’y est à garder, effacez le dossier {choices.path.parent}."
        ) from damage
