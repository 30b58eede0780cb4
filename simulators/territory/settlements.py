"""Who lives where: the town at the church, a dozen villages around it, each with its name, codes and size."""

import math
from dataclasses import dataclass
from enum import StrEnum
from random import Random

import numpy as np

from simulators.territory import words
from simulators.territory.plane import XY
from simulators.territory.terrain import HALF_SIDE, Terrain

VILLAGE_COUNT = 12
_TOWN_SHARE, _VILLAGES_SHARE = 0.60, 0.31  # of the addresses; the rest is scattered in the country
_TOWN_POPULATION, _PEOPLE_PER_VILLAGE_ADDRESS = 15_000, 2.3
_TOWN_PER_HECTARE, _VILLAGE_PER_HECTARE = 9.0, 5.5  # addresses on a hectare, wide outskirts included
_SMALLEST_TOWN, _SMALLEST_VILLAGE = 450.0, 160.0  # radius in metres: room for the bridges, for a church
_NEAREST, _FARTHEST, _BETWEEN_VILLAGES = 3_000.0, 20_000.0, 3_600.0


class SettlementKind(StrEnum):
    TOWN = "town"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A built-up place and the commune it is the centre of. `radius` in metres."""

    name: str
    kind: SettlementKind
    centre: XY
    radius: float
    addresses: int
    population: int
    postcode: str
    commune_code: str

    def reaches(self, point: XY, *, share: float = 1.0) -> bool:
        """Say whether the point lies in the built-up circle, or in `share` of it."""
        return math.dist(point, self.centre) <= self.radius * share


def place_settlements(terrain: Terrain, random: Random, *, addresses: int) -> list[Settlement]:
    """Return the town first, then the villages from the nearest to the farthest."""
    in_town = round(addresses * _TOWN_SHARE)
    town = Settlement(
        name=words.TOWN,
        kind=SettlementKind.TOWN,
        centre=(0.0, 0.0),
        radius=max(_SMALLEST_TOWN, _find_radius(in_town, per_hectare=_TOWN_PER_HECTARE)),
        addresses=in_town,
        population=_TOWN_POPULATION,
        postcode="99100",
        commune_code="99001",
    )
    centres = _scatter_villages(terrain, random, nearest=max(_NEAREST, town.radius * 1.8))
    weights = [random.lognormvariate(0.0, 0.55) for _ in centres]
    names = random.sample(words.VILLAGES, len(centres))
    villages: list[Settlement] = []
    for rank, (centre, weight, name) in enumerate(zip(centres, weights, names, strict=True)):
        homes = max(8, round(addresses * _VILLAGES_SHARE * weight / sum(weights)))
        villages.append(
            Settlement(
                name=name,
                kind=SettlementKind.VILLAGE,
                centre=centre,
                radius=max(_SMALLEST_VILLAGE, _find_radius(homes, per_hectare=_VILLAGE_PER_HECTARE)),
                addresses=homes,
                population=round(homes * _PEOPLE_PER_VILLAGE_ADDRESS),
                postcode=f"991{1 + rank // 3}0",  # three villages share a postal code, as in the country
                commune_code=f"99{rank + 2:03}",
            )
        )
    return [town, *villages]


def nearest_settlement(settlements: list[Settlement], point: XY) -> Settlement:
    """Return the settlement whose commune the point is in; the town's commune is larger."""
    return min(
        settlements,
        key=lambda place: (
            math.dist(place.centre, point) - (1_500 if place.kind is SettlementKind.TOWN else 0)
        ),
    )


def _find_radius(addresses: int, *, per_hectare: float) -> float:
    return math.sqrt(addresses / per_hectare * 10_000 / math.pi)


def _scatter_villages(terrain: Terrain, random: Random, *, nearest: float) -> list[XY]:
    """Draw places far enough from each other, the river and the steep hills, in every direction."""
    centres: list[XY] = []
    between = _BETWEEN_VILLAGES
    while len(centres) < VILLAGE_COUNT:
        between *= 0.995
        away = random.uniform(nearest, min(_FARTHEST, HALF_SIDE - 2_500))
        angle = random.uniform(0, 2 * math.pi)
        place = (away * math.cos(angle), away * math.sin(angle))
        x, y = np.array([place[0]]), np.array([place[1]])
        from_river, height = float(terrain.river_distance(x, y)[0]), float(terrain.height(x, y)[0])
        lonely = all(math.dist(place, other) > between for other in centres)
        if lonely and from_river > 350 and height < 330:  # noqa: PLR2004
            centres.append(place)
    return sorted(centres, key=lambda place: math.hypot(*place))
