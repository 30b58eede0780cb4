"""Keeps logs from growing without end: what is too long is set aside, the oldest is forgotten.

Whoever writes a log holds it open for appending, so the file is copied and emptied, never renamed. A line
that is written between the two is lost: logs are for people, and nothing is ever read back from them.
"""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

MOST_BYTES = 10 * 1024 * 1024
OLDER = 2
"""How many are kept besides the one that is written: `x.log.1`, then `x.log.2`."""


def rotate_all(state: Path) -> None:
    """Set aside every log of a state folder that is too long. Raises OSError, after having tried all."""
    troubles: list[OSError] = []
    for log in _logs_of(state):
        try:
            rotate(log)
        except OSError as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]


def rotate(log: Path, *, most: int = MOST_BYTES, older: int = OLDER) -> None:
    """Set the log aside if it is longer than `most` bytes. It is emptied even when the disk is full."""
    if log.stat().st_size <= most:
        return
    ranked = [log.with_name(f"{log.name}.{rank}") for rank in range(1, older + 1)]
    for newer, one in reversed(list(pairwise(ranked))):
        if newer.exists():
            newer.replace(one)
    try:
        shutil.copy2(log, ranked[0])
    finally:
        log.open("wb").close()


def _logs_of(state: Path) -> Iterator[Path]:
    yield from state.glob("log/*.log")
    yield from state.glob("*/log/*.log")
