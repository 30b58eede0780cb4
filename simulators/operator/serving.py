"""An operator on a UDP port, in a thread."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Set

from simulators.operator.operator import Operator

LARGEST = 65_535
_LOOK_SECONDS = 0.2


@contextlib.contextmanager
def operator(host: str, port: int, *, exchange: tuple[str, int], numbers: Set[str]) -> Iterator[Operator]:
    """Carry these numbers at `host`:`port` until the end. Raises OSError when the port is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((host, port))
        wire.settimeout(_LOOK_SECONDS)
        one = Operator((host, port), exchange, frozenset(numbers), wire.sendto)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    one.take(wire.recv(LARGEST))

        thread = threading.Thread(target=serve, name=f"operator {host}", daemon=True)
        thread.start()
        try:
            yield one
        finally:
            over.set()
            thread.join()
