"""The search: rounds are ruined around a visit and rebuilt greedily, for as long as it is let.

Ruin and recreate in the manner of slack induction by string removals (Christiaens and Vanden Berghe,
Transportation Science 54, 2020): strings of visits are taken out of rounds near one another and put back one
by one where they cost least, with blinks; a visit that is often left out weighs more when two plans leave as
many. Accepted by annealing (Kirkpatrick et al. 1983) in cycles of a fixed length. Every draw comes from one
seeded stream and nothing looks at the clock: the same number of rounds gives the same plan.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from optimizer.insertion import Reach, best_insertion, reach
from optimizer.problem import Problem
from optimizer.timing import Round, Timer

CYCLE = 8_000
"""Rounds of the search from hot to cold; then it goes on from the best plan, hot again."""

_HOT, _COLD = 300.0, 3.0  # cents
_POOL = 6_000
_WORTH_REMEMBERING = 2  # per cent above the best plan, at most
_MOST_OUT, _MOST_ROUNDS = 16, 5
_ABOUT_OPEN = 0.3  # share of the ruins that are made around a visit left open


@dataclass(frozen=True, slots=True)
class _State:
    """A plan in the making: a round a worker, how far each reaches, and the visits left open."""

    rounds: list[Round]
    reaches: list[Reach]
    open: list[int]
    cents: int


class Search:
    """A plan that gets better. `rounds`, by worker, is the best so far; `open` are the visits it leaves."""

    def __init__(
        self, problem: Problem, timer: Timer, *, seed: int, start: Iterable[tuple[int, ...]]
    ) -> None:
        """Begin with `start`, the visits of each worker in order; what cannot be kept of it is given anew."""
        self._problem = problem
        self._timer = timer
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._able = [
            [number for number, desk in enumerate(timer.desks) if desk.may(visit)]
            for visit in range(len(problem.visits))
        ]
        self._fixed = {number for number, visit in enumerate(problem.visits) if visit.fixed_to is not None}
        self._near = _neighbours(problem)
        self._left_out = [0] * len(problem.visits)
        self._steps = 0
        self._best = self._current = self._begin(list(start))
        self.pool = {(one.worker, one.visits): one for one in self._best.rounds}

    @property
    def rounds(self) -> list[Round]:
        """The best plan so far: a round a worker, in the problem's order."""
        return self._best.rounds

    @property
    def open(self) -> list[int]:
        """The visits that the best plan leaves to nobody."""
        return self._best.open

    @property
    def cents(self) -> int:
        """What the best plan costs."""
        return self._best.cents

    def step(self) -> bool:
        """Ruin and rebuild once. Return whether the best plan got better."""
        if self._steps % CYCLE == 0:
            self._current = self._best
        heat = _HOT * (_COLD / _HOT) ** (self._steps % CYCLE / CYCLE)
        self._steps += 1
        ruined, loose = self._ruin()
        self._put_in_some_order(loose)
        tried = self._rebuild(ruined, loose)
        if not self._accepts(tried, heat):
            return False
        self._current = tried
        self._remember(tried)
        if tried.cents >= self._best.cents:
            return False
        self._best = tried
        return True

    def adopt(self, rounds: list[Round]) -> None:
        """Go on from this plan, if it is better than the best."""
        given = {visit for one in rounds for visit in one.visits}
        open_ = [visit for visit in range(len(self._problem.visits)) if visit not in given]
        if self._price(rounds, open_) < self._best.cents:
            self._best = self._current = self._state(rounds, open_)
            self._remember(self._best)

    def _accepts(self, tried: _State, heat: float) -> bool:
        current = self._current
        if tried.cents < current.cents - heat * math.log(1.0 - self._random.random()):
            return True
        if len(tried.open) > len(current.open) or tried.open == current.open:
            return False
        for visit in tried.open:
            self._left_out[visit] += 1
        return len(tried.open) == len(current.open) and self._weight(tried.open) < self._weight(current.open)

    def _weight(self, visits: Iterable[int]) -> int:
        return sum([self._left_out[visit] for visit in visits])

    def _begin(self, start: list[tuple[int, ...]]) -> _State:
        """Fixed visits first, whatever they break; as much of the start as keeps the rules; then the rest."""
        rounds = [self._first_round(worker, order) for worker, order in enumerate(start)]
        given = {visit for one in rounds for visit in one.visits}
        loose = [visit for visit in range(len(self._problem.visits)) if visit not in given]
        loose.sort(key=lambda visit: (len(self._able[visit]), -self._problem.visits[visit].seconds))
        return self._rebuild(self._state(rounds, []), loose)

    def _first_round(self, worker: int, order: tuple[int, ...]) -> Round:
        problem, timer = self._problem, self._timer
        person = problem.workers[worker]
        fixed = tuple(
            sorted(
                (number for number in self._fixed if problem.visits[number].fixed_to == person.id),
                key=lambda number: (problem.visits[number].earliest, number),
            )
        )
        whole = timer.time(worker, order) if set(fixed) <= set(order) else None
        if whole is not None:
            return whole
        one = timer.time(worker, fixed)
        if one is None:  # nothing more is given to a worker whose fixed visits break a rule by themselves
            for able in self._able:
                if worker in able:
                    able.remove(worker)
            return timer.as_it_stands(worker, fixed)
        for visit in order:
            if visit not in fixed and timer.desks[worker].may(visit):
                places = range(len(one.visits) + 1)
                longer = [timer.time(worker, (*one.visits[:at], visit, *one.visits[at:])) for at in places]
                one = min(
                    (tried for tried in longer if tried is not None),
                    key=lambda tried: tried.cents,
                    default=one,
                )
        return one

    def _state(self, rounds: list[Round], open_: list[int]) -> _State:
        reaches = [reach(self._timer.desks[one.worker], one.visits) for one in rounds]
        return _State(rounds, reaches, open_, self._price(rounds, open_))

    def _ruin(self) -> tuple[_State, list[int]]:
        """Take strings of visits out of a few rounds near one place; those left open are tried again too."""
        random, current = self._random, self._current
        rounds, reaches = list(current.rounds), list(current.reaches)
        holder = {visit: one.worker for one in rounds for visit in one.visits}
        most_out, most_rounds = random.randint(4, _MOST_OUT), random.randint(2, _MOST_ROUNDS)
        longest = max(1, 2 * most_out // most_rounds)
        centre = self._centre()
        out: list[int] = []
        touched: set[int] = set()
        for visit in self._near[centre]:
            if len(touched) >= most_rounds or len(out) >= most_out:
                break
            worker = holder.get(visit)
            if worker is None or worker in touched:
                continue
            touched.add(worker)
            left, string = self._cut(rounds[worker].visits, visit, random.randint(1, longest))
            shorter = self._timer.time(worker, left)
            if shorter is not None:  # a gap can break a rule that the full round kept
                rounds[worker] = shorter
                reaches[worker] = reach(self._timer.desks[worker], left)
                out += string
        return _State(rounds, reaches, [], 0), [*out, *current.open]

    def _centre(self) -> int:
        random, open_ = self._random, self._current.open
        if open_ and random.random() < _ABOUT_OPEN:
            return random.choice(open_)
        return random.randrange(len(self._near))

    def _cut(self, visits: tuple[int, ...], visit: int, length: int) -> tuple[tuple[int, ...], list[int]]:
        """Return what is left of a round, and the string around the visit taken out; fixed ones stay."""
        length = min(length, len(visits))
        at = visits.index(visit)
        first = self._random.randint(max(0, at - length + 1), min(at, len(visits) - length))
        string = [one for one in visits[first : first + length] if one not in self._fixed]
        return tuple([one for one in visits if one not in string]), string

    def _rebuild(self, ruined: _State, loose: list[int]) -> _State:
        """Put the loose visits back one by one, each where it costs least."""
        rounds, reaches, open_ = ruined.rounds, ruined.reaches, []
        for visit in loose:
            longer = best_insertion(
                self._timer, rounds, reaches, visit, able=self._able[visit], random=self._random
            )
            if longer is None:
                open_.append(visit)
                continue
            rounds[longer.worker] = longer
            reaches[longer.worker] = reach(self._timer.desks[longer.worker], longer.visits)
        open_.sort()
        return _State(rounds, reaches, open_, self._price(rounds, open_))

    def _put_in_some_order(self, visits: list[int]) -> None:
        """Whoever goes first chooses: as it comes, the longest, those whom few can do, or the earliest."""
        self._random.shuffle(visits)
        jobs = self._problem.visits
        match self._random.randrange(5):
            case 0:
                visits.sort(key=lambda visit: -jobs[visit].seconds)
            case 1:
                visits.sort(key=lambda visit: len(self._able[visit]))
            case 2:
                visits.sort(key=lambda visit: jobs[visit].earliest)

    def _price(self, rounds: Iterable[Round], open_: list[int]) -> int:
        return sum([one.cents for one in rounds]) + len(open_) * self._problem.prices.unassigned

    def _remember(self, state: _State) -> None:
        if state.cents > self._best.cents + self._best.cents * _WORTH_REMEMBERING // 100:
            return
        if len(self.pool) >= _POOL:
            self.pool = {(one.worker, one.visits): one for one in self._best.rounds}
        for one in state.rounds:
            self.pool[one.worker, one.visits] = one


def _neighbours(problem: Problem) -> list[list[int]]:
    """Return, for each visit, all visits by nearness: the way there and back, and the time between."""
    travel = problem.travel[min(problem.travel)].seconds  # any one of them, but always the same
    wishes = [visit.earliest if visit.wished is None else visit.wished for visit in problem.visits]
    places = [visit.place for visit in problem.visits]
    return [
        sorted(
            range(len(places)),
            key=lambda other: (
                2 * int(travel[place, places[other]] + travel[places[other], place])
                + abs(wish - wishes[other]),
                other,
            ),
        )
        for place, wish in zip(places, wishes, strict=True)
    ]
