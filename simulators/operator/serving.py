"""An operator on a UDP port, in a thread."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from simulators.operator.operator import Operator

LARGEST = 65_535
_LOOK_SECONDS = 0.2


@contextlib.contextmanager
def operator(
    host: str, port: int, *, exchange: tuple[str, int], numbers: AbstractSet[str]
) -> Iterator[Operator]:
    """Carry these numbers at `host`:`port` until the end. Raises OSError when the port is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((host, port))
        wire.settimeout(_LOOK_SECONDS)

        def send(data: bytes, to: tuple[str, int]) -> None:
            wire.sendto(data, to)

        one = Operator((host, port), exchange, frozenset(numbers), send)
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
