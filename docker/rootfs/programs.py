"""Our own programs, run on the machine itself by the interpreter that runs the supervisor."""

import sys
from collections.abc import Mapping
from dataclasses import replace

from docker.rootfs.checks import check_http
from docker.rootfs.part import Part
from docker.rootfs.sandbox import on_machine
from docker.rootfs.site import HOST, Site

MODULES = {
    "realtime": "realtime",
    "worker": "worker",
    "web": "backoffice_web",
    "gateway": "nfc_gateway",
}


def prepare(site: Site, name: str, settings: Mapping[str, str]) -> Part:
    """What to run for program `name`; it reads `settings` from its environment and no file."""
    part = Part(
        name=name,
        command=tuple(on_machine([sys.executable, "-m", MODULES[name]])),
        log=site.log(name),
        env={**settings, "PYTHONUNBUFFERED": "1"},
    )
    ports = site.choices.ports
    if name in ("realtime", "web"):
        port = ports[name]
        return replace(part, where=f"{HOST}:{port}", check=lambda: check_http(port, "/healthz"))
    return part
