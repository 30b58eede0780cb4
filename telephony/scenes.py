"""Calls as workers make them, one for each path of the dialogue: what was keyed, what the agency answered.

Only what the dialogue is told stands here; what it says comes from the dialogue (`telephony.transcripts`).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from homecare.kernel.ids import HomeId, OrganisationId, PunchId, VisitId, WorkerId
from homecare.punches.model import CodeTrouble, Edge, Kept, Receipt, Status
from homecare.punches.tasks import TaskMode
from telephony.events import (
    CallBackRequested,
    CodeLookedUp,
    Event,
    HomeLookedUp,
    HomeWillRing,
    HungUp,
    Keyed,
    NoteTaken,
    Opened,
    Recorded,
    TasksListed,
    Transferred,
    VisitsListed,
)
from telephony.model import (
    CallContext,
    Missing,
    PlannedVisit,
    Proposal,
    Ring,
    RungBack,
    Standing,
    Task,
    TaskSheet,
    WorkerFound,
)

_AT = datetime(2026, 3, 3, 13, 32, tzinfo=UTC)
_HOME = CallContext(
    Ring("phone-1-1", "+33801020304", "+33155512345", _AT),
    OrganisationId(1),
    Standing.HOME,
    (HomeId(1),),
    "+33155500000",
)
_HIDDEN = replace(_HOME, ring=replace(_HOME.ring, caller=None), standing=Standing.HIDDEN, homes=())
_INES = WorkerFound(WorkerId(1), "Inès", asks_edge=False)
_RECEIPT = Receipt(
    "phone-1-1-1", Status.STORED, PunchId(1), _AT, Edge.ARRIVAL, VisitId(1), worker_first_name="Inès"
)
_KEPT = Recorded(Kept("phone-1-1-1", _AT))
_TASKS = (Task("12", "Toilette"), Task("34", "Repas"))
_VISITS = (
    PlannedVisit(_AT + timedelta(hours=2), "rue des Tilleuls"),
    PlannedVisit(_AT + timedelta(hours=4), "place du Marché"),
)

_MISSED = replace(_HOME, ring=replace(_HOME.ring, missed=1))
_ARRIVING = replace(_MISSED, rung_back=RungBack(1, Proposal(WorkerId(1), "Inès", Edge.ARRIVAL)))
_LEAVING = replace(_MISSED, rung_back=RungBack(1, Proposal(WorkerId(1), "Inès", Edge.DEPARTURE)))
_UNKNOWN = replace(_MISSED, rung_back=RungBack(1, None))

_CODE, _NOTHING = Keyed("123456"), Keyed("")
_WRONG = (Keyed("654321"), CodeLookedUp(Missing.NOT_FOUND))
_KNOWN = (Opened(_HOME), _CODE, CodeLookedUp(_INES))
_ARRIVED = (*_KNOWN, Recorded(_RECEIPT))
_LEFT = (*_KNOWN, Recorded(replace(_RECEIPT, edge=Edge.DEPARTURE)), _NOTHING)
_UNCLEAR = (Opened(_HOME), _CODE, CodeLookedUp(replace(_INES, asks_edge=True)))
_AT_DEVICE = (Opened(_HIDDEN), Keyed("876543"), Keyed("21"), _CODE)


@dataclass(frozen=True, slots=True)
class Scene:
    """A call from its beginning to its end. `title` is French, for the guide."""

    title: str
    events: tuple[Event, ...]


def _trouble(title: str, trouble: CodeTrouble) -> Scene:
    return Scene(title, (*_AT_DEVICE, CodeLookedUp(trouble), HungUp()))


SCENES = (
    Scene("Arriver, depuis le téléphone du domicile", (*_ARRIVED, _NOTHING)),
    Scene("Partir, sans tâche ni inquiétude", (*_LEFT, TasksListed(TaskSheet()), _NOTHING)),
    Scene("Arrivée ou départ : la voix demande", (*_UNCLEAR, Keyed("1"), Recorded(_RECEIPT), _NOTHING)),
    Scene(
        "Arrivée ou départ : sans réponse, le pointage compte quand même",
        (*_UNCLEAR, _NOTHING, _NOTHING, Recorded(replace(_RECEIPT, edge=None)), _NOTHING),
    ),
    Scene(
        "Numéro masqué ou inconnu : le code du domicile d'abord",
        (
            *(Opened(_HIDDEN), Keyed("123455"), HomeLookedUp(_HOME), _CODE),
            *(CodeLookedUp(_INES), Recorded(_RECEIPT), _NOTHING),
        ),
    ),
    Scene(
        "Numéro masqué ou inconnu : le téléphone du domicile sonne après l'appel",
        (
            *(Opened(_HIDDEN), Keyed("123455"), HomeLookedUp(replace(_HOME, may_ring_home=True)), _CODE),
            *(CodeLookedUp(_INES), Recorded(_RECEIPT), HomeWillRing(promised=True), _NOTHING),
        ),
    ),
    Scene(
        "Le boîtier à code : huit chiffres à la place du code du domicile",
        (*_AT_DEVICE, CodeLookedUp(_INES), Recorded(_RECEIPT), _NOTHING),
    ),
    _trouble("Le code du boîtier est inconnu", CodeTrouble.WRONG),
    _trouble("Le code du boîtier est trop ancien", CodeTrouble.EXPIRED),
    _trouble("Le code du boîtier a déjà servi", CodeTrouble.USED),
    _trouble("Le boîtier a été retiré", CodeTrouble.INACTIVE),
    Scene(
        "Les tâches sont lues, une touche répond",
        (*_LEFT, TasksListed(TaskSheet(TaskMode.READ, _TASKS)), Keyed("1"), Keyed("*"), _NOTHING),
    ),
    Scene(
        "Les codes des tâches sont tapés, puis relus",
        (
            *(*_LEFT, TasksListed(TaskSheet(TaskMode.KEYED, _TASKS)), Keyed("12")),
            *(Keyed("99"), Keyed("34*"), Keyed("000"), _NOTHING),
        ),
    ),
    Scene(
        "Signaler une inquiétude au départ",
        (*_LEFT, TasksListed(TaskSheet()), Keyed("3"), NoteTaken("note.wav")),
    ),
    Scene(
        "Entendre son planning, sans pointer",
        (
            *(Opened(_HOME), Keyed("*"), _CODE, CodeLookedUp(_INES), VisitsListed(_VISITS)),
            *(Keyed("1"), VisitsListed(())),
        ),
    ),
    Scene(
        "Entendre son planning après l'heure",
        (*_ARRIVED, Keyed("*"), VisitsListed(()), Keyed("1"), VisitsListed(_VISITS)),
    ),
    Scene("Parler à l'agence", (Opened(_HOME), Keyed("0"), Transferred(answered=True))),
    Scene(
        "Parler à l'agence : personne ne répond",
        (*_ARRIVED, Keyed("9"), Transferred(answered=False), CallBackRequested(noted=True)),
    ),
    Scene(
        "Parler à l'agence : personne ne répond, et la demande n'a pas pu être notée",
        (Opened(_HOME), Keyed("0"), Transferred(answered=False), CallBackRequested(noted=False)),
    ),
    Scene("Trois codes faux", (Opened(_HOME), *_WRONG, *_WRONG, *_WRONG)),
    Scene("Trois fois rien", (Opened(_HOME), _NOTHING, _NOTHING, _NOTHING)),
    Scene(
        "Un code de domicile faux",
        (Opened(_HIDDEN), Keyed("111111"), _NOTHING, HungUp()),
    ),
    Scene(
        "Une ligne refusée par l'agence",
        (Opened(replace(_HIDDEN, standing=Standing.REFUSED)),),
    ),
    Scene(
        "Une ligne d'où sont venus trop de codes faux",
        (Opened(replace(_HOME, is_guarded=True)), _CODE, Recorded(_RECEIPT)),
    ),
    Scene(
        "Appel manqué, téléphone sans touches : l’agence rappelle, rester en ligne confirme",
        (Opened(_ARRIVING), _NOTHING, Recorded(_RECEIPT)),
    ),
    Scene(
        "Appel manqué : raccrocher annule, rien n’est enregistré, l’agence voit l’appel",
        (Opened(_LEAVING), HungUp()),
    ),
    Scene("Appel manqué : deux intervenants possibles, ou aucun", (Opened(_UNKNOWN), _NOTHING)),
    Scene(
        "Appel manqué : le téléphone a des touches, le code est tapé",
        (Opened(_UNKNOWN), _CODE, CodeLookedUp(_INES), Recorded(_RECEIPT), _NOTHING),
    ),
    Scene(
        "Appel manqué : la base de données s’arrête avant le rappel",
        (Opened(replace(_MISSED, standing=Standing.UNCHECKED, homes=())),),
    ),
    Scene(
        "La base de données est arrêtée",
        (Opened(_HOME), _CODE, CodeLookedUp(Missing.DATABASE_AWAY), _KEPT),
    ),
    Scene(
        "Le même appel avec un autre contenu",
        (*_KNOWN, Recorded(replace(_RECEIPT, status=Status.CONFLICT, punch=None))),
    ),
    Scene("Le numéro appelé n'est à aucune agence", (Opened(Missing.NOT_FOUND),)),
    Scene("Le système est arrêté", (Opened(Missing.DATABASE_AWAY),)),
)
