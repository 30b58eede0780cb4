"""Mosquitto: a password for the core and for each device; a device speaks on its own topics only."""

import os
import signal

from docker.rootfs.checks import check_port
from docker.rootfs.part import Part
from docker.rootfs.site import HOST, TEMPLATES, Site
from docker.rootfs.templates import fill_file

NAME = "mosquitto"
CORE_USER = "core"


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
        check=lambda: check_port(port),
    )


def write_passwords(site: Site) -> None:
    """Write the password file anew, hashed by Mosquitto's own tool. Mosquitto reads it again on SIGHUP."""
    new = site.folder(NAME) / "passwords.new"
    users = {CORE_USER: site.choices.secrets["mqtt"], **site.choices.devices}
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.writelines(f"{user}:{password}\n" for user, password in users.items())
    site.run(["mosquitto_passwd", "-U", f"/srv/{NAME}/passwords.new"], name=NAME, user="mosquitto")
    new.rename(new.with_name("passwords"))


def reload(pid: int) -> None:
    """Let a running Mosquitto read its password file again."""
    os.kill(pid, signal.SIGHUP)
