"""The command `stop`: ends a running `up` and returns once its state folder is free."""

import time
from pathlib import Path

from docker.rootfs.control import ask
from docker.rootfs.lock import is_held

_LONGEST_STOP = 90.0


def stop_up(state: Path) -> bool:
    """Stop what runs on the state folder. Returns whether something did. Raises TimeoutError if it stays."""
    if not is_held(state):
        return False
    ask(state, "quit")
    until = time.monotonic() + _LONGEST_STOP
    while is_held(state):
        if time.monotonic() > until:
            raise TimeoutError(f"{state}: still running after {_LONGEST_STOP:.0f} s")
        time.sleep(0.1)
    return True
