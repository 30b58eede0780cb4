"""The visit's window within the worker's hours. The whole visit lies in one period of them."""

from optimizer.constraints.allowance import Allowance
from optimizer.problem import VisitJob, WorkerDay


def window(
    worker: WorkerDay, visit: VisitJob, *, allowed: Allowance, day_seconds: int
) -> tuple[int, int] | None:
    """Return the first and last start of the visit for this worker, None when there is none.

    A start lies on the day itself: what begins after midnight is the next day's. When several periods of the
    worker's hours would do, the one nearest to the wish is taken.
    """
    if visit.fixed_to == worker.id:
        return visit.earliest, visit.earliest
    earliest = max(visit.earliest, allowed.begin, 0)
    latest = min(visit.latest, allowed.end - visit.seconds, day_seconds - 1)
    wished = earliest if visit.wished is None else visit.wished
    periods = [(earliest, latest)]
    if worker.hours is not None:
        periods = [
            (max(earliest, opens), min(latest, closes - visit.seconds)) for opens, closes in worker.hours
        ]
    return min(
        (period for period in periods if period[0] <= period[1]),
        key=lambda period: max(period[0] - wished, wished - period[1], 0),
        default=None,
    )
