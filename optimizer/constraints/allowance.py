"""What is left to a worker on one day: the limits, once what they do on the days around is counted."""

from dataclasses import dataclass

from optimizer.problem import Limits

FAR = 10**9
"""Later than any second of a day, more than any work: not limited."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Seconds. `work` may be negative: there is too much already. The day lies within [`begin`, `end`)."""

    limits: Limits
    work: int = FAR
    begin: int = -FAR
    end: int = FAR
