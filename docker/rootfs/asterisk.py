"""Asterisk: its configuration and folders, and how to tell over AMI that it takes calls."""

import socket

from docker.rootfs.kept_calls import CERTIFICATE, ensure_key
from docker.rootfs.part import NotReadyError, Part
from docker.rootfs.private import write_private
from docker.rootfs.site import HOST, TEMPLATES, Site
from docker.rootfs.templates import fill_folder

NAME = "asterisk"
_FOLDERS = ("run", "var", "log", "spool", "cache", "kept")


def prepare(site: Site) -> Part:
    """Render the configuration, make the folders, return what to run."""
    folder = site.folder(NAME)
    site.prompts.mkdir(parents=True, exist_ok=True)  # rendered before or after: Asterisk sees the folder
    for name in _FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    fill_folder(TEMPLATES / NAME, folder / "etc", site.values())
    write_private(folder / "etc" / CERTIFICATE, ensure_key(site.keys))
    serve = ["asterisk", "-f", "-n", "-C", f"/srv/{NAME}/etc/asterisk.conf"]
    ports = site.choices.ports
    return Part(
        name=NAME,
        command=site.sandboxed(serve, name=NAME, user="asterisk"),
        log=site.log(NAME),
        where=f"{HOST}:{ports['sip']} (SIP)",
        check=lambda: _check(ports["ami"], site.values()["AMI_USER"], site.choices.secrets["ami"]),
    )


def _check(port: int, user: str, secret: str) -> None:
    """The port opens before the modules are loaded: only `FullyBooted` says that calls are answered."""
    login = f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\n\r\n"
    said = b""
    try:
        with socket.create_connection((HOST, port), timeout=2) as ami:
            ami.sendall(login.encode())
            while b"Event: FullyBooted" not in said:
                received = ami.recv(4096)
                if not received:
                    raise NotReadyError("AMI hung up: wrong secret, or still starting")
                said += received
    except OSError as error:
        raise NotReadyError(f"AMI on port {port}: {error}") from error
