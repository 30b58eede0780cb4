"""Tiny days made by hand: one worker, Sonia, and visits that all lie as far from each other."""

from dataclasses import replace
from datetime import date

from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from optimizer.limits import limits_of
from optimizer.modes import Mode
from optimizer.problem import Journeys, Problem, VisitJob, WorkerDay
from optimizer.sample import as_int32

DAY = date(2026, 3, 10)
HOUR = 3_600
MINUTE = 60
SONIA = 1


def day(
    *visits: VisitJob, worker: WorkerDay | None = None, minutes_apart: int = 10, on: date = DAY
) -> Problem:
    """A day of one worker whose visits all lie `minutes_apart` from each other."""
    places = len(visits) + 1
    matrix = as_int32(
        [[0 if a == b else minutes_apart * MINUTE for b in range(places)] for a in range(places)]
    )
    visits = tuple(replace(visit, place=number + 1) for number, visit in enumerate(visits))
    return Problem(
        day=on,
        visits=visits,
        workers=(worker or person(),),
        travel={Mode.CAR: Journeys(seconds=matrix, metres=matrix)},
    )


def person(agreement: Agreement = Agreement.IDCC_3127, **fields: object) -> WorkerDay:
    """Sonia, under the limits of her company's agreement."""
    limits = limits_of(parameters_on(agreement, DAY))
    plain = WorkerDay(id=SONIA, place=0, agreement=agreement, limits=limits)
    return replace(plain, **fields)  # type: ignore[arg-type]


def visit(number: int, at: float, *, hours: float = 1.0, **fields: object) -> VisitJob:
    """A visit that begins at that hour, no sooner and no later unless `fields` say so."""
    start = int(at * HOUR)
    plain = VisitJob(id=number, place=1, seconds=int(hours * HOUR), earliest=start, latest=start)
    return replace(plain, **fields)  # type: ignore[arg-type]
