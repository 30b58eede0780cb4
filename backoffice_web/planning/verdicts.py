"""What a row says while a visit is held over it: meilleur, possible, dépasse, bloqué. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backoffice_web.i18n import lazy
from backoffice_web.planning.words import Said, say
from homecare.visits.planning import PlannedVisit
from homecare.visits.trials import Trial
from homecare.workers.qualifications import Qualification


class Level(StrEnum):
    """How well a worker suits, best first."""

    BEST = "best"
    POSSIBLE = "possible"
    EXCEEDS = "exceeds"
    BLOCKED = "blocked"


LEVEL_WORDS: dict[Level, Any] = {
    Level.BEST: lazy("meilleur"),
    Level.POSSIBLE: lazy("possible"),
    Level.EXCEEDS: lazy("dépasse"),
    Level.BLOCKED: lazy("bloqué"),
}
OFF_DAY, OFF_HOURS = lazy("repos"), lazy("hors horaires")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A trial in one word, with everything that explains it."""

    trial: Trial
    visit: PlannedVisit
    is_best: bool = False

    @property
    def worker(self) -> Qualification:
        """Whom it is about."""
        return self.trial.worker

    @property
    def is_current(self) -> bool:
        """Tell whether the worker has the visit now."""
        return self.worker.id == self.visit.worker_id

    @property
    def level(self) -> Level:
        """How well the worker suits."""
        if self.trial.is_refused:
            return Level.BLOCKED
        if self.trial.is_doubtful:
            return Level.EXCEEDS
        return Level.BEST if self.is_best else Level.POSSIBLE

    @property
    def word(self) -> Any:
        """The level in one word; for whoever does not work then, that."""
        if self.level is Level.EXCEEDS and self.trial.is_off:
            return OFF_HOURS if self.worker.available else OFF_DAY
        return LEVEL_WORDS[self.level]

    @property
    def said(self) -> list[Said]:
        """Everything against it, what refuses first."""
        return say(self.trial, self.visit)


def verdicts(trials: Sequence[Trial], visit: PlannedVisit) -> list[Verdict]:
    """Return the verdicts in the trials' order; the first that nothing is against is the best."""
    suits = [trial for trial in trials if not trial.is_refused and not trial.is_doubtful]
    best = suits[0] if suits else None
    return [Verdict(trial, visit, is_best=trial is best) for trial in trials]
