"""How to tell that a server answers. Each check raises NotReadyError until it does."""

import socket
import urllib.request

from docker.rootfs.part import NotReadyError
from docker.rootfs.site import HOST

_CONNECT, _ACCEPTED, _DISCONNECT = 0x10, b"\x20\x02\x00\x00", b"\xe0\x00"


def check_port(port: int) -> None:
    """Something accepts TCP connections on the loopback port."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError as error:
        raise NotReadyError(f"nothing listens on port {port}") from error


def check_mqtt(port: int, user: str, password: str) -> None:
    """The broker accepts these credentials (MQTT 3.1.1, a clean session, a client id drawn by the broker)."""
    fields = b"".join(len(text).to_bytes(2, "big") + text for text in (b"", user.encode(), password.encode()))
    body = b"\x00\x04MQTT\x04\xc2\x00\x0a" + fields  # user, password, clean session; keep-alive of 10 s
    try:
        with socket.create_connection((HOST, port), timeout=2) as broker:
            broker.sendall(bytes([_CONNECT, len(body)]) + body)
            answer = broker.recv(4)
            broker.sendall(_DISCONNECT)
    except OSError as error:
        raise NotReadyError(f"MQTT on port {port}: {error}") from error
    if answer != _ACCEPTED:
        raise NotReadyError(f"MQTT on port {port}: {user} is not accepted")


def check_http(port: int, path: str) -> None:
    """The page answers with success."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=2).close()
    except OSError as error:  # URLError and HTTPError are OSErrors too
        raise NotReadyError(f"{path} on port {port}: {error}") from error
