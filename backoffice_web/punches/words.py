"""Doubts, calls to give and places as a coordinator reads them."""

from typing import Any

from backoffice_web.i18n import _, _n, lazy
from backoffice_web.layout.formats import phone_number, spaced_code, wait
from backoffice_web.layout.vocabulary import EDGE_WORDS
from homecare.punches.cases import Step
from homecare.punches.deciding import RejectReason
from homecare.punches.journal import JournalRow
from homecare.punches.model import Doubt, Edge
from homecare.punches.proposals import Proposal
from homecare.punches.queries import CallTask
from homecare.punches.signing import Flag
from homecare.punches.tasks import TaskAnswer

DOUBT_WORDS: dict[str, Any] = {
    Doubt.UNKNOWN_HOME: lazy("Lieu inconnu"),
    Doubt.UNKNOWN_WORKER: lazy("Intervenant inconnu"),
    Doubt.NO_VISIT: lazy("Aucune intervention à cette heure"),
    Doubt.SEVERAL_VISITS: lazy("Plusieurs interventions possibles"),
    Doubt.REPEATED: lazy("Répété"),
    Doubt.PENDING: lazy("Rattachement en cours"),
    Doubt.AT_AGENCY: lazy("Passage à l'agence"),
    Doubt.REJECTED: lazy("Rejeté"),
}

REASON_WORDS: dict[RejectReason, Any] = {
    RejectReason.DUPLICATE: lazy("Doublon d'un autre pointage"),
    RejectReason.MISTAKE: lazy("Essai ou fausse manipulation"),
    RejectReason.NO_WORK: lazy("Aucune intervention n'a eu lieu"),
    RejectReason.STRANGER: lazy("Ne vient pas d'un intervenant de l'agence"),
    RejectReason.OTHER: lazy("Autre motif"),
}
"""Why a punch belongs to no visit."""

NOT_WAITING = frozenset({None, Doubt.REPEATED.value, Doubt.AT_AGENCY.value, Doubt.REJECTED.value})
"""Doubts for which nobody has to do anything; None is none."""

FLAG_WORDS: dict[str, Any] = {
    Flag.FORK: lazy("Ne suit pas le pointage d'avant"),
    Flag.CLOCK_BACK: lazy("Horloge du téléphone reculée"),
    Flag.CLOCK_WRONG: lazy("Horloge du téléphone décalée"),
    Flag.UNKNOWN_PHONE: lazy("Téléphone non inscrit"),
}

TASK_WORDS: dict[str, Any] = {
    "call_back": lazy("Demande à être rappelé"),
    "concern": lazy("Signale une préoccupation"),
    "silent_line": lazy("Ligne du domicile muette"),
    "silent_tag": lazy("Étiquette muette"),
    "missed_unclear": lazy("Appel manqué : de qui ?"),
    "missed_cancelled": lazy("Appel manqué, non confirmé"),
    "missed_unanswered": lazy("Appel manqué, rappel sans réponse"),
    "missed_late": lazy("Appel manqué, rappel impossible"),
}

ANSWER_WORDS: dict[str, Any] = {
    TaskAnswer.DONE: lazy("fait"),
    TaskAnswer.NOT_DONE: lazy("non fait"),
    TaskAnswer.REFUSED: lazy("refusé par le bénéficiaire"),
}

ANSWER_ICONS: dict[str, str] = {
    TaskAnswer.DONE: "check",
    TaskAnswer.NOT_DONE: "x",
    TaskAnswer.REFUSED: "ban",
}

TASK_ICONS = {
    "call_back": "phone-outgoing",
    "silent_line": "phone-off",
    "silent_tag": "nfc",
    "missed_unclear": "phone-incoming",
    "missed_cancelled": "phone-incoming",
    "missed_unanswered": "phone-incoming",
    "missed_late": "phone-incoming",
}


def silence_word(task: CallTask) -> str:
    """Return what fell silent, and what to look at; nothing for a task about something else."""
    match task.kind:
        case "silent_line":
            return _(
                "Aucun pointage ne vient plus du %(number)s : ligne coupée, ou oubliée ?",
                number=phone_number(task.subject or ""),
            )
        case "silent_tag":
            return _(
                "Étiquette %(token)s plus jamais lue : décollée, ou oubliée ?", token=(task.subject or "")[:8]
            )
        case _other:
            return ""


def doubt_word(row: JournalRow) -> str:
    """Return why the punch waits, naming what is unknown."""
    if row.doubt == Doubt.UNKNOWN_HOME:
        return place_word(row.place)
    return str(DOUBT_WORDS.get(row.doubt or "", row.doubt))


def waits(row: JournalRow) -> bool:
    """Tell whether the punch waits for a person."""
    return row.doubt not in NOT_WAITING


def why_word(row: JournalRow) -> str:
    """Return what a coordinator has to know of a punch that waits, in a sentence."""
    match row.doubt:
        case Doubt.UNKNOWN_HOME:
            return _("Rien ne dit chez qui : le lieu du pointage n'est celui d'aucun domicile connu.")
        case Doubt.UNKNOWN_WORKER:
            return _("Rien ne dit qui : aucun intervenant n'a ce code ou ce badge, ou aucun n'a été donné.")
        case Doubt.SEVERAL_VISITS:
            return _("Plusieurs interventions conviennent aussi bien : le rattacher serait deviner.")
        case _no_visit:
            return _("Aucune intervention de cet intervenant à ce domicile ne convient à cette heure.")


def apart_word(proposal: Proposal) -> str:
    """Return how far from the plan the punch was made: `3 min après le début prévu`."""
    minutes = round(proposal.apart.total_seconds() / 60)
    is_arrival = proposal.edge is Edge.ARRIVAL
    if minutes == 0:
        return _("à l'heure du début prévu") if is_arrival else _("à l'heure de la fin prévue")
    away = wait(abs(minutes))
    if minutes > 0:
        after = _("%(away)s après le début prévu", away=away)
        return after if is_arrival else _("%(away)s après la fin prévue", away=away)
    before = _("%(away)s avant le début prévu", away=away)
    return before if is_arrival else _("%(away)s avant la fin prévue", away=away)


def missing_word(proposal: Proposal) -> str:
    """Return which end the visit lacks."""
    if proposal.visit.arrived_at is None and proposal.visit.left_at is None:
        return _("ni arrivée ni départ pointés")
    return _("arrivée manquante") if proposal.visit.arrived_at is None else _("départ manquant")


def step_word(step: Step) -> str:
    """Return a line of the punch's history."""
    edge = step.after.get("edge")
    match step.action:
        case "punches.settle" if step.after.get("doubt") is not None:
            doubt = str(step.after["doubt"])
            return _("Reçu : %(doubt)s", doubt=str(DOUBT_WORDS.get(doubt, doubt)).lower())
        case "punches.settle":
            return _("Reçu et rattaché : %(edge)s, %(client)s", edge=_edge(edge), client=step.client or "")
        case "punches.link":
            return _("Rattaché à la main : %(edge)s, %(client)s", edge=_edge(edge), client=step.client or "")
        case "punches.reject":
            reason = str(step.after.get("reason"))
            return _("Rejeté : %(reason)s", reason=str(REASON_WORDS.get(RejectReason(reason))).lower())
        case "punches.take_back":
            return _("Décision annulée : le pointage attend de nouveau")
        case "punches.see_exception":
            return _("Fait ailleurs : vu")
        case _unsee:
            return _("Fait ailleurs : à revoir")


def _edge(edge: object) -> str:
    return str(EDGE_WORDS[Edge(edge)]).lower() if isinstance(edge, str) else ""


def claimed_place(row: JournalRow) -> str:
    """Return the place as the source named it, known or not."""
    match row.place:
        case ["line", str(number)]:
            return _("ligne %(number)s", number=phone_number(number))
        case ["missed_call", str(number)]:
            return _("appel manqué du %(number)s", number=phone_number(number))
        case ["home_code", str(code)]:
            return _("code de domicile %(code)s", code=spaced_code(code))
        case ["code_device" | "rolling_code", *_rest]:
            return _("boîtier à code tournant")
        case ["tag" | "sun", *_rest]:
            return _("étiquette")
        case ["qr", *_rest]:
            return _("code QR")
        case ["device", str(name)]:
            return _("boîtier %(name)s", name=name)
        case ["home" | "site" | "site_code", *_rest]:
            return row.site or _("domicile choisi sur le téléphone")
        case _nowhere:
            return _("non indiqué")


def flag_words(row: JournalRow) -> list[str]:
    """Return what does not fit in a punch from a worker's telephone, in words; empty: nothing."""
    if row.signed is False:
        return [_("Non signé")]
    gap = _n("Il manque %(num)s pointage avant", "Il manque %(num)s pointages avant", row.missing)
    return [gap if flag == Flag.GAP else str(FLAG_WORDS.get(flag, flag)) for flag in row.flags]


def place_word(place: list[object]) -> str:
    """Return the unknown place as it was claimed."""
    match place:
        case ["line" | "missed_call", str(number)]:
            return _("Ligne inconnue : %(number)s", number=phone_number(number))
        case ["rolling_code", *_]:
            return _("code de boîtier sans preuve")
        case ["home_code", str(code)]:
            return _("Code de domicile inconnu : %(code)s", code=spaced_code(code))
        case ["tag" | "sun", *_rest]:
            return _("Étiquette inconnue")
        case ["qr", *_rest]:
            return _("QR inconnu")
        case ["device", str(name)]:
            return _("Boîtier sans domicile : %(name)s", name=name)
        case _nowhere:
            return _("Lieu non indiqué")
