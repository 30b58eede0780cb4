"""The punch itself: arrival or departure when unclear, record, speak the stored time. Pure.

Recorded first, spoken after: the arrival counts at once, whatever the line does then.
"""

from dataclasses import replace

from homecare.punches.model import Edge, Kept, Receipt, Status
from telephony import aside, departure
from telephony.actions import Action, Ask, GiveBack, MarkDone, Record, RingHome
from telephony.dialogue import (
    COORDINATOR_KEYS,
    PATIENCE,
    SCHEDULE_KEY,
    Call,
    Over,
    Stage,
    Step,
    UnexpectedEventError,
    end,
    say_goodbye,
    wait,
)
from telephony.events import Event, HomeWillRing, Keyed, Recorded
from telephony.model import Day
from telephony.speech import Phrase, Spoken, Words, time_of

EDGE_QUESTIONS = 2
"""How often it is asked; a worker who answers neither has still proved a presence."""
_EDGES = {"1": Edge.ARRIVAL, "2": Edge.DEPARTURE}
_CONFIRMATIONS = {Edge.ARRIVAL: Phrase.ARRIVAL_AT, Edge.DEPARTURE: Phrase.DEPARTURE_AT, None: Phrase.PUNCH_AT}


def ask_edge(call: Call) -> Step:
    return wait(call, Stage.EDGE, Ask((Phrase.EDGE,), digits=1, seconds=PATIENCE))


def on_edge(call: Call, event: Event) -> Step:
    match event:
        case Keyed(keys=keys) if keys in _EDGES:
            return record(call, _EDGES[keys])
        case Keyed(keys=keys) if keys in COORDINATOR_KEYS:
            return record(replace(call, coordinator_wanted=True), None)
        case Keyed() if call.errors + 1 < EDGE_QUESTIONS:
            return ask_edge(replace(call, errors=call.errors + 1))
        case Keyed():
            return record(call, None)
        case _:
            raise UnexpectedEventError(event)


def record(call: Call, edge: Edge | None) -> Step:
    return wait(call, Stage.RECORDING, Record(call.context, call.home_code, call.code, edge))


def on_recorded(call: Call, event: Event) -> Step:
    match event:
        case Recorded(outcome=None):
            return Over(), (GiveBack(),)
        case Recorded() if call.context.is_guarded:
            return end(Phrase.TO_BE_CHECKED, before=(MarkDone(),))
        case Recorded(outcome=Kept(punched_at=at)):
            return end(Phrase.KEPT_AT, time_of(at), Phrase.KEPT, before=(MarkDone(),))
        case Recorded(outcome=Receipt(status=Status.CONFLICT)):
            return end(Phrase.CONFLICT)
        case Recorded(outcome=Receipt() as receipt):
            return _prove(replace(call, receipt=receipt, errors=0), receipt)
        case _:
            raise UnexpectedEventError(event)


def _prove(call: Call, receipt: Receipt) -> Step:
    """A punch that only the home's printed code places is proved by the home's telephone, if wanted."""
    if call.context.may_ring_home and receipt.visit is not None:
        return wait(call, Stage.PROOF, MarkDone(), RingHome(call.context))
    return _confirm(call, receipt, MarkDone())


def on_proof(call: Call, event: Event) -> Step:
    match event, call.receipt:
        case HomeWillRing(promised=promised), Receipt() as receipt:
            return _confirm(call, receipt, rings=promised)
        case _:
            raise UnexpectedEventError(event)


def _confirm(call: Call, receipt: Receipt, *first: Action, rings: bool = False) -> Step:
    """Speak the stored time, no other, and the first name of the stored punch's worker (P7)."""
    if call.coordinator_wanted:
        return aside.reach_coordinator(call, *first)
    seconds = 0.0 if _leaves_a_visit(receipt) else 1.0
    words = (*confirmation(receipt), Phrase.HOME_RINGS) if rings else confirmation(receipt)
    return wait(call, Stage.CONFIRMED, *first, Ask(words, digits=1, seconds=seconds))


def confirmation(receipt: Receipt) -> tuple[Spoken, ...]:
    """Return what is spoken back of a stored punch."""
    time = time_of(receipt.punched_at)
    name = (Words(receipt.worker_first_name),) if receipt.worker_first_name else ()
    return (_CONFIRMATIONS[receipt.edge], time, Phrase.THANKS, *name)


def _leaves_a_visit(receipt: Receipt) -> bool:
    return receipt.edge is Edge.DEPARTURE and receipt.visit is not None


def on_confirmed(call: Call, event: Event) -> Step:
    match event, call.receipt:
        case Keyed(keys=keys), _ if keys in COORDINATOR_KEYS:
            return aside.reach_coordinator(call)
        case Keyed(keys=keys), _ if keys == SCHEDULE_KEY and call.worker is not None:
            return aside.read_schedule(call, call.worker, Day.TODAY)
        case Keyed(keys=keys), Receipt() as receipt if _leaves_a_visit(receipt):
            if keys == departure.CONCERN_KEY:
                return departure.take_note(call)
            return departure.ask_for_tasks(call, receipt)
        case Keyed(), _:
            return say_goodbye()
        case _:
            raise UnexpectedEventError(event)
