"""Geometry of the drawing board: metres, x to the east, y to the north, the town's church at (0, 0)."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

type XY = tuple[float, float]
type Line = list[XY]

# Some fields in the middle of France; see the package's docstring.
ORIGIN_LON, ORIGIN_LAT = 2.55, 46.62
_METRES_PER_LAT = 111_170.0
_METRES_PER_LON = 111_320.0 * math.cos(math.radians(ORIGIN_LAT))


def to_degrees(point: XY) -> tuple[float, float]:
    """Return longitude and latitude, rounded to what a PBF keeps (1e-7 degree, a centimetre)."""
    lon = round(ORIGIN_LON + point[0] / _METRES_PER_LON, 7)
    return lon, round(ORIGIN_LAT + point[1] / _METRES_PER_LAT, 7)


def shift(point: XY, angle: float, metres: float) -> XY:
    return point[0] + metres * math.cos(angle), point[1] + metres * math.sin(angle)


def bearing(start: XY, end: XY) -> float:
    """Angle in radians, counted from the east towards the north."""
    return math.atan2(end[1] - start[1], end[0] - start[0])


def measure(line: Sequence[XY]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))


def resample(line: Sequence[XY], step: float) -> Line:
    """Put points at equal distances close to `step` along the line; both ends stay."""
    total = measure(line)
    count = max(1, round(total / step))
    return [line[0], *(place for place, _ in walk(line, total / count, start=total / count)), line[-1]]


def walk(line: Sequence[XY], step: float, *, start: float = 0.0) -> Iterator[tuple[XY, float]]:
    """Yield a point and the heading every `step` metres from `start`, before the very end of the line."""
    wanted, done, total = start, 0.0, measure(line) - 1e-6
    for a, b in pairwise(line):
        span = math.dist(a, b)
        while span > 0 and wanted <= done + span and wanted < total:
            share = (wanted - done) / span
            yield (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share), bearing(a, b)
            wanted += step
        done += span


def smooth(line: Sequence[XY], rounds: int = 2, *, closed: bool = False) -> Line:
    """Round the corners (Chaikin); the ends of an open line stay."""
    points = list(line)
    for _ in range(rounds):
        pairs = zip(points, points[1:] + points[:1] if closed else points[1:], strict=False)
        cut: Line = []
        for (ax, ay), (bx, by) in pairs:
            cut += [
                (0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by),
                (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by),
            ]
        points = cut if closed else [points[0], *cut, points[-1]]
    return points


def simplify(line: Sequence[XY], tolerance: float) -> Line:
    """Leave out the points that bring the line less than `tolerance` metres (Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, farthest = tolerance, -1
        for index in range(first + 1, last):
            away = math.dist(line[index], nearest_on_segment(line[index], line[first], line[last]))
            if away > far:
                far, farthest = away, index
        if farthest >= 0:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [line[index] for index in sorted(kept)]


def offset(line: Sequence[XY], metres: float) -> Line:
    """Draw the parallel at `metres` to the left (to the right when negative)."""
    moved: Line = []
    for index, point in enumerate(line):
        before, after = line[max(index - 1, 0)], line[min(index + 1, len(line) - 1)]
        moved.append(shift(point, bearing(before, after) + math.pi / 2, metres))
    return moved


def nearest_on_segment(point: XY, a: XY, b: XY) -> XY:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    if square == 0:
        return a
    share = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square))
    return a[0] + share * dx, a[1] + share * dy


def cross_segments(a: XY, b: XY, c: XY, d: XY) -> XY | None:
    """Return where segment ab meets segment cd, None when they do not or are parallel."""
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    turn = rx * sy - ry * sx
    if abs(turn) < 1e-9:  # noqa: PLR2004
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / turn
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / turn
    if 0 <= t <= 1 and 0 <= u <= 1:
        return a[0] + t * rx, a[1] + t * ry
    return None


def draw_rectangle(centre: XY, angle: float, *, width: float, depth: float) -> Line:
    """Four corners; `width` lies along `angle`."""
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    return [
        (
            centre[0] + along[0] * width * i + across[0] * depth * j,
            centre[1] + along[1] * width * i + across[1] * depth * j,
        )
        for i, j in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
    ]
