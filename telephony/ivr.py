"""The dialogue of a call. Pure: `step(state, event)` returns the next state and what is to be done.

The caller's line names the home; a worker on any other line keys the home code first. The punch is recorded
as soon as the code is known: everything else comes after it. Once a right code was keyed nothing loses the
punch: when arrival or departure stays unclear it is recorded without an edge and the agency sees it.
"""

from collections.abc import Callable

from telephony import aside, departure, identity, proposal, punching
from telephony.actions import GiveBack, NoteRefusal
from telephony.dialogue import Call, Opening, Over, Purpose, Stage, State, Step, UnexpectedEventError, end
from telephony.events import Event, HungUp, Opened
from telephony.model import CallContext, Missing, Refusal, RungBack, Standing
from telephony.speech import Phrase


def step(state: State, event: Event) -> Step:
    """Return what the call waits for after `event`, and what is to be done."""
    match state, event:
        case Opening(), Opened(found=found):
            return _greet(found)
        case (Over(), _) | (Opening(), HungUp()):
            return Over(), ()
        case Call() as call, HungUp():
            return _on_hang_up(call)
        case Call() as call, _:
            return _STAGES[call.stage](call, event)
        case _:
            raise UnexpectedEventError(event)


def _greet(found: CallContext | Missing) -> Step:
    match found:
        case Missing.NOT_FOUND:
            return end(Phrase.UNAVAILABLE)
        case Missing.DATABASE_AWAY:
            return Over(), (GiveBack(),)
        case CallContext(rung_back=RungBack() as rung_back):
            return proposal.propose(found, rung_back)
        case CallContext(standing=Standing.UNCHECKED) if found.ring.missed is not None:
            return end(Phrase.UNAVAILABLE)  # nothing can be keyed there; the missed call becomes a task
        case CallContext(standing=Standing.REFUSED):
            return end(Phrase.REFUSED_LINE, before=(NoteRefusal(found, Refusal.UNAUTHORISED_PHONE),))
        case CallContext(standing=Standing.HOME):
            return identity.ask_code(Call(Stage.CODE, found), Phrase.CODE)
        case CallContext(standing=Standing.UNCHECKED) if found.ring.caller is not None:
            return identity.ask_code(Call(Stage.CODE, found), Phrase.CODE)
        case CallContext():
            return identity.ask_home_code(Call(Stage.HOME_CODE, found), Phrase.HOME_CODE)


def _on_hang_up(call: Call) -> Step:
    match call.stage:
        case Stage.HOME_CODE | Stage.ROLLING_REST | Stage.CODE if call.purpose is Purpose.PUNCH:
            return Over(), (NoteRefusal(call.context, call.mistake or Refusal.HANG_UP),)
        case Stage.EDGE:
            return punching.record(call, None)
        case Stage.TASK_ANSWER | Stage.TASK_CODE:
            return departure.leave_amid_tasks(call)
        case Stage.TRANSFER:
            return aside.leave_while_ringing(call)
        case _:
            return Over(), ()


_STAGES: dict[Stage, Callable[[Call, Event], Step]] = {
    Stage.HOME_CODE: identity.on_home_code,
    Stage.HOME_LOOKUP: identity.on_home_lookup,
    Stage.ROLLING_REST: identity.on_rolling_rest,
    Stage.CODE: identity.on_code,
    Stage.CODE_LOOKUP: identity.on_code_lookup,
    Stage.EDGE: punching.on_edge,
    Stage.RECORDING: punching.on_recorded,
    Stage.PROOF: punching.on_proof,
    Stage.CONFIRMED: punching.on_confirmed,
    Stage.TASK_LIST: departure.on_task_list,
    Stage.TASK_ANSWER: departure.on_task_answer,
    Stage.TASK_CODE: departure.on_task_code,
    Stage.CONCERN: departure.on_concern,
    Stage.NOTE: departure.on_note,
    Stage.SCHEDULE: aside.on_schedule,
    Stage.SCHEDULE_END: aside.on_schedule_end,
    Stage.TRANSFER: aside.on_transfer,
    Stage.CALL_BACK: aside.on_call_back,
    Stage.PROPOSAL: proposal.on_proposal,
    Stage.CONFIRMING: proposal.on_confirming,
}
