"""Areas cut out of the list of addresses: the town, and what lies north and south of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from homecare.kernel.text import is_postal_code
from simulators.seed.sketch import Place
from simulators.territory.addresses import Address

_SECTORS = 3


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of the territory with its front doors: by communes, or by an outline `((lon,lat),…)`."""

    name: str
    communes: tuple[str, ...]
    outline: str | None
    places: tuple[Place, ...]


def divide(addresses: Sequence[Address]) -> list[Sector]:
    """Return three sectors; each address is in one of them.

    By communes where the addresses tell theirs and there are enough of them, else by three outlines of equal
    numbers of addresses from west to east.
    """
    communes = Counter(address.commune_code for address in addresses)
    if "" in communes or len(communes) < _SECTORS:
        return _by_outline(addresses)
    return _by_communes(addresses, town=communes.most_common(1)[0][0])


def _by_communes(addresses: Sequence[Address], *, town: str) -> list[Sector]:
    around = sorted({address.commune_code for address in addresses} - {town})
    latitude = {
        code: fmean(address.lat for address in addresses if address.commune_code == code) for code in around
    }
    middle = median(latitude.values())
    city = next(address.city for address in addresses if address.commune_code == town)
    north = [code for code in around if latitude[code] > middle]
    south = [code for code in around if latitude[code] <= middle]
    return [
        Sector(name, tuple(codes), None, tuple(_place(one) for one in addresses if one.commune_code in codes))
        for name, codes in ((city, [town]), ("Couronne nord", north), ("Couronne sud", south))
    ]


def _by_outline(addresses: Sequence[Address]) -> list[Sector]:
    ordered = sorted(addresses, key=lambda address: (address.lon, address.lat, address.number))
    cuts = [ordered[len(ordered) * rank // _SECTORS].lon for rank in range(1, _SECTORS)]
    south, north = min(one.lat for one in addresses) - 0.01, max(one.lat for one in addresses) + 0.01
    edges = [ordered[0].lon - 0.01, *cuts, ordered[-1].lon + 0.01]
    sectors: list[Sector] = []
    for rank, name in enumerate(("Ouest", "Centre", "Est")):
        west, east = edges[rank], edges[rank + 1]
        inside = tuple(_place(one) for one in ordered if west <= one.lon < east)
        outline = f"(({west},{south}),({east},{south}),({east},{north}),({west},{north}))"
        sectors.append(Sector(name, (), outline, inside))
    return sectors


def _place(address: Address) -> Place:
    return Place(
        street=f"{address.number} {address.street}",
        # an extract may tell none, or another country's
        postal_code=address.postcode if is_postal_code(address.postcode) else "",
        city=address.city,
        commune_code=address.commune_code,
        lon=address.lon,
        lat=address.lat,
    )
