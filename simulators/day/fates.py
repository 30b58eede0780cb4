"""What becomes of each visit: in time, late, never, or known too late. Pure."""

from datetime import datetime, timedelta
from random import Random

from simulators.day.model import Fate, Stop, Way
from simulators.day.tempo import Tempo

_SHARES = {Fate.LATE: 0.045, Fate.VERY_LATE: 0.03, Fate.NO_SHOW: 0.015, Fate.HEARD_LATE: 0.04}
_EARLIEST, _LATEST = timedelta(minutes=7), timedelta(minutes=4)
_HALF = 0.5


def draw_fate(random: Random, way: Way) -> Fate:
    """Draw a fate; only a telephone with an application can be without network."""
    drawn = random.random()
    for fate, share in _SHARES.items():
        if drawn < share:
            return fate if fate is not Fate.HEARD_LATE or way.by_phone_app else Fate.ON_TIME
        drawn -= share
    return Fate.ON_TIME


def draw_arrival(
    random: Random, stop: Stop, way: Way, fate: Fate, *, known_after: timedelta, tempo: Tempo
) -> datetime | None:
    """Return when the worker arrives, None for nobody, or when this visit leaves no room for that fate.

    In time means known before the alert is due; late means after it. Where the worker does not say which
    edge it is, late is still before half of the visit is over: later on, an arrival and a departure look
    alike.
    """
    latest = latest_arrival(stop, way, fate, known_after=known_after, tempo=tempo)
    match fate:
        case Fate.ON_TIME | Fate.HEARD_LATE:
            return latest - random.random() * (_EARLIEST + _LATEST)
        case Fate.LATE:
            return _between(random, stop.first_due + tempo.margin, latest)
        case Fate.VERY_LATE:
            return _between(random, stop.second_due + tempo.margin, latest)
        case Fate.NO_SHOW:
            return None


def latest_arrival(stop: Stop, way: Way, fate: Fate, *, known_after: timedelta, tempo: Tempo) -> datetime:
    """Return until when an arrival still is what the fate says."""
    half = stop.starts_at + (stop.ends_at - stop.starts_at) * _HALF
    last = (stop.ends_at if way.by_phone_app else half) - tempo.margin
    match fate:
        case Fate.ON_TIME | Fate.HEARD_LATE:
            return min(stop.starts_at + _LATEST, stop.first_due - known_after - tempo.margin)
        case Fate.LATE:
            return min(stop.second_due - tempo.margin, last)
        case Fate.VERY_LATE | Fate.NO_SHOW:
            return min(stop.second_due + tempo.margin + _EARLIEST, last)


def _between(random: Random, earliest: datetime, latest: datetime) -> datetime | None:
    return earliest + random.random() * (latest - earliest) if earliest < latest else None
