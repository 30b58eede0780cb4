"""The system under harm: real servers, two cores and a gateway, the links between them, the cores' disks."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from simulators.faults.agency import Agency
from simulators.faults.disk import Disk
from simulators.faults.programs import Program, wait_for
from simulators.faults.servers import Servers
from simulators.faults.wire import HOST, Relays, Wire

CORE = ("realtime",)


@dataclass(frozen=True, slots=True)
class Core:
    """One realtime program with its doors."""

    name: str
    program: Program
    disk: Disk
    http_port: int
    fastagi_port: int

    def health(self) -> dict[str, object]:
        """Return what it says of itself, nothing while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.http_port}/healthz", timeout=2) as answer:
                state: dict[str, object] = json.load(answer)
        except (OSError, ValueError):
            return {}
        return state

    def spooled(self) -> int | None:
        """Return how many claims wait in its spool, None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.http_port}/metrics", timeout=2) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return None
        return next(
            (int(float(line.split()[1])) for line in lines if line.startswith("ponctuel_spool_waiting ")),
            None,
        )


class Rig:
    """Everything that can be broken, started by `with`."""

    def __init__(
        self, servers: Servers, agency: Agency, *, folder: Path, reader_port: int, core: Sequence[str] = CORE
    ) -> None:
        """`core`: the words after `python -m` that run one; tests plant bugs there."""
        self.servers = servers
        self._relays = relays = Relays()
        variables = servers.variables
        settings = servers.settings
        database = urlsplit(settings.database_url)
        self.database_link = Wire(relays, "database", (str(database.hostname), database.port or 5432))
        broker = settings.mqtt_host, settings.mqtt_port
        self.broker_link = Wire(relays, "broker", broker)
        self.home_link = Wire(relays, "homes", broker)
        through = {
            **variables,
            "PONCTUEL_ENV_FILE": "/dev/null",
            "PONCTUEL_DATABASE_URL": settings.database_url.replace(
                f":{database.port}/", f":{self.database_link.port}/"
            ),
            "PONCTUEL_MQTT_PORT": str(self.broker_link.port),
        }
        self.cores = [
            self._core(number, through | own, folder, core) for number, own in enumerate(servers.cores(), 1)
        ]
        self.gateway = Program(
            "gateway",
            ["nfc_gateway"],
            {
                "PONCTUEL_ENV_FILE": "/dev/null",
                "PONCTUEL_MQTT_HOST": HOST,
                "PONCTUEL_MQTT_PORT": str(self.home_link.port),
                "PONCTUEL_GATEWAY_ORGANISATION": str(agency.organisation),
                "PONCTUEL_GATEWAY_DEVICE": agency.gateway,
                "PONCTUEL_GATEWAY_PASSWORD": agency.gateway_password,
                "PONCTUEL_GATEWAY_READER": f"udp:{HOST}:{reader_port}",
                "PONCTUEL_STATE_DIR": str(folder),
                "PONCTUEL_LOG_FORMAT": "json",
            },
            log=folder / "gateway.log",
        )
        (folder / "gateway").mkdir()
        self._gateway_health = folder / "gateway" / f"{agency.gateway}.json"

    def _core(self, number: int, settings: dict[str, str], folder: Path, module: Sequence[str]) -> Core:
        disk = Disk(folder / f"core-{number}")
        http_port, fastagi_port = (
            int(settings["PONCTUEL_REALTIME_PORT"]),
            int(settings["PONCTUEL_FASTAGI_PORT"]),
        )
        program = Program(
            f"core-{number}",
            module,
            settings | {"PONCTUEL_STATE_DIR": str(disk.folder)},
            log=disk.folder / "core.log",
        )
        return Core(settings.get("PONCTUEL_CORE_INSTANCE", "core-1"), program, disk, http_port, fastagi_port)

    def __enter__(self) -> Self:
        for core in self.cores:
            core.disk.mount()
            core.program.start()
        self.gateway.start()
        for core in self.cores:
            wait_for(core.program.name, core.health)
        return self

    def __exit__(self, *_: object) -> None:
        for program in (self.gateway, *(core.program for core in self.cores)):
            program.stop()
        for core in self.cores:
            core.disk.remove()
        for link in (self.database_link, self.broker_link, self.home_link):
            link.close()
        self._relays.close()

    @property
    def gateway_waiting(self) -> int:
        """How many taps the gateway keeps for want of an answer."""
        try:
            return int(json.loads(self._gateway_health.read_text())["waiting"])
        except (OSError, ValueError, KeyError):
            return 0

    def wait_until_well(self, *, seconds: float = 90.0) -> None:
        """Wait until both cores have their database and nothing in their spools. Raises `NotBackError`."""
        conditions: list[Callable[[], object]] = [partial(_is_well, core) for core in self.cores]
        for core, condition in zip(self.cores, conditions, strict=True):
            wait_for(core.program.name, condition, seconds=seconds)


def _is_well(core: Core) -> bool:
    said = core.health()
    return bool(said.get("database") and said.get("settled") and said.get("devices"))
