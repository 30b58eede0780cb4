"""Travel times and distances between homes: by the roads if there is a graph, else estimated and labelled.

It never builds a graph (`optimizer.roads`) and never asks a service outside this process.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.estimate import estimate_journeys
from optimizer.modes import Mode, Point
from optimizer.osrm_engine import RoadEngine
from optimizer.roads.graphs import GRAPH_NAME

__all__ = ["EstimatedTravel", "Mode", "Point", "RoadTravel", "Travel", "TravelMatrix", "open_travel"]

# A home farther from any road than this is not on this map; its journeys are estimated.
_FARTHEST_ROAD_METRES = 1_000.0
_MATRICES_KEPT = 8


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Journeys between all pairs of n points by one mode; row = from, column = to. Read-only arrays.

    `seconds`, `metres`: n × n int32, zero diagonal, not symmetric (one-way streets).
    `guessed`: n × n bool, the pairs that are estimated and not measured on the roads.
    `estimated`: True when the whole matrix is an estimate; a plan made with it must say so.
    """

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]
    guessed: NDArray[np.bool_]
    estimated: bool

    def __post_init__(self) -> None:
        for array in (self.seconds, self.metres, self.guessed):
            array.setflags(write=False)


class Travel(Protocol):
    """Whoever can tell how long it takes to go from one home to another."""

    def matrix(self, points: Sequence[Point], *, mode: Mode) -> TravelMatrix:
        """Return the journeys between all pairs of points."""
        ...


class EstimatedTravel:
    """Crow-fly distance times a detour factor: what is left without a road graph."""

    def matrix(self, points: Sequence[Point], *, mode: Mode) -> TravelMatrix:
        seconds, metres = estimate_journeys(points, mode=mode)
        guessed = ~np.eye(len(points), dtype=np.bool_)
        return TravelMatrix(_to_whole(seconds), _to_whole(metres), guessed, estimated=True)


class RoadTravel:
    """Journeys on the road graphs of `roads_dir`, one engine per mode, loaded at first use.

    A pair without a way, or whose home is off the map, falls back to the estimate and is marked in `guessed`.
    A mode without a graph is wholly estimated. The last matrices are kept: a repair of today's rounds asks
    for the same one again and again. Safe to call from several threads.
    """

    def __init__(self, roads_dir: Path) -> None:
        self._roads_dir = roads_dir
        self._engines: dict[Mode, RoadEngine] = {}
        self._kept: OrderedDict[tuple[Mode, tuple[Point, ...]], TravelMatrix] = OrderedDict()
        self._lock = Lock()

    def matrix(self, points: Sequence[Point], *, mode: Mode) -> TravelMatrix:
        key = (mode, tuple(points))
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            engine = self._open_engine(mode)
        if engine is None or not points:
            return EstimatedTravel().matrix(points, mode=mode)
        matrix = _measure(engine, points, mode=mode)
        with self._lock:
            self._kept[key] = matrix
            while len(self._kept) > _MATRICES_KEPT:
                self._kept.popitem(last=False)
        return matrix

    def _open_engine(self, mode: Mode) -> RoadEngine | None:
        if mode not in self._engines and has_graph(self._roads_dir, mode=mode):
            self._engines[mode] = RoadEngine(self._roads_dir / mode.value / GRAPH_NAME)
        return self._engines.get(mode)


def has_graph(roads_dir: Path, *, mode: Mode) -> bool:
    return (roads_dir / mode.value / "stamp.json").is_file()


def open_travel(roads_dir: Path) -> Travel:
    """Choose the roads when a graph was built under `roads_dir`, the estimate otherwise."""
    if any(has_graph(roads_dir, mode=mode) for mode in Mode):
        return RoadTravel(roads_dir)
    return EstimatedTravel()


def _measure(engine: RoadEngine, points: Sequence[Point], *, mode: Mode) -> TravelMatrix:
    table = engine.table(points)
    off_map = table.snapped_metres > _FARTHEST_ROAD_METRES
    guessed = np.isnan(table.seconds) | np.isnan(table.metres) | off_map[:, None] | off_map[None, :]
    np.fill_diagonal(guessed, val=False)
    seconds, metres = table.seconds, table.metres
    if guessed.any():
        estimated_seconds, estimated_metres = estimate_journeys(points, mode=mode)
        seconds = np.where(guessed, estimated_seconds, seconds)
        metres = np.where(guessed, estimated_metres, metres)
    return TravelMatrix(_to_whole(seconds), _to_whole(metres), guessed, estimated=False)


def _to_whole(values: NDArray[np.float64]) -> NDArray[np.int32]:
    """Round up: a planned journey is never shorter than the measured one."""
    whole = np.ceil(values).astype(np.int32)
    np.fill_diagonal(whole, 0)
    return whole
