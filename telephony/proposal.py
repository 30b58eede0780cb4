"""A missed call that is rung back: who must have called is said, and staying on the line confirms it. Pure.

For lines on which nothing can be keyed (N11). If a code is keyed all the same, the call goes on as any other.
"""

from dataclasses import replace

from homecare.kernel.ids import WORKER_CODE_DIGITS
from homecare.punches.model import Edge, Kept, Receipt, Status
from telephony import identity, punching
from telephony.actions import Ask, Confirm, GiveBack, MarkDone, Speak
from telephony.dialogue import Call, Over, Stage, Step, UnexpectedEventError, end, say_goodbye, wait
from telephony.events import Event, Keyed, Recorded
from telephony.model import CallContext, Proposal, RungBack
from telephony.speech import Phrase, Words, time_of

RESPITE = 2.0
"""Seconds of silence after the last word: whoever has heard it through can still hang up."""
_EDGES = {Edge.ARRIVAL: Phrase.MISSED_ARRIVAL, Edge.DEPARTURE: Phrase.MISSED_DEPARTURE}


def propose(context: CallContext, rung_back: RungBack) -> Step:
    """Say whose arrival or departure it must be, in that worker's language; or that nobody can tell."""
    call, at = Call(Stage.PROPOSAL, context), time_of(context.ring.answered_at)
    match rung_back.proposal:
        case None:
            sounds = (Phrase.MISSED_CALL, at, Phrase.MISSED_UNCLEAR)
            return wait(call, Stage.PROPOSAL, Ask(sounds, digits=WORKER_CODE_DIGITS, seconds=RESPITE))
        case Proposal(first_name=name, edge=edge, language=language):
            said = (Phrase.MISSED_CALL, at, _EDGES[edge], Words(name), Phrase.MISSED_CONFIRM)
            ask = Ask(said, digits=WORKER_CODE_DIGITS, seconds=RESPITE)
            return wait(call, Stage.PROPOSAL, Speak(language), ask)


def on_proposal(call: Call, event: Event) -> Step:
    """It was heard to the end, or keys came."""
    match event, call.context.rung_back:
        case Keyed(keys=""), RungBack(missed=missed, proposal=Proposal() as proposal):
            return wait(call, Stage.CONFIRMING, Confirm(call.context, missed, proposal))
        case Keyed(keys=""), _:
            return say_goodbye()
        case Keyed(), _:
            return identity.on_code(replace(call, stage=Stage.CODE), event)
        case _:
            raise UnexpectedEventError(event)


def on_confirming(_: Call, event: Event) -> Step:
    """The punch is stored, or not: said as on any call, and nothing more is asked where nobody can key."""
    match event:
        case Recorded(outcome=None):
            return Over(), (GiveBack(),)
        case Recorded(outcome=Kept(punched_at=at)):
            return end(Phrase.KEPT_AT, time_of(at), Phrase.KEPT, before=(MarkDone(),))
        case Recorded(outcome=Receipt(status=Status.CONFLICT)):
            return end(Phrase.CONFLICT)
        case Recorded(outcome=Receipt() as receipt):
            return end(*punching.confirmation(receipt), Phrase.GOODBYE, before=(MarkDone(),))
        case _:
            raise UnexpectedEventError(event)
