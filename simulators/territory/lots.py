"""How houses stand along a street: in rows in old hearts, apart in the outskirts, scattered in hamlets."""

import math
from dataclasses import dataclass

from simulators.territory.drafts import Road, Zone
from simulators.territory.settlements import Settlement, SettlementKind
from simulators.territory.town import OLD_SHARE

type _Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """Ranges in metres; `setback` from the street's edge to the front; `empty`: share without a house."""

    width: _Range
    depth: _Range
    gap: _Range
    setback: _Range
    empty: float
    building: str


_ROW = Style((7, 11), (10, 14), (0, 0.4), (0.3, 0.8), 0.05, "house")
_TOWNHOUSE = Style((9, 13), (9, 12), (2, 9), (2, 4), 0.10, "house")
_BLOCK = Style((34, 52), (11, 13), (14, 24), (7, 10), 0.25, "apartments")
_DETACHED = Style((10, 14), (8, 11), (9, 16), (5, 9), 0.14, "detached")
_ESTATE = Style((10, 13), (8, 10), (7, 11), (5, 7), 0.04, "detached")
_VILLAGE_ROW = Style((8, 14), (8, 12), (0, 5), (0.5, 2), 0.12, "house")
_VILLAGE = Style((10, 15), (8, 11), (10, 24), (4, 10), 0.20, "detached")
_FARM = Style((13, 24), (7, 9), (10, 36), (6, 18), 0.20, "farm")


def choose_style(road: Road, place: Settlement) -> Style:
    """Choose by what the street is and how far from the church it runs."""
    share = math.dist(road.middle, place.centre) / place.radius
    if road.zone is Zone.HAMLET:
        return _FARM
    if road.zone in {Zone.ESTATE, Zone.CLOSE}:
        return _ESTATE
    if place.kind is SettlementKind.VILLAGE:
        return _VILLAGE_ROW if share < 0.42 else _VILLAGE  # noqa: PLR2004
    if share < OLD_SHARE:
        return _ROW
    if road.street % 17 == 3:  # noqa: PLR2004 - a few streets of flats, anywhere in the suburbs
        return _BLOCK
    return _TOWNHOUSE if share < 0.62 else _DETACHED  # noqa: PLR2004
