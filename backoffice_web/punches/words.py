"""Doubts, calls to give and places as a coordinator reads them."""

from typing import Any

from backoffice_web.i18n import _, _n, lazy
from backoffice_web.layout.formats import phone_number, spaced_code
from homecare.punches.journal import JournalRow
from homecare.punches.model import Doubt
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
}

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
