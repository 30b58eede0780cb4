"""The visit's window within the worker's hours. The whole visit lies in one period of them."""

from optimizer.problem import VisitJob, WorkerDay


def window(worker: WorkerDay, visit: VisitJob) -> tuple[int, int] | None:
    """Return the first and last start of the visit for this worker, None when there is none."""
    if worker.hours is None or visit.fixed_to == worker.id:
        return visit.earliest, visit.latest
    for opens, closes in worker.hours:
        earliest, latest = max(visit.earliest, opens), min(visit.latest, closes - visit.seconds)
        if earliest <= latest:
            return earliest, latest
    return None


def suits(worker: WorkerDay, visit: VisitJob) -> bool:
    """Tell whether the worker's hours leave a start for the visit."""
    return window(worker, visit) is not None
