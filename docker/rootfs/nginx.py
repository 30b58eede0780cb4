"""nginx: the one origin in front of Flask and realtime, on loopback or, by HTTPS, on the local network."""

import datetime as dt
import shutil
import socket
from pathlib import Path

from docker.rootfs.authority import issue, load_authority
from docker.rootfs.checks import check_port
from docker.rootfs.part import Part
from docker.rootfs.site import HOST, TEMPLATES, Site
from docker.rootfs.templates import fill_file, fill_folder

NAME = "nginx"
_TEMPLATES = TEMPLATES / NAME


def prepare(site: Site) -> Part:
    """Render the configuration, return what to run."""
    folder = site.folder(NAME)
    (folder / "tmp").mkdir(exist_ok=True)
    shutil.rmtree(folder / "guide", ignore_errors=True)
    for name in ("nginx.conf", "away.html", "away-sent.html", "too-large.html"):
        fill_file(_TEMPLATES / name, folder / name, site.values())
    listen = "plain.conf" if site.lan is None else "tls.conf"
    fill_file(_TEMPLATES / "listen" / listen, folder / "listen.conf", site.values())
    where = site.front_url
    if site.lan is not None:
        fingerprint = _certify(site, folder)
        where += (
            f"; phones first open http://{site.lan}:{site.choices.ports['guide']} (authority {fingerprint})"
        )
    serve = ["nginx", "-c", f"/srv/{NAME}/nginx.conf", "-e", "stderr"]
    return Part(
        name=NAME,
        command=site.sandboxed(serve, name=NAME, user="www-data"),
        log=site.log(NAME),
        where=where,
        check=lambda: check_port(site.choices.ports["front"]),
    )


def _certify(site: Site, folder: Path) -> str:
    """Issue the server's certificate anew at each start, and lay out the page that explains how to trust it.

    The authority's key stays out of the folder that nginx sees. Returns the authority's fingerprint.
    """
    now = dt.datetime.now(dt.UTC)
    names = [site.lan or HOST, HOST, "localhost", f"{socket.gethostname().partition('.')[0]}.local"]
    authority = load_authority(site.state / "authority", names, now=now)
    issue(authority, names, now=now).save(folder / "server.crt", folder / "server.key")
    values = site.values() | {"FINGERPRINT": authority.fingerprint}
    fill_folder(_TEMPLATES / "guide", folder / "guide", values)
    shutil.copy(site.state / "authority" / "authority.crt", folder / "guide" / "ponctuel.crt")
    return authority.fingerprint
