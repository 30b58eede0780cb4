"""Which way a worker punches at a home. Pure: drawn by what the home has, in the shares of a real agency."""

from collections.abc import Set as AbstractSet
from random import Random

from simulators.day.model import Stop, Way

_SHARES = {Way.CALL: 48, Way.TAP: 27, Way.SCAN: 16, Way.APP: 11}
_HIDDEN = 0.06
_FROM_MOBILE = (
    0.5  # of the calls from a home without a line: the worker's own telephone; else a hidden number
)


def choose_way(random: Random, stop: Stop, available: AbstractSet[Way]) -> Way:
    """Return how all punches of this visit are made: by the home's device where there is one."""
    if stop.device is not None:
        way = Way.READER if stop.device.startswith("gw-") else Way.BOX
        if way in available:
            return way
    possible = {
        way: share
        for way, share in _SHARES.items()
        if way in available and (way is not Way.TAP or stop.tag is not None)
    }
    return random.choices(list(possible), list(possible.values()))[0]


def hides_number(random: Random, stop: Stop) -> bool:
    """Tell whether a call from there shows no number, so that the home's code is needed."""
    if stop.line is None:
        return random.random() >= _FROM_MOBILE
    return random.random() < _HIDDEN
