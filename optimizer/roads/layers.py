"""Sort OpenStreetMap objects into the layers and kinds of the Protomaps basemap.

Pure: tags in, what to paint out. Source of the words: the layer schema of protomaps/basemaps 4.
It never reads a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Layer(StrEnum):
    EARTH = "earth"
    LANDUSE = "landuse"
    WATER = "water"
    ROADS = "roads"
    BUILDINGS = "buildings"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Painted:
    """What a feature becomes on the map: its layer, its properties, the first zoom that shows it."""

    layer: Layer
    min_zoom: int
    properties: Mapping[str, str | int] = field(default_factory=dict)


_ROADS = {
    "motorway": ("highway", 3), "trunk": ("major_road", 6), "primary": ("major_road", 7),
    "secondary": ("major_road", 9), "tertiary": ("major_road", 10), "unclassified": ("minor_road", 12),
    "residential": ("minor_road", 12), "living_street": ("minor_road", 13), "road": ("minor_road", 12),
    "pedestrian": ("path", 13), "service": ("minor_road", 13), "track": ("other", 13), "path": ("path", 13),
    "footway": ("path", 13), "cycleway": ("path", 13), "bridleway": ("path", 13), "steps": ("path", 14),
}  # fmt: skip
_LANDUSE = {
    "natural": {"wood": 8, "scrub": 10, "grassland": 11, "sand": 11, "beach": 11, "heath": 11},
    "landuse": {
        "forest": 8, "residential": 9, "industrial": 11, "commercial": 11, "retail": 11, "farmland": 9,
        "meadow": 10, "grass": 13, "orchard": 11, "vineyard": 11, "cemetery": 12, "allotments": 13,
        "village_green": 13, "recreation_ground": 12,
    },
    "leisure": {"park": 11, "pitch": 13, "garden": 13, "golf_course": 11, "playground": 14},
    "amenity": {"hospital": 12, "school": 13, "university": 12, "college": 13, "parking": 14},
}  # fmt: skip
_GREENS = {
    "heath": "scrub", "recreation_ground": "park", "garden": "park", "pitch": "grass",
}  # fmt: skip
_PLACES = {
    "city": (7, 11), "town": (8, 10), "village": (10, 7), "hamlet": (12, 4), "isolated_dwelling": (14, 2),
    "suburb": (13, 5), "neighbourhood": (14, 3),
}  # fmt: skip


def sort_line(tags: Mapping[str, str]) -> Painted | None:
    """Sort an open way: a road, a railway or a stream."""
    if (highway := tags.get("highway")) is not None:
        kind, min_zoom = _ROADS.get(highway.removesuffix("_link"), ("other", 14))
        properties = _with_name(tags, kind=kind, kind_detail=highway, min_zoom=min_zoom)
        return Painted(Layer.ROADS, min_zoom, properties)
    if tags.get("railway") == "rail":
        return Painted(Layer.ROADS, 10, _with_name(tags, kind="rail", kind_detail="rail", min_zoom=10))
    if (waterway := tags.get("waterway")) in {"river", "stream", "canal", "ditch"}:
        kind, min_zoom = ("stream", 13) if waterway in {"stream", "ditch"} else ("river", 9)
        return Painted(Layer.WATER, min_zoom, _with_name(tags, kind=kind, min_zoom=min_zoom))
    return None


def sort_area(tags: Mapping[str, str]) -> Painted | None:
    """Sort a closed way or a multipolygon: a building, water or a use of the land."""
    if tags.get("building", "no") != "no":
        return Painted(Layer.BUILDINGS, 14, {"kind": "building"})
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
        return Painted(Layer.WATER, 8, _with_name(tags, kind="water", min_zoom=8))
    if tags.get("highway") == "pedestrian" and tags.get("area") == "yes":
        return Painted(Layer.LANDUSE, 13, _with_name(tags, kind="pedestrian", min_zoom=13))
    for key, kinds in _LANDUSE.items():
        value = tags.get(key, "")
        if value in kinds:
            return Painted(Layer.LANDUSE, kinds[value], {"kind": _GREENS.get(value, value), "sort_rank": 189})
    return None


def sort_point(tags: Mapping[str, str]) -> Painted | None:
    """Sort a node: a named place."""
    place = tags.get("place", "")
    if place not in _PLACES or "name" not in tags:
        return None
    min_zoom, rank = _PLACES[place]
    kind = "locality" if place in {"city", "town", "village", "hamlet"} else "neighbourhood"
    properties = _with_name(tags, kind=kind, kind_detail=place, min_zoom=min_zoom, population_rank=rank)
    return Painted(Layer.PLACES, min_zoom, properties)


def _with_name(tags: Mapping[str, str], **properties: str | int) -> dict[str, str | int]:
    for key in ("name", "ref"):
        if key in tags:
            properties[key] = tags[key]
    return properties
