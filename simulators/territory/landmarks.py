"""The buildings that everybody knows: church, town hall, school, and the town's hospital."""

import math
from dataclasses import dataclass
from random import Random

from simulators.territory.buildings import Site
from simulators.territory.plane import XY, Line, draw_rectangle, shift
from simulators.territory.settlements import Settlement, SettlementKind


@dataclass(frozen=True, slots=True)
class Landmark:
    outline: Line
    tags: dict[str, str]


_SORTS: tuple[tuple[str, str, float, float, float], ...] = (
    # amenity, name, width, depth, where (share of the radius)
    ("place_of_worship", "Église {of}", 34.0, 15.0, 0.0),
    ("townhall", "Mairie {of}", 18.0, 13.0, 0.05),
    ("school", "École communale", 36.0, 12.0, 0.3),
)
_HOSPITAL = ("hospital", "Centre hospitalier {of}", 70.0, 24.0, 0.65)


def place_landmarks(settlements: list[Settlement], site: Site, random: Random) -> list[Landmark]:
    """Return the landmarks that find room; the ground they take is no longer free."""
    landmarks = []
    for place in settlements:
        is_town = place.kind is SettlementKind.TOWN
        for amenity, name, width, depth, share in (*_SORTS, *((_HOSPITAL,) if is_town else ())):
            size = 1.0 if is_town else 0.75
            outline = _find_room(place, site, random, width=width * size, depth=depth * size, share=share)
            if outline is not None:
                kind = {"place_of_worship": "church", "townhall": "civic"}.get(amenity, amenity)
                of = f"de {place.name}" if amenity != "place_of_worship" else random.choice(_SAINTS)
                landmarks.append(
                    Landmark(outline, {"building": kind, "amenity": amenity, "name": name.format(of=of)})
                )
    return landmarks


_SAINTS = (
    "Saint-Aubin",
    "Saint-Martial",
    "Sainte-Radegonde",
    "Saint-Éloi",
    "Notre-Dame",
    "Saint-Roch",
    "Saint-Fiacre",
)


def _find_room(
    place: Settlement, site: Site, random: Random, *, width: float, depth: float, share: float
) -> Line | None:
    for attempt in range(160):
        away = share * place.radius + 22.0 + attempt * 0.6
        centre: XY = shift(place.centre, random.uniform(0, 2 * math.pi), away)
        outline = draw_rectangle(centre, random.uniform(0, math.pi), width=width, depth=depth)
        if site.take(outline, margin=1.5):
            return outline
    return None
