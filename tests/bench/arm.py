"""What is measured: an arm does its work for a while and says how much of it was acknowledged."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

STEADY = 2.0
"""A disk whose rate of syncs moved more than this between start and end gives no verdict."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of doing something. `run` takes seconds and returns how many a second were acknowledged."""

    name: str
    run: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Target:
    """Ours beside its baseline, both names of arms, and the ratio that is wanted, if any."""

    ours: str
    baseline: str
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the median of ours beside the median of the baseline.

    `wanted` is the ratio to reach, `most` what ours may be at most; without either there is nothing to reach.
    """

    name: str
    ours: float
    baseline: float
    unit: str
    wanted: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float:
        """Ours over the baseline."""
        return self.ours / self.baseline

    @property
    def aim(self) -> str:
        """What is to be reached, in short."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return "" if self.wanted is None else f"× {self.wanted:g}"

    @property
    def reached(self) -> bool | None:
        """Whether it was reached; None when there is nothing to reach."""
        if self.most is not None:
            return self.ours <= self.most
        return None if self.wanted is None else self.ratio >= self.wanted


def run_in_turns(arms: Sequence[Arm], *, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Run every arm `rounds` times, in rotated order; return the samples by name."""
    samples: dict[str, list[float]] = {arm.name: [] for arm in arms}
    for turn in range(rounds):
        start = turn % len(arms)
        for arm in (*arms[start:], *arms[:start]):
            samples[arm.name].append(arm.run(seconds))
    return samples


def compare(
    samples: dict[str, list[float]], targets: Sequence[Target], *, unit: str = "punches/s"
) -> list[Line]:
    """Return a line for each target."""
    return [
        Line(
            f"{target.ours} / {target.baseline}",
            median(samples[target.ours]),
            median(samples[target.baseline]),
            unit,
            target.wanted,
        )
        for target in targets
    ]


def syncs_per_second(folder: Path, *, seconds: float = 1.0) -> float:
    """Return how many times a second one block is written to this folder's disk and synced."""
    path = folder / "sync-rate"
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        count, began = 0, perf_counter()
        while perf_counter() - began < seconds:
            os.pwrite(file, bytes(8192), 0)
            os.fdatasync(file)
            count += 1
        return count / (perf_counter() - began)
    finally:
        os.close(file)
        path.unlink()
