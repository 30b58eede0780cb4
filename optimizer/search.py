"""The search: rounds are ruined around a visit and rebuilt with the least regret, for as long as it is let.

Ruin and recreate (Schrimpf et al. 2000) with regret insertion (Ropke and Pisinger 2006) and record-to-record
acceptance (Dueck 1993). Every round of it draws from one seeded stream and looks at no clock, so the same
number of rounds gives the same plan. Good rounds are remembered for `choose`.
"""

from collections.abc import Iterable
from random import Random

from optimizer.problem import Problem
from optimizer.timing import Round, Timer

# How much worse than the best a plan may be and still be gone on from, in millionths.
_TOLERANCE = 4_000
_MOST_RUINED = 18


class Search:
    """A plan that gets better. `rounds`, by worker, is the best so far; `open` are the visits it leaves."""

    def __init__(
        self, problem: Problem, timer: Timer, *, seed: int, start: Iterable[tuple[int, ...]]
    ) -> None:
        """Begin with `start`, the visits of each worker in order; what cannot be kept of it is given anew."""
        self._problem = problem
        self._timer = timer
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._places = [visit.place for visit in problem.visits]
        self._fixed = {number for number, visit in enumerate(problem.visits) if visit.fixed_to is not None}
        self._near = _neighbours(problem)
        current = self._begin(list(start))
        self._current, self._current_open = self._rebuild(current, self._missing(current))
        self._current_cents = self._price(self._current, self._current_open)
        self.rounds, self.open, self.cents = self._current, self._current_open, self._current_cents
        self.pool: dict[tuple[int, tuple[int, ...]], Round] = {}
        self._remember()

    def step(self) -> bool:
        """Ruin and rebuild once. Return whether the best plan got better."""
        ruined, loose = self._ruin()
        rebuilt, open_ = self._rebuild(ruined, loose)
        cents = self._price(rebuilt, open_)
        if cents <= self.cents + self.cents * _TOLERANCE // 1_000_000:
            self._current, self._current_open, self._current_cents = rebuilt, open_, cents
        if cents >= self.cents:
            return False
        self.rounds, self.open, self.cents = rebuilt, open_, cents
        self._remember()
        return True

    def adopt(self, rounds: list[Round]) -> None:
        """Go on from this plan, if it is better than the best."""
        given = {visit for one in rounds for visit in one.visits}
        open_ = tuple(visit for visit in range(len(self._problem.visits)) if visit not in given)
        cents = self._price(rounds, open_)
        if cents < self.cents:
            self.rounds, self.open, self.cents = rounds, open_, cents
            self._current, self._current_open, self._current_cents = rounds, open_, cents
            self._remember()

    def _begin(self, start: list[tuple[int, ...]]) -> list[Round]:
        """Fixed visits first, whatever they break. Then as much of the start as keeps the rules."""
        rounds = []
        for worker, person in enumerate(self._problem.workers):
            visits = tuple(
                sorted(
                    (number for number in self._fixed if self._problem.visits[number].fixed_to == person.id),
                    key=lambda number: self._problem.visits[number].earliest,
                )
            )
            order = start[worker] if worker < len(start) else ()
            whole = self._timer.time(worker, order) if set(visits) <= set(order) else None
            rounds.append(whole or self._as_much_as_keeps_the_rules(worker, visits, order))
        return rounds

    def _as_much_as_keeps_the_rules(
        self, worker: int, fixed: tuple[int, ...], order: tuple[int, ...]
    ) -> Round:
        one = self._timer.time(worker, fixed) or self._as_they_stand(worker, fixed)
        for visit in order:
            if visit not in one.visits:
                one = self._best_place(one, visit) or one
        return one

    def _as_they_stand(self, worker: int, visits: tuple[int, ...]) -> Round:
        """A round whose fixed visits break a rule by themselves: kept, and given nothing more."""
        return Round(worker, visits, tuple(self._problem.visits[visit].earliest for visit in visits), 0)

    def _missing(self, rounds: list[Round]) -> list[int]:
        given = {visit for one in rounds for visit in one.visits}
        return [visit for visit in range(len(self._problem.visits)) if visit not in given]

    def _ruin(self) -> tuple[list[Round], list[int]]:
        """Take out a visit and its neighbours in place and time; those left open are tried again too."""
        count = self._random.randint(3, _MOST_RUINED)
        centre = self._random.randrange(len(self._places))
        chosen = [visit for visit in self._near[centre][: 2 * count] if visit not in self._fixed]
        self._random.shuffle(chosen)
        out = set(chosen[:count])
        ruined = []
        for one in self._current:
            left = tuple(visit for visit in one.visits if visit not in out)
            if len(left) == len(one.visits):
                ruined.append(one)
                continue
            timed = self._timer.time(one.worker, left)
            if timed is None:  # a gap can break a rule that the full round kept; then it stays as it was
                out -= set(one.visits)
                timed = one
            ruined.append(timed)
        return ruined, sorted(out | set(self._current_open))

    def _rebuild(self, rounds: list[Round], loose: list[int]) -> tuple[list[Round], tuple[int, ...]]:
        """Give each loose visit to the round where it costs least; who loses most by waiting goes first."""
        rounds = list(rounds)
        offers = {visit: self._offers(rounds, visit) for visit in loose}
        open_: list[int] = []
        while offers:
            visit = max(offers, key=lambda one: (_regret(offers[one]), -one))
            best = min(offers.pop(visit), key=lambda offer: (offer[0], offer[1].worker), default=None)
            if best is None:
                open_.append(visit)
                continue
            rounds[best[1].worker] = best[1]
            changed = best[1].worker
            for other, known in offers.items():
                kept = [offer for offer in known if offer[1].worker != changed]
                anew = self._offer(rounds[changed], other)
                offers[other] = kept if anew is None else [*kept, anew]
        return rounds, tuple(sorted(open_))

    def _offers(self, rounds: list[Round], visit: int) -> list[tuple[int, Round]]:
        return [offer for one in rounds if (offer := self._offer(one, visit)) is not None]

    def _offer(self, one: Round, visit: int) -> tuple[int, Round] | None:
        longer = self._best_place(one, visit)
        return None if longer is None else (longer.cents - one.cents, longer)

    def _best_place(self, one: Round, visit: int) -> Round | None:
        if not self._timer.may(one.worker, visit):
            return None
        best: Round | None = None
        for position in range(len(one.visits) + 1):
            tried = self._timer.time(one.worker, (*one.visits[:position], visit, *one.visits[position:]))
            if tried is not None and (best is None or tried.cents < best.cents):
                best = tried
        return best

    def _price(self, rounds: Iterable[Round], open_: tuple[int, ...]) -> int:
        return sum(one.cents for one in rounds) + len(open_) * self._problem.prices.unassigned

    def _remember(self) -> None:
        for one in self.rounds:
            self.pool[one.worker, one.visits] = one


def _regret(offers: list[tuple[int, Round]]) -> int:
    """Return what a visit loses when its best offer goes: few offers come first."""
    cents = sorted(offer[0] for offer in offers)[:3]
    if len(cents) < 2:  # noqa: PLR2004 - nobody else could take it
        return 10**9
    return sum(later - cents[0] for later in cents[1:])


def _neighbours(problem: Problem) -> list[list[int]]:
    """Return, for each visit, all visits by nearness: minutes of travel plus a share of the time between."""
    travel = problem.travel[min(problem.travel)].seconds  # any one of them, but always the same
    order = range(len(problem.visits))
    return [
        sorted(
            order,
            key=lambda other: (
                int(travel[one.place, problem.visits[other].place])
                + abs(one.earliest - problem.visits[other].earliest) // 4,
                other,
            ),
        )
        for one in problem.visits
    ]
