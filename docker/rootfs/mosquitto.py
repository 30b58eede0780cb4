"""Mosquitto: a password for the core and for each device; a device speaks on its own topics only."""

import os
import signal
import time

from docker.rootfs.checks import check_mqtt
from docker.rootfs.choices import CORE_USERS, WATCH_USER
from docker.rootfs.part import NotReadyError, Part
from docker.rootfs.private import write_private
from docker.rootfs.site import HOST, TEMPLATES, Site
from docker.rootfs.templates import fill_file

NAME = "mosquitto"
_LONGEST_RELOAD = 5.0


def prepare(site: Site) -> Part:
    """Render the configuration and the passwords, return what to run."""
    folder = site.folder(NAME)
    for name in ("mosquitto.conf", "acl"):
        fill_file(TEMPLATES / NAME / name, folder / name, site.values())
    (folder / "data").mkdir(exist_ok=True)
    write_passwords(site)
    port = site.choices.ports["mqtt"]
    serve = ["mosquitto", "-c", f"/srv/{NAME}/mosquitto.conf"]
    return Part(
        name=NAME,
        command=site.sandboxed(serve, name=NAME, user="mosquitto"),
        log=site.log(NAME),
        where=f"{HOST}:{port}",
        check=lambda: check_mqtt(port, WATCH_USER, site.choices.secrets["mqtt"]),
    )


def write_passwords(site: Site) -> None:
    """Write the password file anew, hashed by Mosquitto's own tool. Mosquitto reads it again on SIGHUP."""
    clear = site.folder(NAME) / "passwords.clear"
    ours = dict.fromkeys((*CORE_USERS, WATCH_USER), site.choices.secrets["mqtt"])
    users = ours | site.choices.devices
    write_private(clear, "".join(f"{user}:{password}\n" for user, password in users.items()))
    site.run(["mosquitto_passwd", "-U", f"/srv/{NAME}/{clear.name}"], name=NAME, user="mosquitto")
    clear.replace(clear.with_name("passwords"))


def register(site: Site, device: str, *, pid: int | None) -> None:
    """Make a device known to Mosquitto; return once the one that runs, if any, accepts it. Blocks shortly."""
    write_passwords(site)
    if pid is None:
        return None
    os.kill(pid, signal.SIGHUP)
    until = time.monotonic() + _LONGEST_RELOAD
    while True:
        try:
            return check_mqtt(site.choices.ports["mqtt"], device, site.choices.devices[device])
        except NotReadyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
