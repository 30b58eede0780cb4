"""The machine's address on the local network."""

import socket

from docker.rootfs.site import HOST

# An address reserved for documentation: nobody answers there, and nothing is sent to it.
_NOWHERE = ("192.0.2.1", 9)


class NoLanError(Exception):
    """The machine is on no network."""


def find_lan_address() -> str:
    """Address from which this machine would speak to others. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOWHERE)  # only asks the kernel which way it would go
            address: str = probe.getsockname()[0]
        except OSError as error:
            raise NoLanError("this machine is on no network: name its address with --lan ADDRESS") from error
    if address == HOST:
        raise NoLanError("this machine is on no network: name its address with --lan ADDRESS")
    return address
