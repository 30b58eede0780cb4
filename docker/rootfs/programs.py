"""Our own programs, run on the machine itself by the interpreter that runs the supervisor."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docker.rootfs.checks import check_http
from docker.rootfs.choices import CORE_USERS
from docker.rootfs.part import Part
from docker.rootfs.sandbox import on_machine
from docker.rootfs.site import HOST, Site

MODULES = {
    "realtime": "realtime",
    "realtime-2": "realtime",
    "worker": "worker",
    "web": "backoffice_web",
    "gateway": "nfc_gateway",
}


SECOND_CORE = "realtime-2"
"""The part's name of the second core; the first one's is its program's."""


def parts_of(site: Site, names: Sequence[str]) -> list[str]:
    """The names of the parts that run these programs: a second core is one more."""
    second = (SECOND_CORE,) if "realtime" in names and site.cores > 1 else ()
    return [*names, *second]


def second_core(ports: Mapping[str, int]) -> dict[str, str]:
    """Settings in which the second core differs: its names, thus its own spool and chain, and its ports."""
    return {
        "PONCTUEL_CORE_INSTANCE": "core-2",
        "PONCTUEL_MQTT_USER": CORE_USERS[1],
        "PONCTUEL_REALTIME_PORT": str(ports[SECOND_CORE]),
        "PONCTUEL_FASTAGI_PORT": str(ports["fastagi-2"]),
    }


def prepare(site: Site, name: str, settings: Mapping[str, str]) -> Part:
    """What to run for program `name`; it reads `settings` from its environment and no file."""
    ports = site.choices.ports
    own = second_core(ports) if name == SECOND_CORE else {}
    part = Part(
        name=name,
        command=tuple(on_machine([sys.executable, "-m", MODULES[name]])),
        log=site.log(name),
        env={**settings, **own, "PYTHONUNBUFFERED": "1"},
    )
    if name in ("realtime", SECOND_CORE, "web"):
        port = ports[name]
        return replace(part, where=f"{HOST}:{port}", check=lambda: check_http(port, "/healthz"))
    return part
