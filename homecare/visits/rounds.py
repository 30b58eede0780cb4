"""A worker's round: the visits of one day in order, with the gaps between them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from homecare.kernel.ids import WorkerId
from homecare.visits.model import Visit


@dataclass(frozen=True, slots=True)
class Round:
    """A worker's visits of a day, by start. `worker` is None for the visits that nobody has yet."""

    worker: WorkerId | None
    visits: tuple[Visit, ...]

    @property
    def visit_minutes(self) -> int:
        """Minutes planned in homes."""
        return sum(visit.minutes for visit in self.visits)

    @property
    def shift_span(self) -> timedelta:
        """From the first start to the last end (amplitude), zero for an empty round."""
        if not self.visits:
            return timedelta(0)
        return max(visit.ends_at for visit in self.visits) - self.visits[0].starts_at

    def overlaps(self) -> list[tuple[Visit, Visit]]:
        """Return the neighbours that cannot both be done: the second starts before the first ends."""
        return [(a, b) for a, b in pairwise(self.visits) if b.starts_at < a.ends_at]


def rounds(visits: Iterable[Visit]) -> dict[WorkerId | None, Round]:
    """Return the rounds of a day's visits; cancelled visits belong to none."""
    grouped: dict[WorkerId | None, list[Visit]] = {}
    for visit in visits:
        if visit.cancelled_at is None:
            grouped.setdefault(visit.worker_id, []).append(visit)
    return {
        worker: Round(worker, tuple(sorted(group, key=lambda visit: (visit.starts_at, visit.id))))
        for worker, group in grouped.items()
    }
