"""The words of statuses, proofs and refusals, as screens say them. Shapes and words cannot be changed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backoffice_web.i18n import lazy
from homecare.access.line_checks import Outcome
from homecare.access.model import Role
from homecare.payers.model import PayerKind
from homecare.punches.disputes import DisputeReason
from homecare.punches.model import Channel, Edge, PlaceCheck, Proof
from homecare.punches.place_exceptions import OutsideReason
from homecare.visits.outings import OutingKind


class Status(StrEnum):
    """What a row or a block is, most urgent first. The value names its drawing and its colours."""

    LATE = "late"
    MISS = "miss"
    WATCH = "watch"
    DUE = "due"
    RUN = "run"
    DONE = "done"
    OPEN = "open"
    OK = "ok"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Word:
    """A status in words: of one visit, of several, and what it means."""

    one: Any
    several: Any
    meaning: Any


STATUS_WORDS: dict[Status, Word] = {
    Status.LATE: Word(lazy("En retard"), lazy("En retard"), lazy("pas d'arrivée pointée après le seuil")),
    Status.MISS: Word(lazy("Non effectué"), lazy("Non effectués"), lazy("personne n'est venu, ou bloquant")),
    Status.WATCH: Word(lazy("À surveiller"), lazy("À surveiller"), lazy("retard prévu, avec sa probabilité")),
    Status.DUE: Word(lazy("Attendu"), lazy("Attendus"), lazy("commence dans l'heure")),
    Status.RUN: Word(lazy("En cours"), lazy("En cours"), lazy("arrivée pointée, durée qui court")),
    Status.DONE: Word(lazy("Terminé"), lazy("Terminés"), lazy("départ pointé, durée retenue")),
    Status.OPEN: Word(lazy("À pourvoir"), lazy("À pourvoir"), lazy("personne n'est encore prévu")),
    Status.OK: Word(lazy("Conforme"), lazy("Conformes"), lazy("vérifié, respecté ou enregistré en lieu sûr")),
    Status.OFF: Word(lazy("Annulé"), lazy("Annulés"), lazy("n'aura pas lieu")),
}

LEGEND = (Status.LATE, Status.WATCH, Status.DUE, Status.RUN, Status.DONE, Status.OPEN)
"""The six words that a first day teaches before they matter."""

PROOF_WORDS: dict[Proof, Any] = {
    Proof.A: lazy("étiquette qui se prouve ou code tournant"),
    Proof.B: lazy("ligne du domicile, badge lu sur place ou code de tablette"),
    Proof.C: lazy("code du domicile, QR fixe ou étiquette simple"),
    Proof.D: lazy("déclaré, sans preuve du lieu"),
}

CHANNEL_WORDS: dict[Channel, Any] = {
    Channel.PHONE: lazy("téléphone"),
    Channel.NFC: lazy("NFC"),
    Channel.QR: lazy("QR"),
    Channel.APP: lazy("application"),
    Channel.BOX: lazy("boîtier"),
    Channel.MANUAL: lazy("saisie"),
}

EDGE_WORDS: dict[Edge, Any] = {Edge.ARRIVAL: lazy("Arrivée"), Edge.DEPARTURE: lazy("Départ")}

PLACE_WORDS: dict[PlaceCheck, Any] = {
    PlaceCheck.INSIDE: lazy("sur place"),
    PlaceCheck.OUTSIDE: lazy("ailleurs"),
    PlaceCheck.UNKNOWN: lazy("lieu non vérifié"),
}

OUTSIDE_WORDS: dict[OutsideReason, Any] = {
    OutsideReason.NEARBY: lazy("Juste à côté du lieu"),
    OutsideReason.ACCOMPANYING: lazy("J'accompagne la personne"),
    OutsideReason.WRONG_POSITION: lazy("Le téléphone se trompe"),
    OutsideReason.LATE_GESTURE: lazy("J'ai pointé plus tard"),
    OutsideReason.OTHER: lazy("Autre raison"),
}
"""Why a punch was made elsewhere, in its worker's words."""

OUTING_WORDS: dict[OutingKind, Any] = {
    OutingKind.WALK: lazy("Promenade"),
    OutingKind.SHOPPING: lazy("Courses"),
}

DISPUTE_WORDS: dict[DisputeReason, Any] = {
    DisputeReason.WRONG_TIME: lazy("L'heure n'est pas la bonne"),
    DisputeReason.WRONG_CLIENT: lazy("Ce n'est pas cette personne"),
    DisputeReason.WRONG_EDGE: lazy("Arrivée et départ sont inversés"),
    DisputeReason.NOT_MINE: lazy("Ce pointage n'est pas de moi"),
    DisputeReason.OTHER: lazy("Autre chose"),
}
"""What is not right of a punch, in its worker's words."""

PAYER_WORDS: dict[PayerKind, Any] = {
    PayerKind.DEPARTMENT: lazy("département"),
    PayerKind.PENSION_FUND: lazy("caisse de retraite"),
    PayerKind.INSURER: lazy("mutuelle ou assurance"),
    PayerKind.SOCIAL_CENTRE: lazy("CCAS"),
    PayerKind.OTHER: lazy("autre payeur"),
}


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A role in words, and what it opens."""

    one: Any
    opens: Any


ROLE_WORDS: dict[Role, RoleWord] = {
    Role.ADMINISTRATOR: RoleWord(lazy("Administrateur"), lazy("tout, avec les réglages et les comptes")),
    Role.MANAGER: RoleWord(
        lazy("Responsable"),
        lazy("comme un coordinateur, et aussi les intervenants, l'optimisation, les payeurs, le registre"),
    ),
    Role.COORDINATOR: RoleWord(
        lazy("Coordinateur"), lazy("le tableau, les alertes, le planning, les bénéficiaires, les pointages")
    ),
    Role.AUDITOR: RoleWord(lazy("Auditeur"), lazy("lit tout, ne change rien, exporte le registre")),
    Role.WORKER: RoleWord(lazy("Intervenant"), lazy("pointe sur son téléphone")),
}

LINE_WORDS: dict[Outcome, Any] = {
    Outcome.HEARD: lazy("répond, une voix est entendue"),
    Outcome.SILENT: lazy("décroche sans voix"),
    Outcome.UNANSWERED: lazy("ne répond pas"),
    Outcome.SEEN: lazy("sonne sans répondre, l'appel est vu"),
}
"""How a number that workers call was found, when we called it ourselves."""

REFUSAL_WORDS: dict[str, Any] = {
    "bad_pin": lazy("Code d'intervenant erroné"),
    "bad_home_code": lazy("Code de domicile erroné"),
    "rolling_wrong": lazy("Code du boîtier erroné"),
    "rolling_expired": lazy("Code du boîtier expiré"),
    "rolling_used": lazy("Code du boîtier déjà utilisé"),
    "rolling_inactive": lazy("Boîtier désactivé"),
    "hang_up": lazy("Appel terminé avant le code"),
    "unauthorised_phone": lazy("Téléphone non autorisé"),
    "missed_unknown": lazy("Appel manqué d'un numéro masqué ou inconnu, non rappelé"),
    "missed_with_keys": lazy("Appel manqué d'une ligne qui n'est pas « sans touches », non rappelé"),
    "missed_too_often": lazy("Trop d'appels manqués de cette ligne, non rappelé"),
    "bad_payload": lazy("Message illisible"),
    "foreign_code": lazy("Code d'une autre organisation"),
    "forged": lazy("Demande falsifiée ou rejouée"),
    "tag_unproved": lazy("Adresse d'étiquette recopiée, sans sa preuve"),
    "tag_forged": lazy("Étiquette copiée ou falsifiée"),
    "tag_replayed": lazy("Passage d'étiquette déjà utilisé"),
    "code_forged": lazy("Code de tablette falsifié"),
    "code_expired": lazy("Code de tablette expiré ou copié"),
    "code_reused": lazy("Code de tablette déjà utilisé"),
}
"""How an attempt ended without a punch."""
