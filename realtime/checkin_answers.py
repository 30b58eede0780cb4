"""What a worker's phone is answered: a status, a sentence, and for a refusal the name of its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from homecare.kernel.clock import PARIS
from homecare.punches.model import Doubt, Edge, Kept, Receipt, Status, TagRefusal
from homecare.punches.phone_check import Fault
from homecare.punches.site_codes import CodeRefusal

_DOUBTS = {
    Doubt.REPEATED: "Ce pointage répète le précédent : rien n’a changé.",
    Doubt.UNKNOWN_HOME: "Pointage enregistré. Le lieu n’est pas reconnu : le bureau va vérifier.",
    Doubt.UNKNOWN_WORKER: "Pointage enregistré. Le bureau va vérifier.",
    Doubt.NO_VISIT: "Pointage enregistré. Aucune intervention n’était prévue : le bureau va vérifier.",
    Doubt.SEVERAL_VISITS: "Pointage enregistré. Plusieurs interventions conviennent : le bureau va vérifier.",
    Doubt.PENDING: "Pointage enregistré.",
    Doubt.AT_AGENCY: "Pointage enregistré à l’agence.",
    Doubt.REJECTED: "Pointage enregistré. Le bureau ne l’a rattaché à aucune intervention.",
}
_COPIED = "Pointage refusé : l’étiquette ne s’est pas prouvée. Touchez celle du domicile avec le téléphone."
_REFUSALS = {
    TagRefusal.UNPROVED: _COPIED,
    TagRefusal.FORGED: _COPIED,
    TagRefusal.REPLAYED: "Pointage refusé : ce passage a déjà servi. Touchez de nouveau l’étiquette.",
    TagRefusal.FOREIGN: "Ce code n’est pas celui d’un domicile de votre agence.",
}
_REFUSED_PLACES: Mapping[TagRefusal | CodeRefusal, str] = {
    TagRefusal.FOREIGN: _REFUSALS[TagRefusal.FOREIGN],
    CodeRefusal.FORGED: "Ce code n’est pas celui d’une tablette de votre agence.",
    CodeRefusal.EXPIRED: "Ce code a expiré : visez celui que la tablette montre maintenant.",
    CodeRefusal.REUSED: "Vous avez déjà pointé avec ce code : attendez le suivant, dans trente secondes.",
}


_FAULTS = {
    Fault.FORGED: "Ce pointage a été modifié après coup : sa signature ne convient pas. Le bureau le voit.",
    Fault.REVOKED: "Ce téléphone a été retiré par l’agence : ce pointage n’est pas enregistré. Appelez-la.",
    Fault.ANOTHERS: "Ce téléphone est inscrit au nom d’une autre personne : elle seule peut l’envoyer.",
}

type Refusal = Fault | TagRefusal | CodeRefusal


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the JSON that goes with it."""

    status: HTTPStatus
    body: dict[str, object]


NOBODY = Answer(HTTPStatus.UNAUTHORIZED, {"message": "Connectez-vous pour pointer."})
NO_WORKER = Answer(HTTPStatus.FORBIDDEN, {"message": "Ce compte n’est pas celui d’un intervenant."})
AWAY = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    {"message": "Le service est momentanément indisponible. Le téléphone garde ce pointage."},
)


def answer_refusal(refusal: Refusal) -> Answer:
    """Answer a check-in that proves nothing, or a place that is none of the worker's."""
    # What somebody else signed stays in the telephone: they may still send it.
    status = HTTPStatus.FORBIDDEN if refusal is Fault.ANOTHERS else HTTPStatus.UNPROCESSABLE_ENTITY
    message = _FAULTS[refusal] if isinstance(refusal, Fault) else _REFUSED_PLACES[refusal]
    return Answer(status, {"message": message, "refusal": refusal.value})


def answer_receipt(receipt: Receipt | Kept) -> Answer:
    """Answer a claim that was dealt with."""
    shown_at = receipt.punched_at.astimezone(PARIS)
    body: dict[str, object] = {"punched_at": receipt.punched_at.isoformat(), "time": f"{shown_at:%H:%M}"}
    if isinstance(receipt, Kept):
        body |= {"status": "kept", "message": f"Pointage de {shown_at:%H:%M} gardé : il sera transmis."}
        return Answer(HTTPStatus.ACCEPTED, body)
    if receipt.refusal is not None:
        refused: dict[str, object] = {
            "message": _REFUSALS[receipt.refusal],
            "refusal": receipt.refusal.value,
        }
        return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, refused)
    body |= {
        "status": receipt.status.value,
        "edge": receipt.edge and receipt.edge.value,
        "visit": receipt.visit,
        "doubt": receipt.doubt and receipt.doubt.value,
        "message": _sentence(receipt, f"{shown_at:%H:%M}"),
    }
    match receipt.status:
        case Status.STORED:
            return Answer(HTTPStatus.CREATED, body)
        case Status.DUPLICATE:
            return Answer(HTTPStatus.OK, body)
        case Status.CONFLICT:
            body["refusal"] = "reused_key"
            body["message"] = "Ce numéro de suivi a déjà servi à un autre pointage : rien n’a été changé."
            return Answer(HTTPStatus.CONFLICT, body)
        case Status.REFUSED:
            raise ValueError("a claim refused without a reason")


def _sentence(receipt: Receipt, time: str) -> str:
    if receipt.doubt is not None:
        return _DOUBTS[receipt.doubt]
    return (
        f"Arrivée enregistrée à {time}." if receipt.edge is Edge.ARRIVAL else f"Départ enregistré à {time}."
    )
