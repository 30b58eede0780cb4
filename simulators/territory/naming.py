"""Give each street its name, once in its commune, from where it is and where it leads."""

import math
from collections.abc import Iterator
from random import Random

from simulators.territory import words
from simulators.territory.drafts import Road, RoadClass, Zone
from simulators.territory.plane import XY, bearing
from simulators.territory.settlements import Settlement, SettlementKind
from simulators.territory.town import OLD_SHARE

_PEOPLES_SHARE = 0.35  # of the ordinary streets bear the name of a person


def name_streets(roads: list[Road], settlements: list[Settlement], random: Random) -> None:
    """Set `name` in place on all pieces of streets; roads in open country and trails stay without."""
    for place in settlements:
        register = _Register(place, settlements, random)
        for road in roads:
            if road.commune == place.commune_code and not road.name:
                road.name = register.name(road)


class _Register:
    """The names of one commune: the same street keeps its name, two streets never share one."""

    def __init__(self, place: Settlement, settlements: list[Settlement], random: Random) -> None:
        self._place, self._random = place, random
        self._others = [other for other in settlements if other is not place]
        self._given: dict[tuple[int, bool], str] = {}
        self._used: set[str] = set()
        self._old = iter(random.sample(words.OLD_STREETS, len(words.OLD_STREETS)))
        self._village = iter(
            ["Grande Rue", *random.sample(words.VILLAGE_STREETS[1:], len(words.VILLAGE_STREETS) - 1)]
        )
        self._boulevards, self._quays, self._bridges = (
            iter(words.BOULEVARDS),
            iter(words.QUAYS),
            iter(words.BRIDGES),
        )

    def name(self, road: Road) -> str:
        is_heart = math.dist(road.middle, self._place.centre) < OLD_SHARE * self._place.radius
        key = (road.street, is_heart if self._is_town else False)
        if key not in self._given:
            name = next(name for name in self._suggest(road, is_heart=is_heart) if name not in self._used)
            self._used.add(name)
            self._given[key] = name
        return self._given[key]

    @property
    def _is_town(self) -> bool:
        return self._place.kind is SettlementKind.TOWN

    def _suggest(self, road: Road, *, is_heart: bool) -> Iterator[str]:
        """Yield names from the most fitting on, without end."""
        if road.is_bridge:
            yield from self._bridges
        elif road.zone is Zone.BOULEVARD:
            yield from self._boulevards
        elif road.zone is Zone.QUAY:
            yield from self._quays
        elif road.zone is Zone.COUNTRY and not is_heart:
            kind = "Avenue" if self._is_town and road.road_class <= RoadClass.SECONDARY else "Route"
            yield from (f"{kind} {of_place(name)}" for name in self._destinations(road.line))
        if not self._is_town and road.zone is not Zone.CLOSE:
            yield from self._village
        elif is_heart:
            yield from self._old
        kinds = words.SMALL_KINDS if road.zone is Zone.CLOSE else words.KINDS
        while True:
            if self._random.random() < _PEOPLES_SHARE and road.zone is not Zone.CLOSE:
                person = f"{self._random.choice(words.FIRST_NAMES)} {self._random.choice(words.LAST_NAMES)}"
                yield f"Rue {person}"
            else:
                yield f"{self._random.choice(kinds)} {self._random.choice(words.THINGS)}"

    def _destinations(self, line: list[XY]) -> list[str]:
        """Names of the places that the road leads to, the likeliest first."""
        centre = self._place.centre
        outer = max(line, key=lambda point: math.dist(point, centre))
        heading = bearing(centre, outer)

        def doubt(other: Settlement) -> float:
            aside = abs((bearing(centre, other.centre) - heading + math.pi) % (2 * math.pi) - math.pi)
            return math.dist(centre, other.centre) * (1 + 4 * aside)

        return [other.name for other in sorted(self._others, key=doubt)[:3]]


def of_place(name: str) -> str:
    """Put « de » before the name of a commune: « du Mesnil », « des Essarts », « d'Aubergnolles »."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    return f"d'{name}" if name[0] in "AEIOUÉÈ" else f"de {name}"
