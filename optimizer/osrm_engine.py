"""The only file that knows the OSRM bindings: one road graph loaded in this process.

It answers with plain arrays, NaN where there is no way. It never estimates: that is `optimizer.travel`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osrm  # type: ignore[import-untyped]
from numpy.typing import NDArray

from optimizer.modes import Point


@dataclass(frozen=True, slots=True)
class RoadTable:
    """Journeys between all pairs of n points: n × n floats, row = from, column = to, NaN = no way.

    `snapped_metres` (n) tells how far from each point the nearest road is.
    """

    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]
    snapped_metres: NDArray[np.float64]


class RoadEngine:
    """A graph made by `optimizer.roads.graphs`. Safe to call from several threads."""

    def __init__(self, graph: Path) -> None:
        """Load the graph (tens of milliseconds for a district). Raises RuntimeError if it is not a graph."""
        self._engine = osrm.OSRM(algorithm="CH", storage_config=str(graph), use_shared_memory=False)

    def table(self, points: Sequence[Point]) -> RoadTable:
        """Compute all journeys between the points, at least one, each way by its own fastest route."""
        answer = self._engine.Table(
            osrm.TableParameters(
                coordinates=[(point.lon, point.lat) for point in points],
                annotations=["duration", "distance"],
                generate_hints=False,
            )
        )
        return RoadTable(
            seconds=_to_array(answer["durations"]),
            metres=_to_array(answer["distances"]),
            snapped_metres=np.array([source["distance"] for source in answer["sources"]], dtype=np.float64),
        )


def _to_array(rows: Sequence[Sequence[float | None]]) -> NDArray[np.float64]:
    return np.array([list(row) for row in rows], dtype=np.float64)
