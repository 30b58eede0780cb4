"""The figures of the plan that stands beside those of the proposed one, and rule by rule. Pure.

They come from the run's outcome, JSON written by the optimiser: a figure that is not there is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backoffice_web.i18n import lazy
from backoffice_web.layout.formats import duration, figure

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after, written out. `better` is None when nothing changes.

    `scope` says what is counted. `before` is None for a first plan: nobody was assigned, so there is nothing
    to compare with.
    """

    name: Any
    scope: Any
    before: str | None
    after: str
    change: str
    better: bool | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How many times a rule is broken before and after."""

    name: Any
    before: int
    after: int


_WITH_HOME = lazy("domicile compris")
_BETWEEN = lazy("entre interventions")
_WRITTEN: tuple[tuple[str, Any, Any, Callable[[int], str]], ...] = (
    ("kilometres", lazy("Kilomètres"), _WITH_HOME, figure),
    ("road_minutes", lazy("Temps de route"), _WITH_HOME, duration),
    ("travel_minutes", lazy("Trajet payé"), _BETWEEN, duration),
    ("waiting_minutes", lazy("Temps morts"), _BETWEEN, duration),
    ("blocking", lazy("Non-conformités"), lazy("règles non respectées"), figure),
    ("open", lazy("À pourvoir"), lazy("sans intervenant"), figure),
)

RULE_WORDS: dict[str, Any] = {
    "window": lazy("Horaires convenus"),
    "availability": lazy("Disponibilités"),
    "skill": lazy("Compétences"),
    "incompatibility": lazy("Incompatibilités et refus"),
    "travel": lazy("Temps de trajet"),
    "daily_work_max": lazy("Travail du jour"),
    "weekly_work_max": lazy("Travail de la semaine"),
    "break_due": lazy("Pause"),
    "shift_span_max": lazy("Amplitude"),
    "daily_rest_min": lazy("Repos quotidien"),
}


def is_first_plan(outcome: Json) -> bool:
    """Tell whether nobody was assigned before."""
    before = outcome.get("before", {})
    return bool(0 < before.get("visits", 0) <= before.get("open", 0))


def compare(outcome: Json) -> list[Compared]:
    """Return the figures that matter, both plans side by side; less is better for each."""
    return list(
        _compare(outcome.get("before", {}), outcome.get("after", {}), is_first=is_first_plan(outcome))
    )


def _compare(before: Json, after: Json, *, is_first: bool) -> Iterator[Compared]:
    for key, name, scope, write in _WRITTEN:
        if key not in before or key not in after:
            continue
        was, becomes = int(before[key]), int(after[key])
        if is_first:
            yield Compared(name, scope, None, write(becomes), "", None)
            continue
        yield Compared(
            name,
            scope,
            write(was),
            write(becomes),
            write(abs(becomes - was)),
            None if was == becomes else becomes < was,
        )


def rule_lines(outcome: Json) -> list[RuleLine]:
    """Return every rule, in a planner's order, with how often it is broken before and after."""
    before, after = (outcome.get(side, {}).get("rules", {}) for side in ("before", "after"))
    return [
        RuleLine(word, int(before.get(rule, 0)), int(after.get(rule, 0))) for rule, word in RULE_WORDS.items()
    ]


@dataclass(frozen=True, slots=True)
class Point:
    """The best value after so many seconds; `value` is 100 for the plan that stood."""

    seconds: float
    value: float
    open: int


def curve(progress: list[dict[str, object]]) -> list[Point]:
    """Return the best value over time, 100 being the first one told."""
    cents = [float(str(point.get("cents", 0))) for point in progress]
    first = next((value for value in cents if value > 0), 1.0)
    return [
        Point(
            seconds=float(str(point.get("seconds", 0))),
            value=round(100 * value / first, 1),
            open=int(str(point.get("open", 0))),
        )
        for point, value in zip(progress, cents, strict=True)
    ]


def seconds_spent(
    points: Sequence[Point], *, started_at: datetime | None, now: datetime, speed: float
) -> int | None:
    """Return for how many real seconds a run has searched, None before it begins.

    `now` and `started_at` are the agency's, whose clock runs `speed` times as fast in a demonstration.
    """
    if started_at is None:
        return None
    told = points[-1].seconds if points else 0.0
    return int(max(told, (now - started_at).total_seconds() / speed))


def stable_for(points: list[Point]) -> int:
    """Return for how many seconds nothing better was found."""
    if not points:
        return 0
    best = min(point.value for point in points)
    since = next(point.seconds for point in points if point.value == best)
    return int(points[-1].seconds - since)
