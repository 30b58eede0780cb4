"""Journeys of every mode between the places of a problem, in whole minutes: a planning is read in minutes."""

from collections.abc import Sequence

from optimizer.modes import Mode, Point
from optimizer.problem import Journeys
from optimizer.travel import Travel

_MINUTE = 60


def measure_journeys(points: Sequence[Point], travel: Travel) -> dict[Mode, Journeys]:
    """Return the journeys of every mode, rounded up to the minute, never shorter than measured."""
    matrices = {mode: travel.matrix(points, mode=mode) for mode in Mode}
    return {
        mode: Journeys(seconds=-(-matrix.seconds // _MINUTE) * _MINUTE, metres=matrix.metres)
        for mode, matrix in matrices.items()
    }
