"""Draws the clients: who they are, where they live, what names their home, what they need. Pure."""

from random import Random

from simulators.seed.catalogue import TRAITS
from simulators.seed.chance import happens
from simulators.seed.numbers import draw_home_numbers
from simulators.seed.people import People
from simulators.seed.places import Sector
from simulators.seed.sketch import ClientSketch, Need, Place
from simulators.seed.weeks import Profile, draw_week, share_profiles

WITH_LINE, WITH_TAG = 0.86, 0.75
STRICT_CLIENTS, BOXES = 6, 8
GATEWAY = "gw-0001"
_INSTRUCTIONS = (
    "Clé chez la voisine de palier.",
    "Sonner deux fois, laisser le temps de venir ouvrir.",
    "Entrer par la cour, la porte de la rue est condamnée.",
    "Entend mal : se présenter en face.",
    "Régime sans sel.",
)
_TRAIT_SHARES = dict(zip(TRAITS, (0.10, 0.12, 0.07), strict=True))


def draw_clients(
    random: Random, people: People, sectors: list[Sector], count: int
) -> tuple[ClientSketch, ...]:
    """Return the clients. Sectors get them in the share of their front doors."""
    fronts = [(rank, place) for rank, sector in enumerate(sectors) for place in sector.places]
    homes = random.sample(fronts, count)
    lines = draw_home_numbers(random, count)
    profiles = share_profiles(random, count)
    devices = _place_devices(random, profiles)
    strict = set(random.sample([rank for rank in range(count) if rank not in devices], STRICT_CLIENTS))
    clients: list[ClientSketch] = []
    for rank, ((sector, place), line, profile) in enumerate(zip(homes, lines, profiles, strict=True)):
        needs = draw_week(random, profile)
        clients.append(
            _draw_client(
                random,
                people,
                sector=sector,
                place=place,
                line=line,
                needs=needs,
                fragile=profile is Profile.DEPENDENT and happens(random, 0.3),
                strict=rank in strict,
                device=devices.get(rank),
            )
        )
    return tuple(clients)


def _draw_client(
    random: Random,
    people: People,
    *,
    sector: int,
    place: Place,
    line: str,
    needs: tuple[Need, ...],
    fragile: bool,
    strict: bool,
    device: str | None,
) -> ClientSketch:
    person = people.draw(women=0.68)
    has_line = happens(random, WITH_LINE)
    return ClientSketch(
        sector=sector,
        civility=person.civility,
        last_name=person.last_name,
        first_name=person.first_name,
        fragile=fragile or strict,
        strict=strict,
        instructions=random.choice(_INSTRUCTIONS) if happens(random, 0.4) else "",
        place=place,
        line=line if has_line else None,
        has_tag=happens(random, WITH_TAG),
        traits=tuple(trait for trait, share in _TRAIT_SHARES.items() if happens(random, share)),
        needs=needs,
        device=device,
    )


def _place_devices(random: Random, profiles: list[Profile]) -> dict[int, str]:
    """Put the reader and the boxes where somebody comes three times a day."""
    busy = [rank for rank, profile in enumerate(profiles) if profile is Profile.DEPENDENT]
    names = [GATEWAY, *(f"box-{number:04}" for number in range(1, BOXES + 1))]
    return dict(zip(random.sample(busy, len(names)), names, strict=True))
