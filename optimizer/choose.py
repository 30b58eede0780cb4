"""Chooses among the rounds that the search met: the cheapest set in which no visit is done twice.

A set-packing model for CP-SAT (Balinski and Quandt 1964 for the idea), one worker, fixed seed and a
deterministic limit: the same pool gives the same choice. The only place that imports OR-Tools.
"""

from collections.abc import Iterable

from ortools.sat.python import cp_model

from optimizer.problem import Problem
from optimizer.timing import Round

# Units of CP-SAT's own deterministic time, near a second each.
_EFFORT = 0.5


def choose(problem: Problem, pool: Iterable[Round], hint: Iterable[Round], *, seed: int) -> list[Round]:
    """Return one round per worker, the cheapest set with what it leaves open; `hint` when none is found."""
    hinted = {(one.worker, one.visits) for one in hint}
    rounds = sorted(pool, key=lambda one: (one.worker, one.visits))
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in rounds]
    open_ = [model.new_bool_var("") for _ in problem.visits]
    for worker in range(len(problem.workers)):
        model.add_exactly_one(
            variable for one, variable in zip(rounds, taken, strict=True) if one.worker == worker
        )
    doing: list[list[cp_model.IntVar]] = [[variable] for variable in open_]
    for one, variable in zip(rounds, taken, strict=True):
        model.add_hint(variable, (one.worker, one.visits) in hinted)
        for visit in one.visits:
            doing[visit].append(variable)
    for variables in doing:
        model.add_exactly_one(variables)
    model.minimize(
        sum(one.cents * variable for one, variable in zip(rounds, taken, strict=True))
        + problem.prices.unassigned * sum(open_)
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = _EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return list(hint)
    chosen = [one for one, variable in zip(rounds, taken, strict=True) if solver.boolean_value(variable)]
    return sorted(chosen, key=lambda one: one.worker)
