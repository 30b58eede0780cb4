"""Writes the script of a day from its published visits and a seed. Pure: same input, same script.

It keeps clear of what nobody could decide: an arrival and a departure of one visit are never on their way
at the same time, and a departure is forgotten only where no later punch could be taken for it. While the
database is away no code and no line can be checked: nobody mistypes then, nor calls from a telephone that
is neither a home's nor hidden.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from homecare.kernel.ids import WorkerId
from homecare.punches.model import Edge
from simulators.day.fates import draw_arrival, draw_fate, latest_arrival
from simulators.day.model import Fate, Gesture, Outage, Part, Script, Stop, Way
from simulators.day.tempo import Tempo
from simulators.day.ways import choose_way, hides_number

_MISTYPED, _TWICE, _ANSWER_LOST, _FORGOTTEN = 0.05, 0.07, 0.03, 0.03
_SHORTEST = 0.6  # of the planned length, even when the worker came late
_OVER = timedelta(minutes=6)
_SOON = timedelta(minutes=5)
_OFFLINE_LONGEST = timedelta(minutes=20)
_BEFORE_NEXT = timedelta(minutes=15)
_RECOVERY_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Period:
    """Visits that start within [since, until) are played; what would come after `until` is left out.

    `resumes`: the day was played until `since`. Whoever ought to have arrived in between arrives now.
    """

    since: datetime
    until: datetime
    resumes: bool = False

    def has_missed(self, stop: Stop) -> bool:
        """Whether the visit began while nobody played, and somebody can still come in its first half."""
        return self.resumes and stop.starts_at < self.since < _half_of(stop)


def write_script(
    stops: Sequence[Stop],
    period: Period,
    *,
    tempo: Tempo,
    seed: int,
    ways: AbstractSet[Way],
    outage: Outage | None = None,
) -> Script:
    """Return what happens at each stop. `ways`: those for which there is a simulator at hand."""
    ordered = sorted(stops, key=lambda stop: (stop.starts_at, stop.visit))
    writer = _Writer(Random(seed), ordered, tempo, ways, outage, count(1), {})
    parts = [
        writer.leave(stop, period.since)
        if stop.has_begun
        else writer.catch_up(stop, period.since)
        if period.has_missed(stop)
        else writer.write(stop)
        for stop in ordered
        if stop.has_begun or period.has_missed(stop) or period.since <= stop.starts_at < period.until
    ]
    return Script(tuple(_within(part, period.until) for part in parts))


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every part of one script shares."""

    random: Random
    stops: Sequence[Stop]
    tempo: Tempo
    ways: AbstractSet[Way]
    outage: Outage | None
    numbers: "count[int]"
    free_at: dict[WorkerId, datetime]

    def leave(self, stop: Stop, since: datetime) -> Part:
        """Write the end of a visit that has begun already."""
        leaves_at = max(since, stop.ends_at) + self.random.random() * _OVER
        departure = self._gesture(stop, Way.APP, Edge.DEPARTURE, leaves_at, hidden=False, online_at=None)
        return Part(stop, Fate.ON_TIME, Way.APP, None, departure)

    def catch_up(self, stop: Stop, since: datetime) -> Part:
        """Write a visit that ought to have begun before: its worker comes within minutes, by the sure way."""
        at = since + self.tempo.margin + self.random.random() * min(_SOON, _half_of(stop) - since)
        arrival = self._gesture(stop, Way.APP, Edge.ARRIVAL, at, hidden=False, online_at=None)
        leaves_at = max(at + (stop.ends_at - stop.starts_at) * _SHORTEST, stop.ends_at)
        departure = self._gesture(stop, Way.APP, Edge.DEPARTURE, leaves_at, hidden=False, online_at=None)
        fate = Fate.ON_TIME if at < stop.first_due else Fate.LATE if at < stop.second_due else Fate.VERY_LATE
        return Part(stop, fate, Way.APP, arrival, departure)

    def write(self, stop: Stop) -> Part:
        """Write a whole visit."""
        random, tempo = self.random, self.tempo
        way = choose_way(random, stop, self.ways)
        hidden = way is Way.CALL and hides_number(random, stop)
        mistyped = way is Way.CALL and random.random() < _MISTYPED
        needs_code = way is Way.CALL and (hidden or stop.line is None)
        known_after = tempo.until_known(way, hidden=needs_code, mistyped=mistyped)
        fate = draw_fate(random, way)
        online_at = self._draw_network(stop) if fate is Fate.HEARD_LATE else None
        if fate is Fate.HEARD_LATE and online_at is None:
            fate = Fate.ON_TIME
        at = draw_arrival(random, stop, way, fate, known_after=known_after, tempo=tempo)
        if at is None and fate is not Fate.NO_SHOW:  # no room for it in this visit
            fate = Fate.ON_TIME
            at = draw_arrival(random, stop, way, fate, known_after=known_after, tempo=tempo)
        if at is None:
            return Part(stop, fate, way, None, None)
        free_at = self.free_at.get(stop.worker, at)
        at = max(at, min(free_at, latest_arrival(stop, way, fate, known_after=known_after, tempo=tempo)))
        arrival = self._gesture(stop, way, Edge.ARRIVAL, at, hidden=hidden, online_at=online_at)
        arrival = replace(arrival, mistyped=mistyped and not self._is_out(at))
        leaves_at = max(
            at + max(known_after + tempo.margin, (stop.ends_at - stop.starts_at) * _SHORTEST),
            min(stop.ends_at + (random.random() * 1.6 - 0.6) * _OVER, self._expected_next(stop)),
        )
        self.free_at[stop.worker] = leaves_at + tempo.margin
        departure = self._gesture(stop, way, Edge.DEPARTURE, leaves_at, hidden=hidden, online_at=online_at)
        forgotten = random.random() < _FORGOTTEN and not self._comes_again(stop)
        return Part(stop, fate, way, arrival, None if forgotten else departure, online_at)

    def _gesture(
        self, stop: Stop, way: Way, edge: Edge, at: datetime, *, hidden: bool, online_at: datetime | None
    ) -> Gesture:
        random = self.random
        return Gesture(
            next(self.numbers),
            stop,
            way,
            edge,
            at,
            hidden=hidden or (way is Way.CALL and stop.line is None and self._is_out(at)),
            twice=(way.by_phone_app or way is Way.BOX) and random.random() < _TWICE,
            lost_answers=int(way.by_phone_app and random.random() < _ANSWER_LOST),
            offline=online_at is not None and at < online_at,
        )

    def _draw_network(self, stop: Stop) -> datetime | None:
        """Return when the telephone finds the network: after the alert, before the worker's next visit."""
        later = [
            one.starts_at
            for one in self.stops
            if one.worker == stop.worker and one.starts_at > stop.starts_at
        ]
        earliest = stop.first_due + self.tempo.margin
        latest = min([earliest + _OFFLINE_LONGEST, *(start - _BEFORE_NEXT for start in later)])
        if earliest >= latest:
            return None
        return earliest + self.random.random() * (latest - earliest)

    def _expected_next(self, stop: Stop) -> datetime:
        """Return when the worker has to leave at the latest to be at the next visit in time."""
        later = [
            one.starts_at for one in self.stops if one.worker == stop.worker and one.starts_at >= stop.ends_at
        ]
        return min((start - self.tempo.margin for start in later), default=stop.ends_at + _OVER)

    def _comes_again(self, stop: Stop) -> bool:
        return any(
            one.worker == stop.worker and one.home == stop.home and one.starts_at > stop.starts_at
            for one in self.stops
        )

    def _is_out(self, at: datetime) -> bool:
        around = self.tempo.shown(_RECOVERY_SECONDS)
        outage = self.outage
        return outage is not None and outage.begins_at - around <= at <= outage.ends_at + around


def _half_of(stop: Stop) -> datetime:
    return stop.starts_at + (stop.ends_at - stop.starts_at) / 2


def _within(part: Part, until: datetime) -> Part:
    arrival = part.arrival if part.arrival is not None and part.arrival.at <= until else None
    departure = part.departure if part.departure is not None and part.departure.at <= until else None
    return replace(part, arrival=arrival, departure=departure)
