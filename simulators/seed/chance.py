"""One question asked of a seeded random: whether something happens this time."""

from random import Random


def happens(random: Random, share: float) -> bool:
    """Return True in that share of cases (0 to 1)."""
    return random.random() < share
