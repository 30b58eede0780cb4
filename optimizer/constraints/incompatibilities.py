"""Workers who must not go there: refused by the client, or who cannot bear the dog (A27)."""

from optimizer.problem import VisitJob, WorkerDay


def suits(worker: WorkerDay, visit: VisitJob) -> bool:
    """Tell whether the worker may go to this client."""
    return worker.id not in visit.refused
