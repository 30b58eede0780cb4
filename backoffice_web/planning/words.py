"""Reasons and breaches as a planner reads them: what is wrong, how much for how much, by which text."""

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice_web.i18n import _, lazy
from backoffice_web.layout.formats import clock_time, duration, wait
from homecare.labour.breach import Breach, Rule, Severity
from homecare.visits.assignment import LastMove
from homecare.visits.fitness import Obstacle, Reason
from homecare.visits.planning import PlannedVisit
from homecare.visits.trials import Trial


@dataclass(frozen=True, slots=True)
class Said:
    """One reason in words: how serious, the fact, and what explains it (a note, an article)."""

    severity: Severity
    fact: str
    detail: str

    @property
    def is_blocking(self) -> bool:
        """Tell whether it refuses."""
        return self.severity is Severity.BLOCKING


def undo_words(last: LastMove | None) -> str:
    """Return what the button that undoes would do."""
    if last is None:
        return _("Aucun déplacement à annuler")
    return _("Annuler le dernier déplacement : %(client)s", client=last.client)


def say(trial: Trial, visit: PlannedVisit) -> list[Said]:
    """Return everything against a trial, what refuses first."""
    said = [*_reasons(trial.reasons, visit), *map(_breach, trial.breaches)]
    return sorted(said, key=lambda one: not one.is_blocking)


def what_refuses(trial: Trial, visit: PlannedVisit) -> str:
    """Return in one line what blocks a trial."""
    return ", ".join(one.fact for one in say(trial, visit) if one.is_blocking)


def _reasons(reasons: Iterable[Reason], visit: PlannedVisit) -> Iterable[Said]:
    for reason in reasons:
        fact, detail = _reason(reason, visit)
        yield Said(reason.severity, fact, detail)


_FACTS = {
    Obstacle.LEFT: lazy("A quitté l'agence"),
    Obstacle.NO_CONTRACT: lazy("Sans contrat ce jour-là"),
    Obstacle.REFUSED: lazy("N'est plus envoyé chez %(client)s"),
    Obstacle.TRAIT: lazy("Incompatible : %(about)s au domicile"),
    Obstacle.OVERLAP: lazy("Déjà chez %(about)s à cette heure"),
    Obstacle.UNAVAILABLE: lazy("Hors de ses disponibilités"),
}


def _reason(reason: Reason, visit: PlannedVisit) -> tuple[str, str]:
    """Return the fact, and what explains it."""
    if reason.obstacle in _FACTS:
        return str(_FACTS[reason.obstacle]) % {"client": visit.client, "about": reason.about}, reason.note
    measured, limit = reason.measured or 0, reason.limit or 0
    match reason.obstacle:
        case Obstacle.SKILL if reason.severity is Severity.BLOCKING:
            return _("Compétence obligatoire manquante : %(skill)s", skill=reason.about), ""
        case Obstacle.SKILL:
            return _("Compétence souhaitée manquante : %(skill)s", skill=reason.about), ""
        case Obstacle.SKILL_LEVEL:
            words = _("%(skill)s : niveau %(held)s, niveau %(asked)s demandé")
            return words % {"skill": reason.about, "held": measured, "asked": limit}, ""
        case Obstacle.TRAVEL:
            fact = _("Trajet de %(journey)s pour %(free)s libres", journey=wait(measured), free=wait(limit))
            return fact, _("estimé, avec %(client)s", client=reason.about)
        case Obstacle.CONTRACT_HOURS:
            hours = {"week": duration(measured), "contract": duration(limit)}
            fact = _("Semaine à %(week)s, contrat %(contract)s", **hours)
            return fact, _("%(more)s en plus", more=duration(measured - limit))
        case _:
            since, until = clock_time(visit.earliest_at), clock_time(visit.latest_at)
            detail = _("début entre %(since)s et %(until)s", since=since, until=until)
            return _("Hors de l'horaire convenu"), detail


def _breach(breach: Breach) -> Said:
    measured, limit = duration(round(breach.measured)), duration(round(breach.limit))
    match breach.rule:
        case Rule.DAILY_WORK_MAX:
            fact = _("%(measured)s de travail ce jour, %(limit)s au plus", measured=measured, limit=limit)
        case Rule.WEEKLY_WORK_MAX:
            fact = _(
                "%(measured)s de travail cette semaine, %(limit)s au plus", measured=measured, limit=limit
            )
        case Rule.BREAK_DUE:
            fact = _("%(measured)s de travail sans pause, %(limit)s au plus", measured=measured, limit=limit)
        case Rule.SHIFT_SPAN_MAX:
            fact = _("Amplitude de %(measured)s, %(limit)s au plus", measured=measured, limit=limit)
        case Rule.DAILY_REST_MIN:
            fact = _("Repos de %(measured)s, %(limit)s au moins", measured=measured, limit=limit)
    return Said(breach.severity, fact, breach.article)
