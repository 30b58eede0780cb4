"""What is measured: an arm does its work for a while and says how much of it was acknowledged."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of doing something. `run` takes seconds and returns how many a second were acknowledged."""

    name: str
    run: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the median of ours beside the median of the baseline."""

    name: str
    ours: float
    baseline: float
    unit: str

    @property
    def ratio(self) -> float:
        """Ours over the baseline."""
        return self.ours / self.baseline


def compare(
    arms: list[Arm], baseline: Arm, *, rounds: int, seconds: float
) -> tuple[list[Line], dict[str, list[float]]]:
    """Run every arm and the baseline in rotated order; return the lines and the raw samples."""
    everything = [baseline, *arms]
    samples: dict[str, list[float]] = {arm.name: [] for arm in everything}
    for turn in range(rounds):
        for arm in everything[turn % len(everything) :] + everything[: turn % len(everything)]:
            samples[arm.name].append(arm.run(seconds))
    lines = [
        Line(arm.name, median(samples[arm.name]), median(samples[baseline.name]), "punches/s") for arm in arms
    ]
    return lines, samples
