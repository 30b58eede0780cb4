"""Draws the workers: contracts, skills with their ends, hours, how they go from home to home. Pure."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from homecare.workers.model import TravelMode
from simulators.seed.catalogue import TRAITS, Skill
from simulators.seed.chance import happens
from simulators.seed.numbers import draw_mobile_numbers, make_nir
from simulators.seed.people import People
from simulators.seed.places import Sector
from simulators.seed.shifts import hours_of
from simulators.seed.sketch import ClientSketch, SkillSketch, WorkerSketch

_WEEKLY_HOURS = (20, 24, 28, 30, 30, 32, 35, 35)
_SHARES = {
    Skill.PERSONAL_CARE: 0.9,
    Skill.HOIST: 0.6,
    Skill.MEMORY: 0.6,
    Skill.CHILDREN: 0.6,
    Skill.DRIVING: 0.4,
}
_MODES = {
    True: (TravelMode.CAR, TravelMode.CAR, TravelMode.BIKE, TravelMode.CAR, TravelMode.FOOT),
    False: (TravelMode.CAR,) * 9 + (TravelMode.BIKE,),
}


def share_workers(clients: Sequence[ClientSketch], sectors: int, count: int) -> list[int]:
    """Return how many workers each sector gets: in the share of the minutes that its clients need."""
    minutes = [0] * sectors
    for client in clients:
        minutes[client.sector] += sum(need.minutes * len(need.weekdays) for need in client.needs)
    exact = [count * part / sum(minutes) for part in minutes]
    given = [math.floor(part) for part in exact]
    by_rest = sorted(range(sectors), key=lambda sector: given[sector] - exact[sector])
    for sector in by_rest[: count - sum(given)]:
        given[sector] += 1
    return given


def draw_workers(
    random: Random, people: People, sectors: list[Sector], numbers: list[int], *, day: date
) -> tuple[WorkerSketch, ...]:
    """Return the workers, `numbers` of them for each sector. Skills are valid or not as of `day`."""
    phones = iter(draw_mobile_numbers(random, sum(numbers)))
    badges = iter(_draw_badges(random, sum(numbers)))
    workers: list[WorkerSketch] = []
    for sector, number in enumerate(numbers):
        places = random.sample(sectors[sector].places, number)
        hired = [day - timedelta(days=random.randint(60, 3600)) for _ in range(number)]
        skills = _share_skills(random, hired, day=day)
        modes = _MODES[sector == 0]
        for rank in range(number):
            person = people.draw(women=0.9)
            born = date(random.randint(1964, 2004), random.randint(1, 12), random.randint(1, 28))
            workers.append(
                WorkerSketch(
                    sector=sector,
                    last_name=person.last_name,
                    first_name=person.first_name,
                    nir=make_nir(random, woman=person.woman, born_on=born),
                    email=person.email,
                    phone=next(phones),
                    travel_mode=modes[rank % len(modes)],
                    place=places[rank],
                    hired_on=hired[rank],
                    weekly_minutes=60 * random.choice(_WEEKLY_HOURS),
                    skills=skills[rank],
                    hours=hours_of(rank),
                    badge=next(badges),
                    bans=tuple(trait for trait in TRAITS if happens(random, 0.05)),
                )
            )
    return tuple(workers)


def _share_skills(random: Random, hired: Sequence[date], *, day: date) -> list[tuple[SkillSketch, ...]]:
    """Give each skill to its share of a sector's workers, so that nowhere a skill is missing."""
    held: list[list[SkillSketch]] = [[] for _ in hired]
    for skill, share in _SHARES.items():
        for rank in random.sample(range(len(hired)), math.ceil(share * len(hired))):
            level = random.choice((1, 2, 2, 3))
            until = day + timedelta(days=random.randint(15, 400)) if happens(random, 0.3) else None
            held[rank].append(SkillSketch(skill.value, level, hired[rank], until))
    for rank, skills in enumerate(held):
        missing = [skill for skill in Skill if skill.value not in {one.name for one in skills}]
        if missing and happens(random, 0.1):
            lapsed = day - timedelta(days=random.randint(5, 40))
            skills.append(SkillSketch(random.choice(missing).value, 1, hired[rank], lapsed))
    return [tuple(skills) for skills in held]


def _draw_badges(random: Random, count: int) -> list[str]:
    """Return uids of seven bytes, as NXP gives them (the first byte is the maker's)."""
    return [f"04{number:012X}" for number in random.sample(range(16**12), count)]
