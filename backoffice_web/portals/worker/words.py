"""What became of a punch, in a sentence for the worker who made it."""

from typing import Any

from backoffice_web.i18n import lazy
from homecare.punches.model import Doubt
from homecare.punches.worker_day import OwnPunch

_DOUBTS: dict[str, Any] = {
    Doubt.REPEATED: lazy("Répète le pointage d'avant : rien n'a changé."),
    Doubt.UNKNOWN_HOME: lazy("Lieu non reconnu : l'agence vérifie."),
    Doubt.UNKNOWN_WORKER: lazy("L'agence vérifie."),
    Doubt.NO_VISIT: lazy("Aucune intervention prévue : l'agence vérifie."),
    Doubt.SEVERAL_VISITS: lazy("Plusieurs interventions conviennent : l'agence vérifie."),
    Doubt.PENDING: lazy("Enregistré, en cours de rapprochement."),
    Doubt.AT_AGENCY: lazy("Passage à l'agence."),
}
_PLAIN = lazy("Enregistré.")


def told(punch: OwnPunch) -> str:
    """Return the sentence."""
    return str(_PLAIN if punch.doubt is None else _DOUBTS[punch.doubt])
