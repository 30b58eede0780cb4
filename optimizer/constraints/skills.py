"""A visit's mandatory skills, each with its least level (A24)."""

from optimizer.problem import VisitJob, WorkerDay


def suits(worker: WorkerDay, visit: VisitJob) -> bool:
    """Tell whether the worker holds every skill at the level asked."""
    return all(worker.skills.get(skill, 0) >= level for skill, level in visit.skills.items())
