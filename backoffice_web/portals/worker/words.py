"""What the phone's pages say in the worker's language: days, durations, a punch's fate and its receipt."""

from datetime import date
from typing import Any

from babel.dates import format_date

from backoffice_web.i18n import _, lazy, spoken
from backoffice_web.layout.formats import MINUTES, clock_time, long_day, numeric_day
from backoffice_web.layout.vocabulary import EDGE_WORDS
from homecare.kernel.calendar import paris_day
from homecare.punches.model import Doubt, Edge
from homecare.punches.receipts import OwnPunch

DOUBT_WORDS: dict[str, Any] = {
    Doubt.REPEATED: lazy("Répète le pointage d'avant : rien n'a changé."),
    Doubt.UNKNOWN_HOME: lazy("Lieu non reconnu : l'agence vérifie."),
    Doubt.UNKNOWN_WORKER: lazy("L'agence vérifie."),
    Doubt.NO_VISIT: lazy("Aucune intervention prévue : l'agence vérifie."),
    Doubt.SEVERAL_VISITS: lazy("Plusieurs interventions conviennent : l'agence vérifie."),
    Doubt.PENDING: lazy("Enregistré, en cours de rapprochement."),
    Doubt.AT_AGENCY: lazy("Passage à l'agence."),
    Doubt.REJECTED: lazy("L'agence ne l'a rattaché à aucune intervention."),
}
"""What has to be said of a punch that is stored, and not plainly."""
_PLAIN = lazy("Enregistré.")


def told(punch: OwnPunch) -> str:
    """Return the sentence."""
    return str(_PLAIN if punch.doubt is None else DOUBT_WORDS[punch.doubt])


def receipt_text(punch: OwnPunch) -> str:
    """Return the receipt in one sentence, which its worker can keep anywhere and check against the ledger."""
    return _(
        "Reçu de pointage : %(edge)s du %(day)s à %(time)s, %(client)s. "
        "Registre %(link)s, empreinte %(proof)s.",
        edge=EDGE_WORDS[Edge(punch.edge)] if punch.edge else _("pointage"),
        day=numeric_day(paris_day(punch.punched_at)),
        time=clock_time(punch.punched_at),
        client=punch.client or _("lieu à vérifier"),
        link=punch.link,
        proof=punch.short_proof,
    )


def written_day(day: date) -> str:
    """Return `Mardi 24 novembre`, the way its language writes it."""
    if spoken().is_french:
        return long_day(day)
    text = format_date(day, spoken().day, locale=spoken().locale)
    return text[0].upper() + text[1:]


def spent(minutes: int) -> str:
    """Return `0 h 57`, as the language abbreviates hours; the blanks never break."""
    return _("%(hours)s h %(minutes)s", hours=minutes // MINUTES, minutes=f"{minutes % MINUTES:02d}")
