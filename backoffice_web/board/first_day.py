"""The five steps of a first day. Each ticks itself from real data; the first one not done is the next."""

from dataclasses import dataclass
from typing import Any

from backoffice_web.i18n import lazy
from homecare.alerts.first_day import FirstDay


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it is, whether it is done, the page and the word that lead to it."""

    title: Any
    about: Any
    done: bool
    endpoint: str
    act: Any


def steps(day: FirstDay) -> list[Step]:
    """Return the steps in their order."""
    return [
        Step(
            lazy("Votre société et vos secteurs"),
            lazy("La société, son SIRET, sa convention, et les communes de chaque secteur"),
            day.company is not None and day.areas > 0,
            "",
            "",
        ),
        Step(
            lazy("Ajouter intervenants et bénéficiaires"),
            lazy("Qui va chez qui : contrats et compétences d'un côté, domiciles et consignes de l'autre"),
            day.clients > 0 and day.workers > 0,
            "clients.list" if day.clients == 0 else "workers.list",
            lazy("Ajouter"),
        ),
        Step(
            lazy("Poser les interventions de la semaine"),
            lazy("Plannings types, puis une semaine à relire et à publier"),
            day.visits > 0,
            "planning.day",
            lazy("Préparer"),
        ),
        Step(
            lazy("Choisir comment on pointe"),
            lazy(
                "Téléphone du domicile, étiquette NFC, QR ou application : un ou plusieurs par bénéficiaire"
            ),
            day.ways_to_punch > 0,
            "clients.list",
            lazy("Choisir"),
        ),
        Step(
            lazy("Faire un pointage d'essai"),
            lazy(
                "Appelez le numéro de télépointage, tapez le code : votre appel apparaît ici en deux secondes"
            ),
            day.punches > 0,
            "",
            "",
        ),
    ]
