"""Draws a plausible day of an agency from a seed: for benchmarks and tests, nobody real.

A town and its villages, workers by car, bike and foot, contracts of 20 to 35 hours, visits of 30 to 120
minutes that crowd in the morning, at noon and in the evening.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np

from homecare.law.loading import parameters_on
from homecare.law.model import Agreement
from optimizer.journeys import measure_journeys
from optimizer.limits import limits_of
from optimizer.modes import Mode, Point
from optimizer.problem import Commitment, Problem, VisitJob, WorkerDay
from optimizer.travel import EstimatedTravel, Travel

DAY = date(2026, 3, 10)
HOUR = 3_600
MINUTE = 60

_CENTRE = Point(lon=2.60, lat=47.10)
_SKILLS = 4


def draw_problem(
    seed: int,
    *,
    visits: int = 150,
    workers: int = 20,
    agreement: Agreement = Agreement.IDCC_3127,
    travel: Travel | None = None,
    day: date = DAY,
) -> Problem:
    """Draw a day. The same arguments give the same problem."""
    random = Random(seed)  # noqa: S311 - a drawing, not a secret
    villages = [_near(random, _CENTRE, kilometres=9) for _ in range(8)]
    staff = [_draw_worker(random, number, agreement=agreement, day=day) for number in range(workers)]
    homes = [_draw_home(random, villages, rural=worker.mode is Mode.CAR) for worker in staff]
    clients = [_draw_home(random, villages, rural=True) for _ in range(max(1, visits * 2 // 3))]
    jobs = [
        _draw_visit(random, number, clients=len(clients), first_place=workers, staff=staff)
        for number in range(visits)
    ]
    return Problem(
        day=day,
        visits=tuple(jobs),
        workers=tuple(replace(worker, place=number) for number, worker in enumerate(staff)),
        travel=measure_journeys([*homes, *clients], travel or EstimatedTravel()),
        estimated=travel is None,
    )


def _near(random: Random, centre: Point, *, kilometres: float) -> Point:
    spread = kilometres / 2
    return Point(
        lon=centre.lon + random.gauss(0, spread) / 75.9, lat=centre.lat + random.gauss(0, spread) / 111.2
    )


def _draw_home(random: Random, villages: Sequence[Point], *, rural: bool) -> Point:
    if rural and random.random() < 0.3:  # noqa: PLR2004 - three in ten live in a village
        return _near(random, random.choice(villages), kilometres=0.8)
    return _near(random, _CENTRE, kilometres=2)


def _draw_worker(random: Random, number: int, *, agreement: Agreement, day: date) -> WorkerDay:
    mode = random.choices(list(Mode), weights=(60, 25, 15))[0]
    weekly_hours = random.choice((20, 24, 28, 30, 35))
    early = random.random() < 0.8  # noqa: PLR2004 - the others start at noon
    held = (skill for skill in range(_SKILLS) if random.random() < 0.6)  # noqa: PLR2004 - three in five
    skills = {skill: random.randint(1, 3) for skill in held}
    return WorkerDay(
        id=1_000 + number,
        place=number,
        mode=mode,
        hours=((int(6.5 * HOUR), 21 * HOUR),) if early else ((11 * HOUR, 21 * HOUR),),
        skills=skills,
        agreement=agreement,
        limits=limits_of(parameters_on(agreement, day)),
        around=_draw_around(random, weekly_hours),
        contract=weekly_hours * HOUR // 5,
    )


def _draw_around(random: Random, weekly_hours: int) -> tuple[Commitment, ...]:
    """The days before in the week, and an early start or a late end beside the day."""
    before = Commitment(start=-14 * HOUR, end=-14 * HOUR + weekly_hours * HOUR // 10)
    evening_end = random.choice((-8, -6, -4)) * HOUR
    evening = Commitment(start=evening_end - 2 * HOUR, end=evening_end)
    morning = Commitment(start=(24 + random.choice((7, 8, 9))) * HOUR, end=34 * HOUR)
    return (before, evening, morning)


def _draw_visit(
    random: Random, number: int, *, clients: int, first_place: int, staff: Sequence[WorkerDay]
) -> VisitJob:
    opens, closes = random.choices(
        ((7.0, 10.0), (11.5, 13.0), (14.0, 17.0), (17.5, 19.5)), weights=(40, 22, 18, 20)
    )[0]
    wished = int(random.uniform(opens, closes) * 4) * 15 * MINUTE
    flexible = random.choices((0, 15, 30, 60), weights=(15, 25, 35, 25))[0] * MINUTE
    skill = random.randrange(_SKILLS)
    return VisitJob(
        id=10_000 + number,
        place=first_place + random.randrange(clients),
        seconds=random.choices((30, 45, 60, 90, 120), weights=(45, 15, 25, 10, 5))[0] * MINUTE,
        earliest=wished - flexible,
        latest=wished + flexible,
        wished=wished,
        skills={skill: random.choice((1, 1, 2))} if random.random() < 0.3 else {},  # noqa: PLR2004
        refused=frozenset(worker.id for worker in staff if random.random() < 0.04),  # noqa: PLR2004
        known=frozenset(worker.id for worker in staff if random.random() < 0.3),  # noqa: PLR2004
        fragile=random.random() < 0.9,  # noqa: PLR2004
    )


def as_int32(matrix: Sequence[Sequence[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return a matrix written by hand as the array that `Journeys` wants."""
    return np.array(matrix, dtype=np.int32)
