"""How to tell that a server answers. Each check raises NotReadyError until it does."""

import socket
import urllib.request

from docker.rootfs.part import NotReadyError
from docker.rootfs.site import HOST


def check_port(port: int) -> None:
    """Something accepts TCP connections on the loopback port."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError as error:
        raise NotReadyError(f"nothing listens on port {port}") from error


def check_http(port: int, path: str) -> None:
    """The page answers with success."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=2).close()
    except OSError as error:  # URLError and HTTPError are OSErrors too
        raise NotReadyError(f"{path} on port {port}: {error}") from error
