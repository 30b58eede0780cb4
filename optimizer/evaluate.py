"""Judges a plan: every hard rule anew, every component of its cost. Knows nothing of the search.

Labour law is judged by `homecare.labour` on the worker's timeline; the other rules from the problem itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from homecare.labour.breach import Severity
from homecare.labour.check import check
from homecare.labour.timeline import Timeline, WorkedVisit
from homecare.law.loading import parameters_on
from optimizer.constraints.timed_day import TimedDay, time_day
from optimizer.costs import Costs, round_costs, total
from optimizer.problem import Plan, Problem, Stop, VisitJob, WorkerDay


@dataclass(frozen=True, slots=True)
class Broken:
    """One hard rule that the plan breaks. `visit` is None when the whole day does."""

    rule: str
    worker: int
    visit: int | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a plan is worth. Times in seconds, distances in metres, prices in cents.

    `travel_seconds` are the paid ways, between visits; `road_seconds` and `metres` are those and the ways
    from home and back: the same ways, in time and in length. `waiting_seconds` lie between visits, and are
    neither travel nor work.
    """

    costs: Costs
    broken: tuple[Broken, ...]
    open: tuple[int, ...]
    work_seconds: int
    travel_seconds: int
    road_seconds: int
    waiting_seconds: int
    metres: int

    @property
    def blocking(self) -> int:
        """How many blocking breaches there are."""
        return sum(one.severity is Severity.BLOCKING for one in self.broken)


def evaluate(problem: Problem, plan: Plan) -> Evaluation:
    """Judge a plan. Raises KeyError when it names a visit or a worker that the problem has not."""
    visits = {visit.id: number for number, visit in enumerate(problem.visits)}
    workers = {worker.id: number for number, worker in enumerate(problem.workers)}
    costs, broken = [], []
    work = travel = road = waiting = metres = 0
    for worker_id, stops in plan.routes().items():
        worker = problem.workers[workers[worker_id]]
        jobs = [problem.visits[visits[stop.visit]] for stop in stops]
        day = timed_day(problem, worker, stops, jobs)
        costs.append(round_costs(problem, workers[worker_id], [visits[stop.visit] for stop in stops], day))
        broken += [*_visit_rules(worker, stops, jobs), *_order_rules(worker, jobs, day)]
        broken += _labour_rules(problem, worker, day, jobs)
        work += day.worked
        travel += sum(day.travel)
        waiting += max(0, max(day.ends) - day.starts[0] - day.worked)
        journeys = problem.travel[worker.mode]
        legs = list(pairwise([worker.place, *(job.place for job in jobs), worker.place]))
        road += sum(int(journeys.seconds[leg]) for leg in legs)
        metres += sum(int(journeys.metres[leg]) for leg in legs)
    given = {stop.visit for stop in plan.stops}
    open_ = tuple(visit.id for visit in problem.visits if visit.id not in given)
    broken += [
        Broken("fixed", visit.fixed_to, visit.id, Severity.BLOCKING)
        for visit in problem.visits
        if visit.fixed_to is not None and visit.id not in given
    ]
    costs.append(Costs(unassigned=len(open_) * problem.prices.unassigned))
    return Evaluation(total(costs), tuple(broken), open_, work, travel, road, waiting, metres)


def timed_day(problem: Problem, worker: WorkerDay, stops: tuple[Stop, ...], jobs: list[VisitJob]) -> TimedDay:
    """Return the day of a worker as the rules of time look at it."""
    seconds = problem.travel[worker.mode].seconds
    return time_day(
        [stop.start for stop in stops],
        [stop.start + job.seconds for stop, job in zip(stops, jobs, strict=True)],
        [int(seconds[a.place, b.place]) for a, b in pairwise(jobs)],
        paid_wait=worker.limits.paid_wait,
        fragile=all(job.fragile for job in jobs),
    )


def _visit_rules(worker: WorkerDay, stops: tuple[Stop, ...], jobs: list[VisitJob]) -> Iterator[Broken]:
    for stop, job in zip(stops, jobs, strict=True):
        if job.fixed_to is not None:  # somebody else decided it: who and when is ours to keep, no more
            if (stop.worker, stop.start) != (job.fixed_to, job.earliest):
                yield Broken("fixed", worker.id, job.id, Severity.BLOCKING)
            continue
        end = stop.start + job.seconds
        if not job.earliest <= stop.start <= job.latest:
            yield Broken("window", worker.id, job.id, Severity.BLOCKING)
        if worker.hours is not None and not any(
            opens <= stop.start and end <= closes for opens, closes in worker.hours
        ):
            yield Broken("availability", worker.id, job.id, Severity.BLOCKING)
        if any(worker.skills.get(skill, 0) < level for skill, level in job.skills.items()):
            yield Broken("skill", worker.id, job.id, Severity.BLOCKING)
        if worker.id in job.refused:
            yield Broken("incompatibility", worker.id, job.id, Severity.BLOCKING)


def _order_rules(worker: WorkerDay, jobs: list[VisitJob], day: TimedDay) -> Iterator[Broken]:
    for position, (job, following) in enumerate(pairwise(jobs)):
        if day.ends[position] + day.travel[position] > day.starts[position + 1]:
            decided = job.fixed_to is not None and following.fixed_to is not None
            severity = Severity.WARNING if decided else Severity.BLOCKING
            yield Broken("travel", worker.id, following.id, severity)


def _labour_rules(
    problem: Problem, worker: WorkerDay, day: TimedDay, jobs: list[VisitJob]
) -> Iterator[Broken]:
    if worker.agreement is None:
        return
    today = [
        _worked(problem, start, end, travel, fragile=job.fragile)
        for start, end, travel, job in zip(day.starts, day.ends, (*day.travel, 0), jobs, strict=True)
    ]
    around = [
        _worked(problem, one.start, one.end, one.travel_after, fragile=one.fragile) for one in worker.around
    ]
    timeline = Timeline(tuple(sorted([*today, *around], key=lambda visit: (visit.start, visit.end))))
    first, last = today[0].start, max(visit.end for visit in today)
    for breach in check(timeline, parameters_on(worker.agreement, problem.day)):
        if breach.start <= last and breach.end >= first:  # what the other days do among themselves is theirs
            yield Broken(breach.rule.value, worker.id, None, breach.severity)


def _worked(problem: Problem, start: int, end: int, travel_after: int, *, fragile: bool) -> WorkedVisit:
    return WorkedVisit(
        problem.instant(start), problem.instant(end), timedelta(seconds=travel_after), fragile=fragile
    )
