"""What labour law says of a worker's visits with one more among them. Pure: visits in, new breaches out.

It judges nothing itself (`homecare.labour` does) and reports only what the change makes wrong or worse: a
week that is already wrong is no reason to refuse an act that mends it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from homecare.labour.breach import Breach
from homecare.labour.check import check
from homecare.labour.timeline import Timeline, WorkedVisit
from homecare.law.model import Parameters
from homecare.visits.travel import Place, estimate_minutes
from homecare.workers.model import TravelMode


@dataclass(frozen=True, slots=True)
class Slot:
    """A visit as working time: when, where, and whether at a fragile person's."""

    starts_at: datetime
    ends_at: datetime
    place: Place | None = None
    fragile: bool = False


def merge(slots: Iterable[Slot]) -> list[Slot]:
    """Return the stretches of work, in order: visits that overlap, a couple's for one, are worked once."""
    merged: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: (slot.starts_at, slot.ends_at)):
        if merged and slot.starts_at < merged[-1].ends_at:
            last = merged[-1]
            ends_at, fragile = max(last.ends_at, slot.ends_at), last.fragile or slot.fragile
            merged[-1] = replace(last, ends_at=ends_at, fragile=fragile)
        else:
            merged.append(slot)
    return merged


def minutes_of_work(slots: Iterable[Slot]) -> int:
    """Return the minutes worked in homes."""
    return sum((slot.ends_at - slot.starts_at) // timedelta(minutes=1) for slot in merge(slots))


def timeline_of(slots: Iterable[Slot], *, mode: TravelMode) -> Timeline:
    """Return the working timeline of these visits, in any order, with the travel between them estimated."""
    ordered = merge(slots)
    journeys = [
        timedelta(minutes=estimate_minutes(slot.place, following.place, mode=mode))
        for slot, following in pairwise(ordered)
    ]
    return Timeline(
        tuple(
            WorkedVisit(slot.starts_at, slot.ends_at, journey, slot.fragile)
            for slot, journey in zip(ordered, [*journeys, timedelta(0)], strict=False)
        )
    )


def new_breaches(
    slots: Sequence[Slot], added: Slot, *, mode: TravelMode, parameters: Parameters
) -> list[Breach]:
    """Return the breaches that the visit `added` makes, or makes worse, among the worker's other visits."""
    before = check(timeline_of(slots, mode=mode), parameters)
    after = check(timeline_of([*slots, added], mode=mode), parameters)
    return [breach for breach in after if not any(_stood_already(old, breach) for old in before)]


def _stood_already(old: Breach, new: Breach) -> bool:
    """Tell whether the breach is an old one: same rule, touching times, no further from the limit."""
    return old.rule is new.rule and old.start < new.end and new.start < old.end and new.margin >= old.margin
