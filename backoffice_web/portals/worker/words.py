"""What became of a punch, in a sentence for the worker who made it, and the receipt that they keep of it."""

from typing import Any

from backoffice_web.i18n import _, lazy
from backoffice_web.layout.formats import clock_time, numeric_day
from backoffice_web.layout.vocabulary import EDGE_WORDS
from homecare.kernel.calendar import paris_day
from homecare.punches.model import Doubt, Edge
from homecare.punches.receipts import OwnPunch

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


def receipt_text(punch: OwnPunch) -> str:
    """Return the receipt in one sentence, which its worker can keep anywhere and check against the ledger."""
    return _(
        "Reçu de pointage : %(edge)s du %(day)s à %(time)s, %(client)s. Registre %(link)s, preuve %(proof)s.",
        edge=EDGE_WORDS[Edge(punch.edge)] if punch.edge else _("pointage"),
        day=numeric_day(paris_day(punch.punched_at)),
        time=clock_time(punch.punched_at),
        client=punch.client or _("lieu à vérifier"),
        link=punch.link,
        proof=punch.short_proof,
    )
